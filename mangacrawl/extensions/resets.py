"""Hears of reset connections where uvloop keeps silent about them."""

import select
from importlib import import_module
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from twisted.internet.task import LoopingCall
from twisted.internet.tcp import Connection

_LOOK_SECONDS = 0.25


class HearResets:
    """Ends connections that the peer has reset, so that their requests can be sent again.

    libuv polls a socket with an error no more, after one last call (uv__poll_io in its
    src/unix/poll.c). Twisted then reads 64 KB and waits for the next call: without this a reset in
    a larger body would cost the watchdog's patience.
    """

    def __init__(self) -> None:
        self._looking = LoopingCall(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not (crawler.settings["ASYNCIO_EVENT_LOOP"] or "").startswith("uvloop"):
            raise NotConfigured
        extension = cls()
        crawler.signals.connect(extension._start, signals.engine_started)
        crawler.signals.connect(extension._stop, signals.engine_stopped)
        return extension

    def _start(self) -> None:
        self._looking.start(_LOOK_SECONDS, now=False)

    def _stop(self) -> None:
        self._looking.stop()

    def _look(self) -> None:
        reactor: Any = import_module("twisted.internet.reactor")  # only now there is one
        readers = [each for each in reactor.getReaders() if isinstance(each, Connection)]
        connections: dict[int, Any] = {each.fileno(): each for each in readers}
        poll = select.poll()
        for number in connections:
            poll.register(number, 0)  # errors are always told
        for number, events in poll.poll(0):
            if events & select.POLLERR:
                connections[number].abortConnection()
