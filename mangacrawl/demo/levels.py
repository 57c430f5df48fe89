"""How many requests were in flight at which time, in bounded memory."""

from array import array
from itertools import pairwise

_MOST_CHANGES = 200_000  # an even number: see _thin


class Levels:
    """A level that changes over time; times are in seconds of any one clock."""

    def __init__(self, now: float, level: float) -> None:
        self._times = array("d", [now])
        self._levels = array("d", [level])

    def change(self, now: float, level: float) -> None:
        self._times.append(now)
        self._levels.append(level)
        if len(self._times) > _MOST_CHANGES:
            self._thin()

    def mean(self, start: float, end: float) -> float:
        """The mean level between two times, weighted by time; 0 where no time passed."""
        spent = self._spent(start, end)
        seconds = sum(each for _, each in spent)
        return sum(level * each for level, each in spent) / seconds if seconds else 0

    def percentile(self, share: float, start: float, end: float) -> float:
        """The level that was not exceeded for that share of the time between two times."""
        left = (end - start) * share
        for level, seconds in sorted(self._spent(start, end)):
            left -= seconds
            if left <= 0:
                return level
        return 0

    def _spent(self, start: float, end: float) -> list[tuple[float, float]]:
        """The levels between two times, each with the seconds that it lasted."""
        spans = pairwise([*self._times, max(end, self._times[-1])])
        spent = [
            (level, min(until, end) - max(since, start))
            for level, (since, until) in zip(self._levels, spans, strict=True)
        ]
        return [(level, seconds) for level, seconds in spent if seconds > 0]

    def _thin(self) -> None:
        """Replace every two neighbours by their mean over time; the last one has no neighbour."""
        starts, middles, ends = self._times[::2], self._times[1::2], self._times[2::2]
        firsts, seconds = self._levels[::2], self._levels[1::2]
        means = array("d")
        for index, (start, middle, end) in enumerate(zip(starts, middles, ends, strict=False)):
            area = firsts[index] * (middle - start) + seconds[index] * (end - middle)
            means.append(area / (end - start) if end > start else seconds[index])
        means.append(self._levels[-1])
        self._times, self._levels = starts, means
