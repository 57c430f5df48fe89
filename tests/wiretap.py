"""Writes down where a crawl would connect to and whom it looks up, and lets it reach loopback only.

A module for MANGA_SOURCE_MODULES; `MANGACRAWL_WIRETAP` is the file. Names below `example` have
the addresses that `ANSWERS` gives them, in turn, and no name server is ever asked.
"""

import os
import socket
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from twisted.internet.asyncioreactor import AsyncioSelectorReactor

ANSWERS: dict[str, Iterator[str]] = {
    "private.example": repeat("10.0.0.5"),
    "metadata.example": repeat("169.254.169.254"),
    "rebound.example": chain(["93.184.215.14"], repeat("127.0.0.1")),
}
REALLY = socket.gethostbyname
FILE = Path(os.environ.get("MANGACRAWL_WIRETAP", os.devnull))


def looked_up(name: str) -> str:
    if name in ANSWERS:
        return next(ANSWERS[name])
    if name.endswith(".example"):
        raise socket.gaierror(f"there is no {name}")
    return REALLY(name)


def connect(reactor: Any, host: str, *arguments: Any, **more: Any) -> Any:
    with FILE.open("a", encoding="utf-8") as file:
        file.write(f"{host}\n")
    if not host.startswith("127."):
        host = "127.255.255.254"  # on loopback too, where nobody listens
    return really_connect(reactor, host, *arguments, **more)


really_connect: Any = AsyncioSelectorReactor.connectTCP
vars(socket)["gethostbyname"] = looked_up
AsyncioSelectorReactor.connectTCP = connect  # type: ignore[assignment,method-assign]
