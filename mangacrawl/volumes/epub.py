"""EPUB volumes: fixed layout, a picture a page, as Kindle and Kobo show them.

EPUB 3.3 for what it is (w3.org/TR/epub-33), kobolabs/epub-spec for what a Kobo needs, Kindle's
Publishing Guidelines for its metas. Sides are given without a prefix and double pages with one,
which is what epubcheck 4 and 5 both accept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from jinja2 import Environment, PackageLoader

from mangacrawl.safe import visible, xml_text
from mangacrawl.volumes.archive import new_archive
from mangacrawl.volumes.book import Book
from mangacrawl.volumes.comicinfo import chapter_title
from mangacrawl.volumes.embed import extension_of, for_epub
from mangacrawl.volumes.leaves import Leaf, chapter_starts
from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.spreads import Side, sides

_FOLDER = "EPUB"

_KOBO_PIXELS = 3_800_000
"""The largest viewport that a Kobo takes (kobolabs/epub-spec)."""

_MEDIA_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}


def _plain(value: object) -> object:
    """All that a template shows passes here: no character that XML forbids comes through."""
    return xml_text(visible(value)) if isinstance(value, str) else value


_templates = Environment(
    loader=PackageLoader("mangacrawl.volumes"), autoescape=True, trim_blocks=True,
    lstrip_blocks=True, finalize=_plain, keep_trailing_newline=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of the book: its files, its viewport, and the spine's property for its side."""

    title: str
    href: str
    image: str
    media_type: str
    width: int
    height: int
    side: str | None


@dataclass(frozen=True, slots=True)
class _Chapter:
    title: str
    href: str


def write_epub(book: Book, leaves: Sequence[Leaf], path: Path, device: Device | None) -> None:
    """Write a volume and read it back once.

    The same book gives the same bytes. Raises ConversionError naming the page whose picture cannot
    be had, OSError when the disk fails.
    """
    common = {"book": book, "language": book.language or "und"}
    pages: list[_Page] = []
    with new_archive(path) as archive:
        archive.add("mimetype", b"application/epub+zip")
        archive.add("META-INF/container.xml", _rendered("container.xml"))
        archive.add(f"{_FOLDER}/page.css", _rendered("page.css"))
        for index, (leaf, side) in enumerate(zip(leaves, _properties(book, leaves), strict=True)):
            picture = for_epub(leaf)
            page = _page(index, leaf, extension_of(picture), side)
            archive.add(f"{_FOLDER}/{page.image}", picture)
            archive.add(f"{_FOLDER}/{page.href}", _rendered("page.xhtml", page=page, **common))
            pages.append(page)
        common |= _facts(book, leaves, pages, device)
        for name in ("nav.xhtml", "toc.ncx", "package.opf"):
            archive.add(f"{_FOLDER}/{name}", _rendered(name, **common))


def _page(index: int, leaf: Leaf, extension: str, side: str | None) -> _Page:
    chapter = chapter_title(leaf.page.chapter)
    title = "Cover" if leaf.page.is_cover else f"{chapter}, page {leaf.page.number}"
    scale = min(1, sqrt(_KOBO_PIXELS / (leaf.width * leaf.height)))
    return _Page(
        title,
        f"{index + 1:04}.xhtml",
        f"{index + 1:04}{extension}",
        _MEDIA_TYPES[extension],
        max(1, int(leaf.width * scale)),
        max(1, int(leaf.height * scale)),
        side,
    )


def _properties(book: Book, leaves: Sequence[Leaf]) -> list[str | None]:
    """The spine's property of each page; none for the first: a Kobo would begin with a blank.

    Pages pair in the same way with a cover before them and without.
    """
    first, second = ("right", "left") if book.is_right_to_left else ("left", "right")
    names: dict[Side, str] = {
        "first": f"page-spread-{first}",
        "second": f"page-spread-{second}",
        "both": "rendition:page-spread-center",
    }
    roles = [leaf.role for leaf in leaves if not leaf.page.is_cover]
    found = [names[side] for side in sides(roles)]
    return [None, *found[len(roles) == len(leaves) :]]


def _facts(
    book: Book, leaves: Sequence[Leaf], pages: Sequence[_Page], device: Device | None
) -> dict[str, object]:
    screen = device or next(leaf for leaf in leaves if not leaf.page.is_cover)
    return {
        "series": book.series,
        "uuid": uuid5(NAMESPACE_URL, f"mangacrawl:{book.identity}"),
        "pages": pages,
        "has_cover": leaves[0].page.is_cover,
        "chapters": [
            _Chapter(chapter_title(chapter), pages[index].href)
            for index, chapter in chapter_starts(leaves).items()
        ],
        "number": book.position,
        "direction": "rtl" if book.is_right_to_left else "ltr",
        "writing": "rl" if book.is_right_to_left else "lr",
        "is_kobo": device is not None and device.family == "kobo",
        "width": screen.width,
        "height": screen.height,
    }


def _rendered(name: str, **facts: object) -> bytes:
    return _templates.get_template(name).render(facts).encode()
