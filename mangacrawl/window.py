"""How many requests a site bears at once, learnt from its answers.

The law joins TCP's congestion control (RFC 5681: slow start, one multiplicative cut a round trip,
additive growth) with the latency gradient of TCP Vegas (Brakmo and Peterson, 1995). A "round trip"
is the smoothed latency of a request.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from mangacrawl import atomic

CUT = 0.7
"""What remains of the window after a failure from overload."""

EASE = 0.9
"""What remains when answers only grow slower."""

SLOW = 1.5
"""How many times its floor the smoothed latency may reach before the window shrinks."""

SLACK_SECONDS = 0.1
"""What the latency may rise in any case: less is the noise of machines, not a queue."""


@dataclass(slots=True)
class Window:
    """A site's bearable concurrency, between 1 and ``cap``; all times are monotonic seconds."""

    START: ClassVar[float] = 10.0
    """Requests in flight that any site bears."""

    cap: int
    size: float = START
    threshold: float = field(default=float("inf"))
    latency: float = 0.0
    floor: float = float("inf")
    last_cut: float = float("-inf")
    cuts: int = 0

    def __post_init__(self) -> None:
        self.size = max(1.0, min(self.size, float(self.cap)))

    @property
    def slots(self) -> int:
        """The whole part: so many requests may be in flight."""
        return int(self.size)

    @property
    def is_falling(self) -> bool:
        """Whether the site has answered before and may yet be spared by a smaller window."""
        return self.latency > 0 and self.slots > 1

    def succeeded(self, sent: float, now: float, latency: float, in_flight: int) -> None:
        """Learn from an answer that took `latency` seconds while `in_flight` were under way."""
        self.floor = min(self.floor, latency)
        self.latency += (latency - self.latency) / 8 if self.latency else latency
        if (
            self.latency > max(SLOW * self.floor, self.floor + SLACK_SECONDS)
            and self.size > self.START
        ):
            if self._may_cut(sent, now):
                self._cut_to(self.size * EASE, now)
        elif in_flight >= self.slots:
            growth = 1.0 if self.size < self.threshold else 1.0 / self.size
            self.size = min(float(self.cap), self.size + growth)

    def overloaded(self, sent: float, now: float) -> None:
        """Learn from a failure that tells of overload: 429, 503, time-out, refused connection."""
        if self._may_cut(sent, now):
            self._cut_to(self.size * CUT, now)
            self.cuts += 1

    def _may_cut(self, sent: float, now: float) -> bool:
        """Once a round trip; what was sent before the last cut knows nothing of it."""
        return sent > self.last_cut and now - self.last_cut >= self.latency

    def _cut_to(self, size: float, now: float) -> None:
        self.size = max(1.0, size)
        self.threshold = self.size
        self.last_cut = now


_REMEMBERED = timedelta(days=30)


def read_windows(path: Path) -> dict[str, float]:
    """The windows that sites bore in earlier runs, by slot key; old ones are forgotten."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        oldest = _today() - _REMEMBERED
        return {
            key: float(row["window"])
            for key, row in rows.items()
            if date.fromisoformat(row["date"]) >= oldest
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # a hint, not a record: without it a window starts small


def write_windows(path: Path, windows: Mapping[str, Window]) -> None:
    """Remember with the date what sites bore; what was hardly tried leaves no trace."""
    today = _today().isoformat()
    learnt = {
        key: {"window": window.slots, "date": today}
        for key, window in windows.items()
        if window.size != Window.START
    }
    if not learnt:
        return
    with suppress(OSError):
        rows = {}
        with suppress(OSError, ValueError):
            rows = json.loads(path.read_text(encoding="utf-8"))
        atomic.write(path, json.dumps({**rows, **learnt}, indent=1).encode())


def _today() -> date:
    return datetime.now(UTC).date()
