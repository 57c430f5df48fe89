"""Finds transfers whose body no longer comes: Scrapy's only clock is the time-out of the whole."""

from collections import deque
from collections.abc import Iterator
from time import monotonic
from weakref import WeakKeyDictionary

from scrapy import Request

from mangacrawl.wire.bodies import Bodies, Body

LOOK_SECONDS = 5.0
"""How often to look."""

SILENT_SECONDS = 20.0
"""Without a byte for so long a body is not coming any more."""

SLOW_LOOKS = 3
SLOW_BYTES_PER_SECOND = 1000
"""A body that came slower than this between so many looks is held back on purpose."""


class Watchdog:
    """Watches bodies from their headers on; before that the request's time-out rules."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._looks: WeakKeyDictionary[Body, deque[int]] = WeakKeyDictionary()
        """The bytes that each body had at the last looks."""

    def stalled(self) -> Iterator[Request]:
        """The requests whose body is silent or held back; to be asked every LOOK_SECONDS."""
        now = monotonic()
        enough = SLOW_BYTES_PER_SECOND * SLOW_LOOKS * LOOK_SECONDS
        for request, body in self._bodies.on_their_way.items():
            if body.is_held:
                self._looks.pop(body, None)
                continue
            looks = self._looks.setdefault(body, deque([0], maxlen=SLOW_LOOKS + 1))
            looks.append(body.bytes)
            is_slow = len(looks) > SLOW_LOOKS and looks[-1] - looks[0] < enough
            if is_slow or now - body.last > SILENT_SECONDS:
                yield request
