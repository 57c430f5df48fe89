"""From the plan of a series to the pages on which its volumes are read."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

from mangacrawl import atomic
from mangacrawl.binding.books import name_of, title_of
from mangacrawl.library.rows import PageRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.safe import visible
from mangacrawl.volumes.comicinfo import chapter_title
from mangacrawl.volumes.names import whole_name
from mangacrawl.volumes.plan import Volume
from mangacrawl.web.library import PLAN, PlannedVolume, as_plan, file_of
from mangacrawl.web.reader import (
    UP,
    ChapterStart,
    File,
    Neighbour,
    ReaderBook,
    ReaderPage,
    reader_file,
    render_reader,
)


def write_readers(crawl: SeriesCrawl) -> None:
    """Render a reader for each planned volume, also for one that lacks pages and has no file.

    What has not changed is left alone; readers of an older plan go. The plan is noted in the
    ledger for the library page. Raises OSError where a file cannot be written.
    """
    folder = crawl.output / "web" / crawl.key
    folder.mkdir(parents=True, exist_ok=True)
    files = _files(crawl)
    books = [_book(crawl, volume, files) for volume in crawl.volumes(is_final=True)]
    books = [book for book in books if book.pages]
    for index, book in enumerate(books):
        previous = _neighbour(books[index - 1]) if index else None
        following = _neighbour(books[index + 1]) if index + 1 < len(books) else None
        page = render_reader(replace(book, previous=previous, next=following))
        atomic.write_if_new(folder / reader_file(book.name), page)
    _remove_others(folder, {reader_file(book.name) for book in books})
    crawl.ledger.save_fact(PLAN, as_plan([_planned(crawl, book) for book in books]))


def _book(crawl: SeriesCrawl, volume: Volume, files: dict[str, tuple[File, ...]]) -> ReaderBook:
    name = name_of(crawl, volume)
    pages: list[ReaderPage] = []
    chapters = []
    for part in volume.slices:
        first = len(pages) + 1
        for number in range(part.first, (part.last or 0) + 1):
            row = crawl.ledger.pages.get((part.chapter.id, number))
            pages.append(_page(row or PageRow(part.chapter.id, number)))
        if len(pages) >= first:
            chapters.append(ChapterStart(visible(chapter_title(part.chapter)), first))
    return ReaderBook(
        key=crawl.key,
        name=name,
        title=visible(title_of(volume)),
        series=visible(crawl.series.title),
        direction=crawl.series.direction or "ltr",
        pages=tuple(pages),
        chapters=tuple(chapters),
        files=files.get(name, ()),
    )


def _page(row: PageRow) -> ReaderPage:
    if not (row.path and row.width and row.height):
        why = f"It is missing: {visible(row.error or 'not fetched yet')}."
        return ReaderPage(None, why=why, is_missing=True)
    if row.entry:
        return ReaderPage(None, why="Its picture is kept in the CBZ only.")
    return ReaderPage(row.path, row.width, row.height)


def _files(crawl: SeriesCrawl) -> dict[str, tuple[File, ...]]:
    """The files of each volume by its name, CBZ first, as links from the folder of its readers."""
    rows = crawl.ledger.volumes.values()
    found: dict[str, tuple[File, ...]] = {}
    for row in sorted(rows, key=lambda row: (not row.path.startswith("library/"), row.path)):
        file = file_of(row)
        name = whole_name(PurePosixPath(row.path).name)
        found[name] = (*found.get(name, ()), replace(file, href=UP + file.href))
    return found


def _planned(crawl: SeriesCrawl, book: ReaderBook) -> PlannedVolume:
    missing = sum(page.is_missing for page in book.pages)
    return PlannedVolume(book.name, book.title, len(book.pages), missing)


def _neighbour(book: ReaderBook) -> Neighbour:
    return Neighbour(book.title, reader_file(book.name))


def _remove_others(folder: Path, wanted: set[str]) -> None:
    for path in folder.glob("read-*.html"):
        if path.name not in wanted:
            path.unlink(missing_ok=True)
