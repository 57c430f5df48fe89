"""Finds transfers whose body no longer comes: Scrapy's only clock is the time-out of the whole."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler

from mangacrawl.wire.bodies import Bodies

LOOK_SECONDS = 5.0
"""How often to look."""

SILENT_SECONDS = 20.0
"""Without a byte for so long a body is not coming any more."""

SLOW_LOOKS = 3
SLOW_BYTES_PER_SECOND = 1000
"""A body that came slower than this between so many looks is held back on purpose."""


@dataclass(slots=True)
class _Body:
    """A body on its way: when its last byte came, and the bytes since, and between, looks."""

    last: float
    counted: int = 0
    looks: deque[int] = field(default_factory=lambda: deque(maxlen=SLOW_LOOKS))


class Watchdog:
    """Watches bodies from their headers on; before that the request's time-out rules."""

    def __init__(self, crawler: Crawler, in_memory: Bodies) -> None:
        self._bodies: dict[Request, _Body] = {}
        self._in_memory = in_memory
        crawler.signals.connect(self._headers_received, signals.headers_received)
        crawler.signals.connect(self._bytes_received, signals.bytes_received)

    def finished(self, request: Request) -> None:
        """Forget a transfer, however it ended."""
        self._bodies.pop(request, None)

    def stalled(self) -> Iterator[Request]:
        """The requests whose body is silent or held back; to be asked every LOOK_SECONDS."""
        now = monotonic()
        enough = SLOW_BYTES_PER_SECOND * SLOW_LOOKS * LOOK_SECONDS
        for request, body in self._bodies.items():
            if self._in_memory.is_waiting(request):
                body.last = now
                body.looks.clear()
                continue
            body.looks.append(body.counted)
            body.counted = 0
            is_slow = len(body.looks) == SLOW_LOOKS and sum(body.looks) < enough
            if is_slow or now - body.last > SILENT_SECONDS:
                yield request

    def _headers_received(self, request: Request) -> None:
        self._bodies[request] = _Body(monotonic())

    def _bytes_received(self, data: bytes, request: Request) -> None:
        body = self._bodies.get(request)
        if body is not None:
            body.last = monotonic()
            body.counted += len(data)
