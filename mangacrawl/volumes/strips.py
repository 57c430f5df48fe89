"""Webtoons: strips without pages, cut at blank rows to a screen's height, short ones joined."""

from collections.abc import Iterable, Iterator, Sequence

from PIL import Image, ImageChops

from mangacrawl.records import Series
from mangacrawl.volumes.book import BookPage
from mangacrawl.volumes.profiles import Device

_TAGS = frozenset({"long strip", "webtoon", "webtoons"})

_TALL = 2.5
"""Height over width from which on a picture is no page of print."""

_SHORTEST = 0.4
"""How full a screen must be before a blank row ends it, as a share of its height."""

_EDGE = 24
"""Neighbours that differ less are one tone: paper with the noise of a JPEG."""


def is_strip(pages: Sequence[BookPage], series: Series) -> bool:
    """Whether a chapter is one long strip: most of its pictures are tall, or its source says so.

    (Nobody tags double pages so, but sites do cut strips into pieces that are wider than high.)
    """
    half = len(pages) / 2
    is_tagged = any(tag.casefold() in _TAGS for tag in series.tags)
    is_wide = sum(page.is_spread for page in pages) > half
    return sum(page.height > page.width * _TALL for page in pages) > half or (
        is_tagged and not is_wide
    )


def screens(
    pieces: Iterable[tuple[Image.Image, BookPage]], device: Device
) -> Iterator[tuple[Image.Image, BookPage]]:
    """Pictures of at most a screen's height, each with the page that it begins in.

    `pieces` come one after the other, each as wide as the screen or narrower.
    """
    column: Image.Image | None = None
    tops: list[tuple[int, BookPage]] = []
    for piece, page in pieces:
        tops.append((column.height if column else 0, page))
        column = _joined(column, piece) if column else piece
        while column.height > device.height:
            cut = _cut(column, device.height)
            yield column.crop((0, 0, column.width, cut)), tops[0][1]
            column = column.crop((0, cut, column.width, column.height))
            tops = [(top - cut, page) for top, page in tops]
            while len(tops) > 1 and tops[1][0] <= 0:
                del tops[0]
    if column:
        yield column, tops[0][1]


def _joined(upper: Image.Image, lower: Image.Image) -> Image.Image:
    """One below the other, the narrower one in the middle."""
    mode = "RGB" if "RGB" in {upper.mode, lower.mode} else "L"
    width = max(upper.width, lower.width)
    joined = Image.new(mode, (width, upper.height + lower.height), "white")
    joined.paste(upper.convert(mode), ((width - upper.width) // 2, 0))
    joined.paste(lower.convert(mode), ((width - lower.width) // 2, upper.height))
    return joined


def _cut(column: Image.Image, height: int) -> int:
    """The row to cut at: the middle of the last gap that leaves the screen full enough."""
    shortest = int(height * _SHORTEST)
    grey = column.crop((0, shortest, column.width, height)).convert("L")
    shifted = ImageChops.offset(grey, 1, 0)
    shifted.paste(grey.crop((0, 0, 1, grey.height)), (0, 0))  # or the edges would meet
    edges = ImageChops.difference(grey, shifted).point(lambda step: 255 if step > _EDGE else 0)
    pixels, width = edges.tobytes(), edges.width
    blank = [not pixels[row * width : (row + 1) * width].strip(b"\0") for row in range(grey.height)]
    if True not in blank:
        return height
    last = len(blank) - 1 - blank[::-1].index(True)
    first = last
    while first and blank[first - 1]:
        first -= 1
    return shortest + (first + last + 1) // 2 if last < len(blank) - 1 else height
