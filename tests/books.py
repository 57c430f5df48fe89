"""Books of real pictures for the tests of the volume writers."""

import hashlib
import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from mangacrawl.records import Chapter, Series
from mangacrawl.volumes.book import Book, BookPage
from mangacrawl.volumes.edition import Edition
from mangacrawl.volumes.profiles import device_named
from mangacrawl.volumes.style import Style

SERIES = Series(
    "akira",
    "Akira & <Tetsuo>\x0b",
    "https://a.example/akira",
    authors=("Otomo, Katsuhiro",),
    summary="Neo-Tokyo.",
    language="en",
    direction="rtl",
)


def picture(text: str, form: str = "JPEG", size: tuple[int, int] = (90, 130)) -> bytes:
    image = Image.new("L", size, 230)
    ImageDraw.Draw(image).text((5, 5), text, fill=0)
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


def page(folder: Path, chapter: Chapter, number: int, size: tuple[int, int] = (90, 130)):
    body = picture(f"{chapter.id} {number}", size=size)
    path = folder / f"{chapter.id}-{number}.jpg"
    path.write_bytes(body)
    digest = hashlib.sha256(body).hexdigest()
    return BookPage(path, digest, *size, len(body), chapter, number)


def book(folder: Path, **changes) -> Book:
    one = Chapter("1", "", number="1", title='"First" <page>')
    two = Chapter("1.5", "", number="1.5")
    pages = (page(folder, one, 1), page(folder, one, 2, (180, 130)), page(folder, two, 1))
    values: dict[str, Any] = {
        "name": "Akira v01 (c001-001.5)",
        "title": "Chapters 1-1.5",
        "identity": "demo-akira/1",
        "series": SERIES,
        "pages": pages,
        "notes": "Cut by mangacrawl.",
    }
    return Book(**(values | changes))


def bound(book: Book, folder: Path, form: str, device: str = "none", **style) -> list[Path]:
    """The files of a volume, written into a folder."""
    edition = Edition(form, device_named(device), Style(**style))
    with edition.files(book, folder) as files:
        for file in files:
            file.write(folder / file.name)
    return [folder / file.name for file in files]
