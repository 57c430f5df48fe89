"""The pictures of the benchmark site: a few real JPEGs, drawn once, shown again and again."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

_COUNT = 40
_SIZE = (900, 1300)
_GRAIN = 24
"""So many times smaller the noise is drawn: it makes a JPEG of about 45 kB."""

_PALE = 16
"""What the noise is divided by: paper with a screen tone, not a television without signal."""

_PANELS = 3
_QUALITY = 40


def draw_all() -> list[bytes]:
    """The same pictures each time; every third is in colour, as covers and adverts are."""
    return [_draw(Random(number), "RGB" if number % 3 == 0 else "L") for number in range(_COUNT)]  # noqa: S311 - no secret


def _draw(rng: Random, mode: str) -> bytes:
    width, height = _SIZE
    small = (width // _GRAIN, height // _GRAIN)
    noise = Image.frombytes(mode, small, rng.randbytes(small[0] * small[1] * len(mode)))
    paper = noise.point(lambda level: 255 - level // _PALE)
    picture = paper.resize(_SIZE, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for row in range(_PANELS):
        top = 20 + row * (height - 20) // _PANELS
        frame = (20, top, width - 20, top + height // _PANELS - 40)
        draw.rectangle(frame, outline="black", width=6)
        left = rng.randrange(40, width // 2)
        draw.ellipse((left, top + 30, left + 300, top + 150), fill="white", outline="black")
    body = BytesIO()
    picture.save(body, "JPEG", quality=_QUALITY)
    return body.getvalue()
