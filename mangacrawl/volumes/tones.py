"""Greys, colours and contrast: what a screen makes of a page's tones, and how they are encoded."""

from functools import cache
from io import BytesIO

from PIL import Image

from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.style import Style

_FAINT = 159
"""A page whose greys span less is meant to be faint or dark (Kindle Comic Converter's figure)."""

_CAST = 12
"""How far colours may stray from the page's own cast in print and JPEGs of grey pages."""

_COLOURED = 0.003
"""The share of a page that must be coloured for the page to be."""

_LOOK_PIXELS = 200


def is_colourful(image: Image.Image) -> bool:
    """Whether a page has colours, other than those that yellowed paper gives all of it."""
    look = image.reduce(max(1, min(image.size) // _LOOK_PIXELS)).convert("YCbCr")
    for chroma in look.split()[1:]:
        counts = chroma.histogram()
        cast = _percentile(counts, 0.5)
        strays = sum(counts[: max(0, cast - _CAST)]) + sum(counts[cast + _CAST + 1 :])
        if strays > _COLOURED * sum(counts):
            return True
    return False


def balanced(image: Image.Image, gamma: float) -> Image.Image:
    """A grey page with its ink black and its paper white, the middle tones bent by `gamma`."""
    look = image.reduce(max(1, min(image.size) // _LOOK_PIXELS))
    counts = look.histogram()
    low, high = _percentile(counts, 0.005), _percentile(counts, 0.995)
    if high - low < _FAINT:
        low, high = 0, 255
    if gamma == 1 and low <= 8 and high >= 247:
        return image
    steps = (min(1.0, max(0.0, (value - low) / (high - low))) for value in range(256))
    return image.point([round(255 * step**gamma) for step in steps])


def encoded(image: Image.Image, device: Device, style: Style) -> bytes:
    """A JPEG, or a PNG of the screen's own greys: for screens of few, and for the best quality."""
    file = BytesIO()
    if image.mode == "L" and device.greys and (device.greys < 16 or style.quality == "best"):
        palette = _palette(device.greys)
        image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(
            file, "PNG", bits=4 if device.greys > 4 else 2, optimize=True
        )
    else:
        image.save(file, "JPEG", quality=device.quality)
    return file.getvalue()


@cache
def _palette(greys: int) -> Image.Image:
    """Evenly spaced greys; the second Kindle's fifteen lack the lightest but white."""
    levels = [255 * step // 15 for step in range(16)] if greys > 4 else [0, 85, 170, 255]
    if greys == 15:
        levels.remove(238)
    palette = Image.new("P", (1, 1))
    palette.putpalette([level for level in levels for _ in range(3)])
    return palette


def _percentile(counts: list[int], share: float) -> int:
    wanted, seen = share * sum(counts), 0
    for value, count in enumerate(counts):
        seen += count
        if seen > wanted:
            return value
    return 255
