"""The reader: one page of HTML for each volume, whose pictures are the stored originals."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from mangacrawl.safe import safe_key
from mangacrawl.web.render import render

UP = "../../"
"""From a page of a series to the output folder."""


@dataclass(frozen=True, slots=True)
class File:
    """A volume's file in one format; ``href`` is relative to the page that shows it."""

    label: str
    href: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The volume before or after, as a link."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class ChapterStart:
    """A chapter and the page, from 1, that it begins with in this volume."""

    title: str
    first: int


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """A page to be shown: its picture's path below the output folder and its size in pixels.

    ``path`` is None where there is no picture to show; ``why`` says the reason.
    """

    path: str | None
    width: int = 0
    height: int = 0
    why: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class ReaderBook:
    """A volume to be read; ``pages`` are in reading order, at least one.

    ``key`` is the series' and ``name`` the volume's file name without extension: where somebody
    has stopped is kept under both.
    """

    key: str
    name: str
    title: str
    series: str
    direction: Literal["ltr", "rtl"]
    pages: tuple[ReaderPage, ...]
    chapters: tuple[ChapterStart, ...]
    files: tuple[File, ...]
    previous: Neighbour | None = None
    next: Neighbour | None = None


def reader_file(name: str) -> str:
    """The file name of a volume's reader, unlike that of any other page of the series."""
    return f"read-{safe_key(name)}.html"


def render_reader(book: ReaderBook) -> bytes:
    """The reader of a volume, for the folder of its series' pages."""
    pages = [
        [UP + quote(page.path), page.width, page.height]
        if page.path is not None
        else [None, 0, 0, page.why]
        for page in book.pages
    ]
    first = book.files[0] if book.files else None
    content = {
        "id": book.name,
        "series": book.key,
        "direction": book.direction,
        "pages": pages,
        "next": book.next.href if book.next else None,
        "file": first.href if first else None,
        "label": first.label if first else None,
    }
    return render("reader", has_script=True, book=book, content=content)
