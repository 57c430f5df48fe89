"""The pen of the demo pages: shapes without jagged edges, and stamps that are drawn only once."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import cos, pi, sin
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

BLACK, DARK, GREY, SILVER, PALE, WHITE = 20, 84, 140, 190, 226, 255

Point = tuple[float, float]
Points = str | Sequence[Point]
"""Points as pairs, or written as in SVG: "20,30 40,50"."""

_FINENESS = 3  # Pillow's edges are hard, so everything is drawn larger and then reduced


@dataclass(frozen=True, slots=True)
class Stamp:
    """A drawing to put on pages: its tones, and where it covers the paper."""

    tones: Image.Image
    cover: Image.Image

    @property
    def width(self) -> int:
        return self.tones.width

    @property
    def height(self) -> int:
        return self.tones.height

    def put(self, page: Image.Image, left: float, top: float) -> None:
        page.paste(self.tones, (round(left), round(top)), self.cover)

    def mirrored(self) -> Stamp:
        flip = Image.Transpose.FLIP_LEFT_RIGHT
        return Stamp(self.tones.transpose(flip), self.cover.transpose(flip))


class Sketch:
    """A sheet to draw on, in units of `size` pixels; without `paper` its ground is transparent."""

    def __init__(self, width: int, height: int, paper: int | None = None, size: float = 1) -> None:
        large = (width * _FINENESS, height * _FINENESS)
        if paper is None:
            self._image = Image.new("LA", large, (BLACK, 0))
        else:
            self._image = Image.new("L", large, paper)
        self._draw = ImageDraw.Draw(self._image)
        self.unit = _FINENESS * size
        self.left = self.top = 0.0

    def inset(self, left: float, top: float, share: float) -> Sketch:
        """The same sheet for a drawing within the drawing, at a share of the size."""
        inner = copy(self)
        inner.left = self.left + left * self.unit
        inner.top = self.top + top * self.unit
        inner.unit = self.unit * share
        return inner

    def shape(self, points: Points, tone: int, line: float = 0, *, soft: bool = False) -> None:
        """A filled polygon, with an outline of that width, its corners cut round if soft."""
        corners = _rounded(_pairs(points)) if soft else _pairs(points)
        self._draw.polygon(self._placed(corners), self._ink(tone))
        if line:
            self._stroke([*corners, *corners[:2]], line, BLACK, None if soft else "curve")

    def line(self, points: Points, width: float, tone: int = BLACK) -> None:
        self._stroke(_pairs(points), width, tone, "curve")

    def disc(self, middle: Point, radii: Point, tone: int, line: float = 0) -> None:
        """An ellipse, with an outline of that width."""
        width = round(line * self.unit)
        outline = self._ink(BLACK) if width else None
        self._draw.ellipse(self._frame(middle, radii), self._ink(tone), outline, width)

    def arc(self, middle: Point, radii: Point, start: int, end: int, width: float) -> None:
        """A part of an ellipse's outline, in degrees clockwise from three o'clock."""
        frame = self._frame(middle, radii)
        self._draw.arc(frame, start, end, self._ink(BLACK), round(width * self.unit))

    def box(self, left: float, top: float, right: float, bottom: float, tone: int) -> None:
        self._draw.rectangle(self._placed([(left, top), (right, bottom)]), self._ink(tone))

    def picture(self) -> Image.Image:
        """What was drawn on paper."""
        return self._image.reduce(_FINENESS)

    def stamp(self) -> Stamp:
        """What was drawn without paper."""
        small = self.picture()
        return Stamp(small.getchannel("L"), small.getchannel("A"))

    def _ink(self, tone: int) -> int | tuple[int, int]:
        return tone if self._image.mode == "L" else (tone, 255)

    def _stroke(
        self, points: Sequence[Point], width: float, tone: int, joint: Literal["curve"] | None
    ) -> None:
        thick = round(width * self.unit)
        self._draw.line(self._placed(points), self._ink(tone), thick, joint=joint)

    def _frame(self, middle: Point, radii: Point) -> list[Point]:
        x, y = middle
        across, down = radii
        return self._placed([(x - across, y - down), (x + across, y + down)])

    def _placed(self, points: Sequence[Point]) -> list[Point]:
        return [(self.left + x * self.unit, self.top + y * self.unit) for x, y in points]


def ring(middle: Point, radii: Point, count: int, depth: float = 0) -> list[Point]:
    """Points around an ellipse, every second one nearer to its middle by the share `depth`."""
    x, y = middle
    across, down = radii
    points = []
    for step in range(count):
        reach = 1 - depth * (step % 2)
        turn = 2 * pi * step / count
        points.append((x + across * reach * sin(turn), y - down * reach * cos(turn)))
    return points


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that comes with Pillow: ASCII and little else; the size is in pixels."""
    return ImageFont.load_default(size)


@lru_cache(512)
def lettering(text: str, size: int, edge: int = 0, tilt: int = 0) -> Stamp:
    """A line of black text, turned left by `tilt` degrees; bold if it has a white edge."""
    letters = font(size)
    left, top, right, bottom = letters.getbbox(text, stroke_width=edge)
    image = Image.new("LA", (round(right - left) + 2, round(bottom - top) + 2), (WHITE, 0))
    pen = ImageDraw.Draw(image)
    start = (1 - left, 1 - top)
    if edge:
        pen.text(start, text, (WHITE, 255), letters, stroke_width=edge)
    pen.text(start, text, (BLACK, 255), letters, stroke_width=edge // 3)
    if tilt:
        image = image.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    return Stamp(image.getchannel("L"), image.getchannel("A"))


def _pairs(points: Points) -> list[Point]:
    if not isinstance(points, str):
        return list(points)
    return [(float(x), float(y)) for x, _, y in (pair.partition(",") for pair in points.split())]


def _rounded(points: list[Point]) -> list[Point]:
    """Cut every corner twice: Chaikin's curve."""
    for _ in range(2):
        points = [
            (x * (1 - part) + next_x * part, y * (1 - part) + next_y * part)
            for (x, y), (next_x, next_y) in pairwise([*points, points[0]])
            for part in (0.25, 0.75)
        ]
    return points
