"""Starts the system's Chromium under scrapy-playwright, without a network."""

import asyncio
import logging
import os
import shutil
from copy import copy
from typing import Any

from playwright.async_api import Error
from scrapy.crawler import Crawler
from scrapy.utils.reactor import is_reactor_installed
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from twisted.internet import asyncioreactor

from mangacrawl.errors import ArgumentError

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_NO_NETWORK = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_NOWHERE = {"server": "http://nowhere.invalid:1"}
"""The proxy for what is not handed to us, such as web sockets: no host can be looked up."""


async def launched(crawler: Crawler, pages_at_once: int) -> ScrapyPlaywrightDownloadHandler:
    """The browser, running; raises ArgumentError where there is none."""
    handler = ScrapyPlaywrightDownloadHandler(_with_reactor(crawler))
    if crawler.settings["LOG_LEVEL"] != "DEBUG":
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
    config = handler.config
    config.browser_type_name = "chromium"  # others know no such arguments
    config.cdp_url = config.connect_url = None  # nor does one that runs already
    config.launch_options = launch_options(config.launch_options)
    config.max_pages_per_context = pages_at_once
    config.navigation_timeout_ms = crawler.settings.getfloat("DOWNLOAD_TIMEOUT") * 1000
    try:
        await handler._launch()  # noqa: SLF001 - it else waits for the engine to start
        await handler._maybe_launch_browser()  # noqa: SLF001
    except Error as error:
        why = " ".join(error.message.split())[:200]
        raise ArgumentError(
            f"the browser does not start: is Debian's chromium installed? ({why})"
        ) from error
    return handler


def launch_options(given: dict[str, Any]) -> dict[str, Any]:
    """The user's options for the browser with ours: no network, and the system's own program.

    Chromium's sandbox is on but for root, for whom it has none.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    options: dict[str, Any] = {"chromium_sandbox": getattr(os, "geteuid", lambda: 1)() != 0}
    if program:
        options["executable_path"] = program
    return options | given | {"proxy": _NOWHERE, "args": [*given.get("args", ()), *_NO_NETWORK]}


def _with_reactor(crawler: Crawler) -> Crawler:
    """The crawler as scrapy-playwright wants it: with Twisted's reactor, of which it uses nothing.

    One on the running loop will do; it is never run itself.
    """
    if not is_reactor_installed():
        asyncioreactor.install(asyncio.get_running_loop())  # type: ignore[no-untyped-call]
    other = copy(crawler)
    other.settings = crawler.settings.copy()
    other.settings.frozen = False
    other.settings.set("TWISTED_REACTOR_ENABLED", value=True)
    return other
