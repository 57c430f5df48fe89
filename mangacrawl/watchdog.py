"""Finds transfers whose body no longer comes: Scrapy's only clock is the time-out of the whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler

SILENT_SECONDS = 20.0
"""Without a byte for so long a body is not coming any more."""

SLOW_SECONDS = 15.0
SLOW_BYTES_PER_SECOND = 1000
"""A body that comes slower than this for so long is held back on purpose."""


@dataclass(slots=True)
class _Body:
    """A body on its way; times are monotonic seconds, ``counted`` bytes since ``since``."""

    last: float
    since: float
    counted: int = 0


class Watchdog:
    """Watches bodies from their headers on; before that the request's time-out rules."""

    def __init__(self, crawler: Crawler) -> None:
        self._bodies: dict[Request, _Body] = {}
        crawler.signals.connect(self._headers_received, signals.headers_received)
        crawler.signals.connect(self._bytes_received, signals.bytes_received)

    def finished(self, request: Request) -> None:
        """Forget a transfer, however it ended."""
        self._bodies.pop(request, None)

    def stalled(self, now: float) -> Iterator[Request]:
        """The requests whose body is silent or held back; to be asked every few seconds."""
        for request, body in self._bodies.items():
            if now - body.last > SILENT_SECONDS:
                yield request
            elif now - body.since > SLOW_SECONDS:
                if body.counted < SLOW_BYTES_PER_SECOND * (now - body.since):
                    yield request
                body.since, body.counted = now, 0

    def _headers_received(self, request: Request) -> None:
        now = monotonic()
        self._bodies[request] = _Body(now, now)

    def _bytes_received(self, data: bytes, request: Request) -> None:
        body = self._bodies.get(request)
        if body is not None:
            body.last = monotonic()
            body.counted += len(data)
