"""Lets pages live in the CBZ that holds them, and in files of their own again.

All of it waits for the disk: call it in a worker thread. Whenever it is killed the ledger names for
every page a place that holds it.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace

from mangacrawl import atomic
from mangacrawl.books import PAGE_CHANGED, stored_page
from mangacrawl.errors import ConversionError
from mangacrawl.ledger import PageRow
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.volumes.book import Book, original_bytes
from mangacrawl.volumes.cbz import entries


def move_into(crawl: SeriesCrawl, book: Book, volume: str) -> None:
    """Keep a book's pages in its CBZ at `volume`, proved to be there, and remove their files.

    Raises ConversionError if the CBZ does not give back a page's bytes; the page's file then stays.
    """
    path = crawl.output / volume
    moves: list[Future[None]] = []
    for entry, page in entries(book):
        row = crawl.ledger.pages[page.chapter.id, page.number]
        if (row.path, row.entry) != (volume, entry):
            original_bytes(replace(page, path=path, entry=entry))
            moves.append(crawl.ledger.move_page(row, volume, entry, path.parent))
    _wait_for(moves)
    if crawl.pages_folder.is_dir():  # also what a run killed just now has left
        for page in book.pages:
            file = crawl.page_file(page.chapter.id, page.number, page.extension)
            file.unlink(missing_ok=True)


def make_room(crawl: SeriesCrawl, book: Book, volume: str) -> None:
    """Take out of the CBZ at `volume` the pages that it will not have under the same name.

    `book` is about to be written in its place.
    """
    stay = {(page.chapter.id, page.number): entry for entry, page in entries(book)}
    _move_out(crawl, volume, lambda row: row.entry != stay.get((row.chapter_id, row.number)))


def move_out(crawl: SeriesCrawl, volume: str) -> None:
    """Give all pages that are kept in the CBZ at `volume` files of their own: it is to go."""
    _move_out(crawl, volume, lambda _: True)


def remove_empty_folders(crawl: SeriesCrawl) -> None:
    """Remove the folders that held the files of a series' pages, once no page is on its way."""
    for folder in [*crawl.pages_folder.glob("*"), crawl.pages_folder]:
        with suppress(OSError):  # there are files in it, or it never was
            folder.rmdir()


def _move_out(crawl: SeriesCrawl, volume: str, is_moved: Callable[[PageRow], bool]) -> None:
    rows = list(crawl.ledger.pages.values())  # at once: a crawl adds to them meanwhile
    moves: list[Future[None]] = []
    for row in rows:
        page = None
        if row.path == volume and row.entry and is_moved(row):
            page = stored_page(crawl, crawl.ledger.chapters[row.chapter_id].chapter, row.number)
        if page is None:
            continue
        try:
            content = original_bytes(page)
        except ConversionError:
            crawl.page_lost(page.chapter, page.number, PAGE_CHANGED)
            continue
        file = crawl.page_file(row.chapter_id, row.number, page.extension)
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(file, content)
        path = file.relative_to(crawl.output).as_posix()
        moves.append(crawl.ledger.move_page(row, path, None, file.parent))
    _wait_for(moves)


def _wait_for(moves: Iterable["Future[None]"]) -> None:
    for move in moves:
        move.result()
