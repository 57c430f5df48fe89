"""A run over time: samples of its pool, fewer for each minute the longer it lasts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

_MOST_SAMPLES = 480
"""So many points fill a picture; twice as many are joined in pairs."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The pool of a site at a time, and what came since the sample before.

    ``at`` counts seconds from the run's start. ``in_flight`` is the most seen, ``window`` how
    many the throttle allowed, ``latency`` the smoothed seconds of an answer; ``pages`` were
    stored, ``errors`` are answers and pages that failed.
    """

    at: float
    in_flight: int
    window: float
    latency: float
    pages: int
    errors: int


@dataclass(slots=True)
class Timeline:
    """Takes samples at an even pace and keeps at most twice `_MOST_SAMPLES` of them."""

    samples: list[Sample] = field(default_factory=list)
    _joined: int = 1
    _open: list[Sample] = field(default_factory=list)

    def add(self, sample: Sample) -> None:
        """Take a sample; its ``at`` is later than any before."""
        self._open.append(sample)
        if len(self._open) < self._joined:
            return
        self.samples.append(_join(self._open))
        self._open = []
        if len(self.samples) >= 2 * _MOST_SAMPLES:
            pairs = zip(self.samples[::2], self.samples[1::2], strict=True)
            self.samples = [_join(pair) for pair in pairs]
            self._joined *= 2

    def taken(self) -> tuple[Sample, ...]:
        """All samples so far, in order of time."""
        return (*self.samples, *([_join(self._open)] if self._open else []))


def _join(samples: Sequence[Sample]) -> Sample:
    """One sample for several: counts add up, a peak stays a peak."""
    if len(samples) == 1:
        return samples[0]
    return Sample(
        at=samples[-1].at,
        in_flight=max(each.in_flight for each in samples),
        window=round(sum(each.window for each in samples) / len(samples), 2),
        latency=round(sum(each.latency for each in samples) / len(samples), 4),
        pages=sum(each.pages for each in samples),
        errors=sum(each.errors for each in samples),
    )
