"""How a demo page is cut into panels: rows with slanted gutters, read from either side."""

from dataclasses import dataclass
from random import Random

PAGE_WIDTH, PAGE_HEIGHT = 900, 1300
SPREAD_WIDTH = 2 * PAGE_WIDTH
GUTTER = 12

_SIDE, _HEAD, _FOOT = 40, 64, 64
_ROW_GAP = 24
_STEP = 8
_ROWS = ((1, 2), (2, 1), (1, 2, 1), (2, 1, 2), (2, 2), (1, 2, 2), (2, 2, 1), (1, 1, 2), (1, 3))
_SPREAD_ROWS = ((1, 3), (3, 1), (2, 3), (1, 4))


@dataclass(frozen=True, slots=True)
class Edge:
    """The upright edge of a panel, in pixels of the page; slanted where the two ends differ."""

    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel between two edges."""

    top: int
    bottom: int
    left: Edge
    right: Edge

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """The upright rectangle around it: left, top, right, bottom."""
        left = min(self.left.top, self.left.bottom)
        return left, self.top, max(self.right.top, self.right.bottom), self.bottom

    @property
    def outline(self) -> list[tuple[float, float]]:
        return [
            (self.left.top, self.top),
            (self.right.top, self.top),
            (self.right.bottom, self.bottom),
            (self.left.bottom, self.bottom),
        ]

    @property
    def is_slanted(self) -> bool:
        return self.left.top != self.left.bottom or self.right.top != self.right.bottom


def panels(rng: Random, *, is_wide: bool, from_right: bool) -> list[Panel]:
    """The panels of a page in reading order."""
    width = SPREAD_WIDTH if is_wide else PAGE_WIDTH
    rows = rng.choice(_SPREAD_ROWS if is_wide else _ROWS)
    weights = [rng.uniform(0.85, 1.2) * (1.15 if count == 1 else 1) for count in rows]
    free = PAGE_HEIGHT - _HEAD - _FOOT - _ROW_GAP * (len(rows) - 1)
    top = _HEAD
    cut: list[Panel] = []
    for count, weight in zip(rows, weights, strict=True):
        # In steps, so that the same slanted gutters come back and need not be drawn again.
        bottom = top + round(free * weight / sum(weights) / _STEP) * _STEP
        row = _row(rng, top, bottom, width, count)
        cut += reversed(row) if from_right else row
        top = bottom + _ROW_GAP
    return cut


def _row(rng: Random, top: int, bottom: int, width: int, count: int) -> list[Panel]:
    left = Edge(_SIDE, _SIDE)
    row = []
    for index in range(1, count):
        middle = _SIDE + (width - 2 * _SIDE) * (index + rng.uniform(-0.14, 0.14)) / count
        lean = rng.choice((-34, -20, 0, 20, 34))
        ends = round(middle + lean), round(middle - lean)
        row.append(Panel(top, bottom, left, Edge(ends[0] - GUTTER // 2, ends[1] - GUTTER // 2)))
        left = Edge(ends[0] + GUTTER // 2, ends[1] + GUTTER // 2)
    row.append(Panel(top, bottom, left, Edge(width - _SIDE, width - _SIDE)))
    return row
