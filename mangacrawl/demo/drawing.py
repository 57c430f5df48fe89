"""Draws the demo's pages and covers: the same bytes at every start, a few milliseconds each."""

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from mangacrawl.demo import layout
from mangacrawl.demo.catalogue import Chapter, Encoding, Page, Series
from mangacrawl.demo.ink import BLACK, DARK, GREY, PALE, SILVER, WHITE, Sketch, Stamp, lettering
from mangacrawl.demo.layout import Edge, Panel
from mangacrawl.demo.scene import MOST_OFTEN, SHOTS, Cast, Scene

_BORDER = 5

# Coarse for fine detail: on flat tones nobody sees it, and it halves the file.
_QUANTIZATION = [
    [min(255, 14 + 13 * (row**2 + column**2)) for row in range(8) for column in range(8)]
]

_COLOURS = {
    0: (38, 32, 64),
    BLACK: (44, 36, 70),
    DARK: (44, 110, 140),
    GREY: (226, 104, 82),
    SILVER: (110, 182, 160),
    PALE: (250, 214, 150),
    WHITE: (255, 250, 240),
}


def draw_page(series: Series, chapter: Chapter, page: Page) -> bytes:
    """The picture file of a page: 900 x 1300 pixels, twice as wide if it is a spread."""
    rng = Random(f"{series.slug} {chapter.number} {page.number}")  # noqa: S311  # no secret
    width = layout.SPREAD_WIDTH if page.is_wide else layout.PAGE_WIDTH
    image = Image.new("L", (width, layout.PAGE_HEIGHT), WHITE)
    from_right = series.direction == "Right to Left"
    panels = layout.panels(rng, is_wide=page.is_wide, from_right=from_right)
    shots = rng.sample(SHOTS, len(panels) - 1, counts=MOST_OFTEN)
    cast = Cast(rng)
    heading = _plain(chapter.title, 60) if page.number == 1 else ""
    first, *others = panels
    _frame(image, first, Scene(rng, first, cast).open(heading, 1 if from_right else 0))
    for panel, shot in zip(others, shots, strict=True):
        _frame(image, panel, Scene(rng, panel, cast).shoot(shot))
    _label(image, series, chapter, page)
    return _encoded(_coloured(image) if page.is_colour else image, page.encoding)


def draw_cover(series: Series) -> bytes:
    """The picture file of a series' cover, a JPEG."""
    rng = Random(series.slug)  # noqa: S311  # no secret
    width, height = 680, 960
    image = Image.new("L", (width, height), WHITE)
    panel = Panel(150, 840, Edge(30, 30), Edge(width - 30, width - 30))
    _frame(image, panel, Scene(rng, panel, Cast(rng)).shoot("talk"))
    name = _plain(series.title, 24)
    title = lettering(name, min(92, 1000 // len(name)))
    title.put(image, (width - title.width) / 2, 86 - title.height / 2)
    note = lettering(f"drawn sample  -  {series.author}", 24)
    note.put(image, (width - note.width) / 2, 888)
    return _encoded(_coloured(image), "jpeg")


def _frame(image: Image.Image, panel: Panel, picture: Image.Image) -> None:
    left, top, _, _ = panel.frame
    if panel.is_slanted:
        mask = Image.new("L", picture.size, 0)
        inner = [(x - left, y - top) for x, y in panel.outline]
        ImageDraw.Draw(mask).polygon(inner, WHITE)
        image.paste(picture, (left, top), mask)
    else:
        image.paste(picture, (left, top))
    pen = ImageDraw.Draw(image)
    pen.line([*panel.outline, *panel.outline[:2]], BLACK, _BORDER, joint="curve")
    shift = panel.left.bottom - panel.left.top
    if shift:
        gutter = _slanted_gutter(shift, panel.bottom - panel.top)
        x = min(panel.left.top, panel.left.bottom) - layout.GUTTER - _BORDER
        gutter.put(image, x, panel.top - _BORDER // 2)


@cache
def _slanted_gutter(shift: int, height: int) -> Stamp:
    """The gutter to the left of a panel and the lines beside it, without the jags of a slant."""
    height += _BORDER
    sheet = Sketch(abs(shift) + layout.GUTTER + 2 * _BORDER, height)
    upper = max(0, -shift) + _BORDER
    lower = upper + shift
    for tone, line in ((BLACK, _BORDER), (WHITE, 2)):
        right = layout.GUTTER + line
        sides = [
            (upper - line, 0),
            (upper + right, 0),
            (lower + right, height),
            (lower - line, height),
        ]
        sheet.shape(sides, tone)
    return sheet.stamp()


def _label(image: Image.Image, series: Series, chapter: Chapter, page: Page) -> None:
    lettering(_plain(series.title, 50), 24).put(image, 42, 24)
    note = lettering("drawn sample", 20)
    note.put(image, image.width - note.width - 42, 26)
    place = f"Chapter {chapter.number}  -  Page {page.number} of {len(chapter.pages)}"
    foot = lettering(place, 22)
    foot.put(image, (image.width - foot.width) / 2, image.height - 44)


def _plain(text: str, limit: int) -> str:
    """What the font can show of a text, cut to a number of letters."""
    shown = "".join(letter for letter in text if " " <= letter <= "~")
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."


@cache
def _colour_table() -> list[int]:
    """A red for each tone, then a green for each, then a blue."""
    tones = sorted(_COLOURS)
    table = []
    for part in range(3):
        for tone in range(256):
            above = next(each for each in tones if each >= tone)
            below = max(each for each in tones if each <= tone)
            share = (tone - below) / ((above - below) or 1)
            table.append(round(_COLOURS[below][part] * (1 - share) + _COLOURS[above][part] * share))
    return table


def _coloured(image: Image.Image) -> Image.Image:
    return image.convert("RGB").point(_colour_table())


def _encoded(image: Image.Image, encoding: Encoding) -> bytes:
    file = BytesIO()
    if encoding == "png":
        image.save(file, "PNG")
    elif encoding == "webp":
        image.save(file, "WEBP", quality=80, method=0)
    else:
        image.save(file, "JPEG", qtables=_QUANTIZATION, progressive=encoding == "progressive")
    return file.getvalue()
