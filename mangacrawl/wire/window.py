"""How many requests a site bears at once, learnt from its answers.

The law joins TCP's congestion control (RFC 5681: slow start, one multiplicative cut a round trip,
additive growth), the memory of CUBIC (RFC 9438: quick back to where it broke, slow beyond) and the
latency gradient of TCP Vegas (Brakmo and Peterson, 1995). A round trip is the smoothed latency of a
request, and to grow by one in it means to grow by 1/window with each answer.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
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

REGAIN, GROWTH, PROBE = 3.0, 1.0, 0.1
"""Growth in a round trip: well below where the site broke, near it, and there."""

SMOOTHED = 50
"""Answers that the latency is averaged over: few enough to see a queue, too many for chance."""

DRIFT = 1.00005
"""How the floor rises with each answer, for a site whose latency has changed for good."""

_UNKNOWN = float("inf")


@dataclass(slots=True)
class Window:
    """A site's bearable concurrency, between 1 and ``cap``; all times are monotonic seconds."""

    START: ClassVar[float] = 10.0
    """Requests in flight that any site bears."""

    cap: int
    size: float = START
    latency: float = 0.0
    floor: float = _UNKNOWN
    answers: int = 0
    broke_at: float = _UNKNOWN
    last_cut: float = float("-inf")

    def __post_init__(self) -> None:
        self.size = max(1.0, min(self.size, float(self.cap)))

    @property
    def slots(self) -> int:
        """The whole part: so many requests may be in flight."""
        return int(self.size)

    @property
    def is_falling(self) -> bool:
        """Whether the site has answered before and may yet be spared by a smaller window."""
        return self.answers > 0 and self.slots > 1

    def succeeded(self, sent: float, now: float, latency: float, in_flight: int) -> None:
        """Learn from an answer that took `latency` seconds while `in_flight` were under way."""
        self._smooth(latency)
        if self.size > self.START and self._is_queueing():
            self._cut(EASE, sent, now)
        elif in_flight >= self.slots and sent > self.last_cut:
            self.size = min(float(self.cap), self.size + self._growth())
            if self.size > self.broke_at + 2:
                self.broke_at = _UNKNOWN

    def overloaded(self, sent: float, now: float, in_flight: int) -> float:
        """Learn from a failure that tells of overload: 429, 503, time-out, refused connection.

        Returns until when nothing should be sent. A site that refuses at once what came after a
        cut would else be hammered until the round trip ends and the window may shrink again.
        """
        if self._cut(CUT, sent, now):
            self.broke_at = max(1.0, float(in_flight))
        elif sent > self.last_cut:
            return self.last_cut + self.latency
        return now

    def _smooth(self, latency: float) -> None:
        """The floor is the least average, not the luckiest answer; it rises by and by."""
        self.answers += 1
        self.latency += (latency - self.latency) / min(self.answers, SMOOTHED)
        if self.answers >= SMOOTHED:
            self.floor = min(self.latency, self.floor * DRIFT)

    def _is_queueing(self) -> bool:
        return self.latency > max(SLOW * self.floor, self.floor + SLACK_SECONDS)

    def _growth(self) -> float:
        if self.last_cut == float("-inf"):
            return 1.0  # slow start: each answer lets two requests follow
        if self.size < 0.9 * self.broke_at - 1 < _UNKNOWN:
            return REGAIN / self.size
        return (GROWTH if self.size < self.broke_at - 1 else PROBE) / self.size

    def _cut(self, share: float, sent: float, now: float) -> bool:
        """Shrink, once a round trip: what was sent before the last cut knows nothing of it."""
        if sent <= self.last_cut or now - self.last_cut < self.latency:
            return False
        self.size = max(1.0, self.size * share)
        self.last_cut = now
        return True


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
