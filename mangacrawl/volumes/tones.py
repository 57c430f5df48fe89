"""Greys, colours and contrast: what a screen makes of a page's tones, and how they are encoded."""

from io import BytesIO

from PIL import Image

from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.style import Style

_INK, _PAPER = 96, 190
"""Up to where the darkest tone is ink and from where the lightest is paper; between they are meant
to be as they are: a memory drawn in pale greys, a night.
"""

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
    low = low if low <= _INK else 0
    high = high if high >= _PAPER else 255
    if gamma == 1 and low <= 8 and high >= 247:
        return image
    steps = (min(1.0, max(0.0, (value - low) / (high - low))) for value in range(256))
    return image.point([round(255 * step**gamma) for step in steps])


def encoded(image: Image.Image, device: Device, style: Style) -> bytes:
    """A JPEG, or a PNG of the screen's own greys: for screens of few, and for the best quality."""
    file = BytesIO()
    if image.mode == "L" and device.greys and (device.greys < 16 or style.quality == "best"):
        bits = 2 if device.greys == 4 else 4
        _in_greys(image, _LEVELS[device.greys]).save(file, "PNG", bits=bits)
    else:
        image.save(file, "JPEG", quality=device.quality)
    return file.getvalue()


_LEVELS = {
    4: (0, 85, 170, 255),
    15: tuple(level for level in range(0, 256, 17) if level != 238),
    16: tuple(range(0, 256, 17)),
}
"""The greys of screens; the second Kindle lacks the lightest but white."""


def _in_greys(image: Image.Image, levels: tuple[int, ...]) -> Image.Image:
    """A grey picture in these greys alone, what lies between mixed of dots."""
    palette = Image.new("P", (1, 1))
    # Pillow searches all 256 entries, and those not given are greys too.
    palette.putpalette([levels[index % len(levels)] for index in range(256) for _ in range(3)])
    # From grey, it would not search but copy.
    dotted = image.convert("RGB").quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    dotted = dotted.point([index % len(levels) for index in range(256)])
    dotted.putpalette([level for level in levels for _ in range(3)])
    return dotted


def _percentile(counts: list[int], share: float) -> int:
    wanted, seen = share * sum(counts), 0
    for value, count in enumerate(counts):
        seen += count
        if seen > wanted:
            return value
    return 255
