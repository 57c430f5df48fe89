"""From a planned volume to the book that fills it: its pages, names and notes."""

import hashlib
from collections.abc import Iterator, Mapping

from mangacrawl.errors import ConversionError
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.records import SERIES_COVER, Chapter
from mangacrawl.safe import folded, safe_key, visible
from mangacrawl.volumes.book import Book, BookPage, original_bytes
from mangacrawl.volumes.comicinfo import chapter_title
from mangacrawl.volumes.edition import Edition
from mangacrawl.volumes.names import PARTIAL, Parser, chapter_tag, misled, volume_name
from mangacrawl.volumes.plan import Volume
from mangacrawl.volumes.style import ComicInfoStyle

PAGE_CHANGED = "its stored file has changed"
"""Why a page that was there is asked for again."""

_CURES: Mapping[Parser, ComicInfoStyle] = {"Kavita": "kavita", "Mihon": "komga"}
"""The ComicInfo from which a program learns what it reads wrong in a name."""

BUILD = 2
"""Raised when the writers' output changes, so that volumes are written anew."""


def pages_of(crawl: SeriesCrawl, volume: Volume) -> tuple[list[BookPage], list[str]]:
    """The stored pages of a volume in reading order, and the names of those it lacks."""
    pages: list[BookPage] = []
    missing: list[str] = []
    for part in volume.slices:
        if part.last is None:
            missing.append(f"chapter {part.chapter.label}")
        for number in range(part.first, (part.last or 0) + 1):
            page = stored_page(crawl, part.chapter, number)
            if page:
                pages.append(page)
            else:
                missing.append(f"chapter {part.chapter.label} page {number}")
    return pages, missing


def stored_page(crawl: SeriesCrawl, chapter: Chapter, number: int) -> BookPage | None:
    """A page where the ledger has it now; None if it is not stored."""
    row = crawl.ledger.pages.get((chapter.id, number))
    if row is None or not (row.path and row.sha256 and row.width and row.height and row.bytes):
        return None
    size = (row.width, row.height, row.bytes)
    return BookPage(crawl.output / row.path, row.sha256, *size, chapter, number, row.entry)


def stored_chapters(crawl: SeriesCrawl) -> list[list[BookPage]]:
    """The stored pages of each wanted chapter, in reading order."""
    return [
        [
            page
            for number in range(1, (row.page_count or 0) + 1)
            if (page := stored_page(crawl, row.chapter, number))
        ]
        for row in crawl.wanted()
    ]


def first_page(crawl: SeriesCrawl) -> BookPage | None:
    """The first stored page of the series; None if there is none."""
    for row in crawl.wanted():
        for number in range(1, (row.page_count or 0) + 1):
            if page := stored_page(crawl, row.chapter, number):
                return page
    return None


def cover_of(crawl: SeriesCrawl, volume: Volume, first: BookPage) -> BookPage | None:
    """The cover that the site has of its volume; None if the first page is that picture."""
    if volume.cut != "site" or volume.number is None:
        return None
    cover = _cover(crawl, volume.number, first)
    return cover if cover and cover.sha256 != first.sha256 else None


def face_of(crawl: SeriesCrawl) -> list[BookPage]:
    """What may stand for the series, the best first: the site's cover, the first stored page."""
    first = first_page(crawl)
    cover = first and _cover(crawl, SERIES_COVER, first)
    return [page for page in (cover, first) if page]


def _cover(crawl: SeriesCrawl, volume: str, first: BookPage) -> BookPage | None:
    row = crawl.ledger.covers.get(volume)
    if row is None or not (row.path and row.sha256 and row.width and row.height and row.bytes):
        return None
    size = (row.width, row.height, row.bytes)
    return BookPage(crawl.output / row.path, row.sha256, *size, first.chapter, number=0)


def changed_pages(book: Book) -> list[BookPage]:
    """The pictures of a book that are not stored any more as they were fetched; reads them all."""
    changed = []
    for page in book.pictures:
        try:
            original_bytes(page)
        except ConversionError:
            changed.append(page)
    return changed


def book_of(crawl: SeriesCrawl, volume: Volume, pages: list[BookPage], missing: list[str]) -> Book:
    """The volume as its writers are given it; a hole is told in its name and its notes."""
    name = name_of(crawl, volume) + (f" {PARTIAL}" if missing else "")
    return Book(
        name=name,
        title=title_of(volume),
        identity=f"{crawl.key}/{name}",
        series=crawl.series,
        pages=tuple(pages),
        notes=_notes(volume, missing),
        number=volume.number if volume.cut == "site" else None,
        is_chapter=volume.cut == "chapter",
        place=volume.slices[0].chapter.number if volume.cut == "chapter" else volume.number,
        cover=cover_of(crawl, volume, pages[0]),
    )


def signature_of(book: Book, edition: Edition) -> str:
    """What a volume's bytes depend on, but for addresses and credits, which move by themselves."""
    series = book.series
    parts = [
        str(BUILD), edition.fingerprint, book.name, book.title, book.notes, series.title,
        str(series.language), str(series.direction),
    ]  # fmt: skip
    parts += ["cover", book.cover.sha256] if book.cover else []
    for page in book.pages:
        parts += [page.sha256, page.chapter.label, str(page.chapter.title), str(page.number)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def name_of(crawl: SeriesCrawl, volume: Volume) -> str:
    """The volume's file name; chapters that would share one are told apart by their id.

    So are all where every copy is taken: the next copy must not rename the first.
    """
    if volume.cut != "chapter":
        return volume_name(crawl.folder, volume)
    chapter = volume.slices[0].chapter
    twins = sum(_place(row.chapter) == _place(chapter) for row in crawl.wanted())
    has_mark = twins > 1 or crawl.choices.preference.takes_all
    mark = safe_key(chapter.id, 12) if has_mark else ""
    return volume_name(crawl.folder, volume, mark)


def parser_warnings(crawl: SeriesCrawl, book: Book) -> Iterator[str]:
    """Which programs a volume's name misleads, and what would tell them better."""
    title = visible(crawl.series.title)
    for parser in misled(title, crawl.folder, book.name):
        if crawl.style.comicinfo != (cure := _CURES[parser]):
            how = f"-s MANGA_COMICINFO_STYLE={cure} (docs/outputs.md)"
            yield f"{parser} takes numbers in the title {title} for its own: use {how}"


def _place(chapter: Chapter) -> tuple[str | None, str]:
    """What the name of a chapter's file is made of."""
    return chapter.volume, folded(chapter_tag(chapter))


def title_of(volume: Volume) -> str:
    """What a reader shows as the volume's title."""
    if volume.cut == "site":
        return f"Volume {volume.number}"
    if volume.cut == "chapter":
        return chapter_title(volume.slices[0].chapter)
    if volume.cut == "pages":
        return f"Pages {volume.first_page}-{volume.first_page + (volume.page_count or 1) - 1}"
    first, last = volume.slices[0].chapter.label, volume.slices[-1].chapter.label
    return f"Chapter {first}" if first == last else f"Chapters {first}-{last}"


def _notes(volume: Volume, missing: list[str]) -> str:
    how = {
        "site": "Bound by mangacrawl from the chapters that the site counts to this volume.",
        "chapter": "One chapter, bound by mangacrawl.",
        "borders": "Cut by mangacrawl between chapters; not a volume of the publisher.",
        "pages": "Cut by mangacrawl after a fixed number of pages; not a volume of the publisher.",
    }[volume.cut]
    return how + (f" Missing: {', '.join(missing)}." if missing else "")
