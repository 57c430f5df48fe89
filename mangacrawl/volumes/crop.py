"""Finds the margins and the page number that an e-reader's small screen is too good for."""

from dataclasses import dataclass, replace
from itertools import takewhile

from PIL import Image

MOST = 0.10
"""The largest share of a side that is ever cut off (Kindle Comic Converter's bound)."""

_LOOK_PIXELS = 400
"""The short side of the reduced picture that is looked at: specks vanish, a page number stays."""

_NUMBER_HEIGHT, _NUMBER_WIDTH, _GAP = 0.03, 0.12, 0.006
"""A page number's size and distance from the drawing, as shares of the page's."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Shares of the picture's width and height, from 0 to `MOST`, that show nothing."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def box(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """What is left of a picture of that size, in pixels."""
        width, height = size
        return (
            int(width * self.left),
            int(height * self.top),
            width - int(width * self.right),
            height - int(height * self.bottom),
        )

    def symmetric(self) -> "Margins":
        """As much on the left as on the right: the lesser of both."""
        side = min(self.left, self.right)
        return replace(self, left=side, right=side)


def margins(image: Image.Image) -> Margins:
    """The margins of a page; none where its drawing bleeds off the paper."""
    look = image.convert("L").reduce(max(1, min(image.size) // _LOOK_PIXELS))
    ink = _ink(look)
    if ink is None:
        return Margins()
    rows, columns = _lines(ink), _lines(ink.transpose(Image.Transpose.TRANSPOSE))
    if not any(rows):
        return Margins()
    return Margins(
        left=_blank(columns),
        top=max(_blank(rows), _number(rows, ink)),
        right=_blank(columns[::-1]),
        bottom=max(
            _blank(rows[::-1]), _number(rows[::-1], ink.transpose(Image.Transpose.FLIP_TOP_BOTTOM))
        ),
    )


def _ink(look: Image.Image) -> Image.Image | None:
    """White where the page differs from its paper; None where no paper is seen at its edges."""
    width, height = look.size
    edges = [(0, 0, width, 1), (0, height - 1, width, height)]
    edges += [(0, 0, 1, height), (width - 1, 0, width, height)]
    ring = sorted(value for edge in edges for value in look.crop(edge).tobytes())
    paper = ring[len(ring) // 2]
    if paper > 200:
        return look.point(lambda value: 255 if value < 176 else 0)
    if paper < 40:
        return look.point(lambda value: 255 if value > 80 else 0)
    return None


def _lines(ink: Image.Image) -> list[int]:
    """How much ink each row has; a pixel alone, with none in the rows beside it, is dirt."""
    pixels, width = ink.tobytes(), ink.width
    counts = [pixels[start : start + width].count(255) for start in range(0, len(pixels), width)]
    beside = zip([0, *counts[:-1]], [*counts[1:], 0], strict=True)
    return [
        count if count > 1 or above or below else 0
        for count, (above, below) in zip(counts, beside, strict=True)
    ]


def _blank(lines: list[int]) -> float:
    """The share of lines before the first ink, one kept for the eye's sake."""
    count = sum(1 for _ in takewhile(lambda line: not line, lines))
    return min(MOST, max(0, count - 1) / len(lines))


def _number(rows: list[int], ink: Image.Image) -> float:
    """The share of rows that a page number on this side and its gap take; 0: there is none."""
    height = len(rows)
    start = sum(1 for _ in takewhile(lambda row: not row, rows))
    end = start + sum(1 for _ in takewhile(bool, rows[start:]))
    after = end + sum(1 for _ in takewhile(lambda row: not row, rows[end:]))
    if end - start > height * _NUMBER_HEIGHT or after - end < height * _GAP or after == height:
        return 0.0
    across = _lines(ink.crop((0, start, ink.width, end)).transpose(Image.Transpose.TRANSPOSE))
    inked = [column for column, count in enumerate(across) if count]
    is_wide = not inked or inked[-1] - inked[0] > ink.width * _NUMBER_WIDTH
    return 0.0 if is_wide or end > height * MOST else min(MOST, (after - 1) / height)
