"""How far a run is, to be drawn or said."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

_RATE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Row:
    """A series: pages ``done`` of those ``known`` so far, and the bytes this run has fetched."""

    title: str
    done: int
    known: int
    bytes: int
    rate: float

    @property
    def seconds_left(self) -> int | None:
        """None while there is no telling."""
        return round((self.known - self.done) / self.rate) if self.rate else None


@dataclass(frozen=True, slots=True)
class Progress:
    """A run at a moment; ``window`` is how many requests may be in flight, of ``cap`` at most."""

    rows: Sequence[Row]
    in_flight: int
    window: int
    cap: int
    failed: int
    last_written: str | None

    @property
    def words(self) -> str:
        """All of it in one line, for logs."""
        done, known = sum(row.done for row in self.rows), sum(row.known for row in self.rows)
        name = self.rows[0].title if len(self.rows) == 1 else f"{len(self.rows)} series"
        rate = sum(row.rate for row in self.rows)
        return (
            f"{name}: {done} of {known} pages, {rate:.1f} pages/s, {self.in_flight} in flight "
            f"of {self.window}, {self.failed} failed"
        )


class Rate:
    """Pages per second over the last ten seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def at(self, now: float, count: int) -> float:
        """Take down a count and tell how fast it grows; `now` is monotonic seconds."""
        self._seen.append((now, count))
        while len(self._seen) > 2 and self._seen[0][0] < now - _RATE_SECONDS:
            self._seen.popleft()
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return (after - before) / (last - first) if last > first else 0.0
