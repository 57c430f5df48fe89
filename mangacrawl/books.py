"""From a planned volume to the book that fills it: its pages, names and notes."""

import hashlib

from mangacrawl.errors import ConversionError
from mangacrawl.records import Chapter
from mangacrawl.safe import folded, safe_key
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.volumes.book import Book, BookPage, original_bytes
from mangacrawl.volumes.comicinfo import chapter_title
from mangacrawl.volumes.edition import Edition
from mangacrawl.volumes.names import PARTIAL, chapter_tag, volume_name
from mangacrawl.volumes.plan import Volume

PAGE_CHANGED = "its stored file has changed"
"""Why a page that was there is asked for again."""

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


def changed_pages(book: Book) -> list[BookPage]:
    """The pages of a book that are not stored any more as they were fetched; reads them all."""
    changed = []
    for page in book.pages:
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
    )


def signature_of(book: Book, edition: Edition) -> str:
    """What a volume's bytes depend on, but for addresses and credits, which move by themselves."""
    series = book.series
    parts = [
        str(BUILD), edition.fingerprint, book.name, book.title, book.notes, series.title,
        str(series.language), str(series.direction),
    ]  # fmt: skip
    for page in book.pages:
        parts += [page.sha256, page.chapter.label, str(page.chapter.title), str(page.number)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def name_of(crawl: SeriesCrawl, volume: Volume) -> str:
    """The volume's file name; chapters that would share one are told apart by their id."""
    if volume.cut != "chapter":
        return volume_name(crawl.folder, volume)
    chapter = volume.slices[0].chapter
    twins = sum(_place(row.chapter) == _place(chapter) for row in crawl.wanted())
    mark = safe_key(chapter.id, 12) if twins > 1 else ""
    return volume_name(crawl.folder, volume, mark)


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
