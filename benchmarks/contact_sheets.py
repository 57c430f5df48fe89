"""Draws docs/device-*.jpg: four pages as a site serves them, beside what a device gets of them.

Run `python -m benchmarks.contact_sheets docs` in the project's folder, and look at them.
"""

import random
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from mangacrawl.demo.catalogue import catalogue
from mangacrawl.demo.drawing import draw_page
from mangacrawl.volumes.profiles import Device, device_named
from mangacrawl.volumes.screen import fitted_pages
from mangacrawl.volumes.style import Style

DEVICES = ("kindle-1", "kindle-pw5", "kobo-libra-colour")

_CELL = (250, 350)
_GAP = 12
_FELT = (126, 132, 150)


def main() -> None:
    """Write the sheets into the folder that is named."""
    folder = Path(sys.argv[1])
    for name in DEVICES:
        device = device_named(name)
        assert device is not None  # noqa: S101 - named above
        sheet(device).save(folder / f"device-{name}.jpg", "JPEG", quality=72, optimize=True)


def sheet(device: Device) -> Image.Image:
    """A row for each page: the original, then what is shown."""
    rows = [
        [
            picture,
            *(page.data for page in fitted_pages(picture, device, Style(), is_right_to_left=True)),
        ]
        for picture in _pages()
    ]
    columns = max(map(len, rows))
    width, height = _CELL
    image = Image.new(
        "RGB", (columns * (width + _GAP) + _GAP, len(rows) * (height + _GAP) + _GAP), _FELT
    )
    for row, pictures in enumerate(rows):
        for column, data in enumerate(pictures):
            cell = Image.open(BytesIO(data)).convert("RGB")
            cell.thumbnail(_CELL, Image.Resampling.LANCZOS)
            left = _GAP + column * (width + _GAP) + (width - cell.width) // 2
            image.paste(cell, (left, _GAP + row * (height + _GAP) + (height - cell.height) // 2))
    return image


def _pages() -> list[bytes]:
    """A scan with margins and a page number, a page in colour, a faint one, a double one."""
    series = catalogue()["sampler"]
    chapter = series.chapters[0]
    drawn = [draw_page(series, chapter, page) for page in chapter.pages]
    return [_scan(drawn[0]), drawn[4], _faint(drawn[1]), drawn[5]]


def _scan(page: bytes) -> bytes:
    """A page on paper that is not white, with wide margins, dust, and a page number below."""
    drawing = Image.open(BytesIO(page)).convert("L").crop((36, 56, 864, 1244))
    paper = Image.new("L", (1000, 1450), 238)
    paper.paste(drawing.point(lambda tone: 40 + tone * 198 // 255), (86, 120))
    pen = ImageDraw.Draw(paper)
    pen.text((490, 1345), "117", font=ImageFont.load_default(30), fill=50)
    rng = random.Random(1)  # noqa: S311 - dust
    for _ in range(60):
        x, y = rng.randrange(1000), rng.randrange(1450)
        pen.point([(x, y), (x + 1, y)], fill=120)
    return _jpeg(paper)


def _faint(page: bytes) -> bytes:
    return _jpeg(Image.open(BytesIO(page)).convert("L").point(lambda tone: 60 + tone * 165 // 255))


def _jpeg(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


if __name__ == "__main__":
    main()
