"""The picture of a run over time, as geometry for an SVG: what to draw where, not how."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mangacrawl.web.timeline import Sample

WIDTH = 960
LEFT, RIGHT = 52, 12
"""Margins for the numbers of the axes, in the picture's own units, as all lengths here."""

_TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)
_MOST_TICKS = 8

_RATE_SECONDS = 2.0
"""Pages come in bursts; counted over less than this they are a comb, not a rate."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it is, and its number."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A strip of the picture with its own scale; ``lines`` are points of polylines by name."""

    title: str
    top: float
    bottom: float
    ticks: tuple[Tick, ...]
    lines: dict[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture; ``cap`` is the height of the pool's bound, ``errors`` are where one was seen."""

    height: float
    panels: tuple[Panel, ...]
    times: tuple[Tick, ...]
    cap: float
    errors: tuple[float, ...]


def chart_of(samples: Sequence[Sample], cap: int) -> Chart | None:
    """Draw a run whose pool was bounded by `cap`; None where it was over before it was looked at.

    Three panels share the axis of time: requests in flight under the window and the cap, pages
    a second, latency.
    """
    if len(samples) < 2:
        return None
    end = samples[-1].at
    rates = list(_rates(samples, max(_RATE_SECONDS, end / 100)))

    def x(at: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * at / end, 1)

    def line(values: Sequence[float], y: Callable[[float], float]) -> str:
        points = zip(samples, values, strict=True)
        return " ".join(f"{x(each.at):g},{y(value):g}" for each, value in points)

    pool, y_pool = _panel("requests in flight", 28, 200, max(cap, *(s.in_flight for s in samples)))
    pages, y_pages = _panel("pages per second", 246, 326, max(rates))
    slow, y_slow = _panel("latency, seconds", 372, 452, max(each.latency for each in samples))
    flying = [each.in_flight for each in samples]
    pool.lines["flying"] = _area(line(flying, y_pool), x(samples[0].at), x(end), pool.bottom)
    pool.lines["window"] = line([each.window for each in samples], y_pool)
    pages.lines["pages"] = _area(line(rates, y_pages), x(samples[0].at), x(end), pages.bottom)
    slow.lines["latency"] = line([each.latency for each in samples], y_slow)
    return Chart(
        height=488,
        panels=(pool, pages, slow),
        times=tuple(Tick(x(at), _clock(at)) for at in _times(end)),
        cap=y_pool(cap),
        errors=tuple(x(each.at) for each in samples if each.errors),
    )


def _rates(samples: Sequence[Sample], span: float) -> Iterator[float]:
    """Pages per second at each sample, over the `span` seconds before it."""
    first = pages = 0
    for each in samples:
        pages += each.pages
        while samples[first].at <= each.at - span:
            pages -= samples[first].pages
            first += 1
        yield pages / min(span, max(each.at, 1.0))


def _panel(
    title: str, top: float, bottom: float, most: float
) -> tuple[Panel, Callable[[float], float]]:
    """A strip whose scale begins at 0 and has a round number above `most`."""
    high = _round_above(most)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * min(value, high) / high, 1)

    ticks = tuple(Tick(y(value), f"{value:g}") for value in (0, high / 2, high))
    return Panel(title, top, bottom, ticks, {}), y


def _round_above(most: float) -> float:
    """The next round number: one with a digit, or a half of one, before the zeros."""
    power = 0.001
    while power * 10 < most:
        power *= 10
    return next(
        round(n * power, 6) for n in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if n * power >= most * 0.999
    )


def _area(points: str, first: float, last: float, bottom: float) -> str:
    return f"{first:g},{bottom:g} {points} {last:g},{bottom:g}"


def _times(end: float) -> list[float]:
    step = next((step for step in _TIMES if end / step <= _MOST_TICKS), _TIMES[-1])
    return [float(at) for at in range(0, int(end) + 1, step)]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
