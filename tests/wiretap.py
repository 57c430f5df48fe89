"""Writes down where a crawl would connect to and whom it looks up, and lets it reach loopback only.

A module for MANGA_SOURCE_MODULES; `MANGACRAWL_WIRETAP` is the file. Names below `example` have
the addresses that `ANSWERS` gives them, in turn, and no name server is ever asked.
"""

import os
import socket
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import aiohappyeyeballs
from aiohttp import ThreadedResolver

ANSWERS: dict[str, Iterator[str]] = {
    "private.example": repeat("10.0.0.5"),
    "metadata.example": repeat("169.254.169.254"),
    "rebound.example": chain(["93.184.215.14"], repeat("127.0.0.1")),
}
FILE = Path(os.environ.get("MANGACRAWL_WIRETAP", os.devnull))


async def looked_up(resolver: ThreadedResolver, name: str, *rest: Any, **more: Any) -> Any:
    if name in ANSWERS:
        name = next(ANSWERS[name])
    elif name.endswith(".example"):
        raise socket.gaierror(f"there is no {name}")
    return await really_look_up(resolver, name, *rest, **more)


async def connect(addr_infos: Sequence[Any], **options: Any) -> Any:
    return await really_connect([tapped(*each) for each in addr_infos], **options)


def tapped(family: int, kind: int, protocol: int, name: str, address: Any) -> tuple[Any, ...]:
    """Where to connect to instead, if it is not loopback: to where there nobody listens."""
    host, port = address[:2]
    with FILE.open("a", encoding="utf-8") as file:
        file.write(f"{host}\n")
    if host.startswith("127."):
        return family, kind, protocol, name, address
    return socket.AF_INET, kind, protocol, name, ("127.255.255.254", port)


really_look_up: Any = ThreadedResolver.resolve
really_connect: Any = aiohappyeyeballs.start_connection
vars(aiohappyeyeballs)["start_connection"] = connect
ThreadedResolver.resolve = looked_up  # type: ignore[assignment,method-assign]
