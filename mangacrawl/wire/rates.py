"""When the limits that sites publish let the next request go."""

from collections import deque
from collections.abc import Mapping

from mangacrawl.source import Limit

_MARGIN = 1.05
"""A request may be faster on its way than the one before it, and the site counts arrivals."""

_MINUTE = 60.0


def lineage(key: str) -> tuple[str, ...]:
    """A slot's key and what its requests count for too: the host, where it is a part of one."""
    host, slash, _ = key.partition("/")
    return (key, host) if slash else (key,)


class Rates:
    """The requests that were sent, by the key of their slot; times are monotonic seconds."""

    def __init__(self) -> None:
        self.limits: dict[str, Limit] = {}
        self._sent: dict[str, deque[float]] = {}

    def limit(self, limits: Mapping[str, Limit]) -> None:
        """Heed these limits too."""
        self.limits.update(limits)

    def sent(self, key: str, now: float) -> None:
        """A request of a slot goes out now."""
        for each in lineage(key):
            if limit := self.limits.get(each):
                times = self._sent.setdefault(each, deque(maxlen=limit.per_minute or 1))
                times.append(now)

    def free_at(self, key: str, crawls: int = 1) -> float:
        """When a slot may send its next request, if so many crawls share what its limits allow."""
        return max(self._free_at(each, crawls) for each in lineage(key))

    def _free_at(self, key: str, crawls: int) -> float:
        limit, times = self.limits.get(key), self._sent.get(key)
        free = 0.0
        if not limit or not times:
            return free
        if limit.per_second:
            free = times[-1] + crawls * _MARGIN / limit.per_second
        if limit.per_minute:
            most = max(1, limit.per_minute // crawls)
            if len(times) >= most:
                free = max(free, times[-most] + _MINUTE * _MARGIN)
        return free
