"""What the demo site saw: which requests, how many at once, over how many connections."""

import asyncio
import time
from collections import Counter, deque
from typing import Literal
from weakref import WeakSet

from mangacrawl.demo.levels import Levels

Kind = Literal["robots", "index", "reader", "image", "other"]

_KINDS: tuple[Kind, ...] = ("robots", "index", "reader", "image", "other")
_PATHS = 20_000


class Statistics:
    """Counts since the start or the last reset; times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._in_flight = 0
        self._open: WeakSet[asyncio.BaseTransport] = WeakSet()
        self.reset()

    def reset(self) -> None:
        """Forget everything but the requests that are in flight and the open connections."""
        self._first_request: float | None = None
        self._last_response: float | None = None
        self._peak = self._in_flight
        self._levels = Levels(time.monotonic(), self._in_flight)
        self._requests: Counter[Kind] = Counter()
        self._responses: Counter[str] = Counter()
        self._paths: deque[str] = deque(maxlen=_PATHS)
        self._opened = 0
        self._peak_open = self._count_open()

    def begin(self, kind: Kind, path: str, connection: asyncio.BaseTransport | None) -> None:
        """Note a request; each needs its `end`."""
        now = time.monotonic()
        if self._first_request is None:
            self._first_request = now
        self._in_flight += 1
        self._peak = max(self._peak, self._in_flight)
        self._levels.change(now, self._in_flight)
        self._requests[kind] += 1
        self._paths.append(path)
        if connection is not None and connection not in self._open:
            self._open.add(connection)
            self._opened += 1
            self._peak_open = max(self._peak_open, self._count_open())

    def end(self, status: int | None) -> None:
        """Note that a response was written; None if the client went away before."""
        now = time.monotonic()
        self._in_flight -= 1
        self._levels.change(now, self._in_flight)
        self._responses["aborted" if status is None else str(status)] += 1
        self._last_response = now

    def report(self) -> dict[str, object]:
        """All of it, ready for JSON; the middle is what lies between 10 % and 90 % of the span."""
        start = self._first_request or 0.0
        end = max(self._last_response or start, start)
        span = end - start
        middle_start, middle_end = start + 0.1 * span, end - 0.1 * span
        return {
            "in_flight": self._in_flight,
            "peak_in_flight": self._peak,
            "mean_in_flight": self._levels.mean(start, end),
            "middle_mean_in_flight": self._levels.mean(middle_start, middle_end),
            "p10_in_flight": self._levels.percentile(0.1, middle_start, middle_end),
            "connections": {"opened": self._opened, "peak_open": self._peak_open},
            "requests": {kind: self._requests[kind] for kind in _KINDS},
            "responses": dict(self._responses),
            "first_request": self._first_request,
            "last_response": self._last_response,
            "span": span,
            "paths": list(self._paths),
        }

    def _count_open(self) -> int:
        return sum(not connection.is_closing() for connection in self._open)
