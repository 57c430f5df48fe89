"""Lets pages live in the CBZ that holds them, and in files of their own again.

All of it waits for the disk: call it in a worker thread. Whenever it is killed the ledger names for
every page a place that holds it.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mangacrawl import atomic
from mangacrawl.binding.books import PAGE_CHANGED, stored_page
from mangacrawl.errors import ConversionError
from mangacrawl.library import recovery, releases
from mangacrawl.library.rows import PageRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.safe import safe_key
from mangacrawl.volumes.book import Book, BookPage, original_bytes
from mangacrawl.volumes.cbz import entries
from mangacrawl.volumes.plan import Volume


class Shelves:
    """Where a series' pages are kept. One move at a time: volumes are bound side by side."""

    def __init__(self, crawl: SeriesCrawl) -> None:
        self._crawl = crawl
        self._moving = threading.Lock()

    def move_into(self, book: Book, volume: str) -> None:
        """Keep a book's pages in its CBZ at `volume`, proved to be there, and remove their files.

        Raises ConversionError if the CBZ does not give back a page's bytes; its file then stays.
        """
        crawl = self._crawl
        path = crawl.output / volume
        moves: list[Future[None]] = []
        inside: list[BookPage] = []
        with self._moving:
            for entry, page in entries(book):
                row = crawl.ledger.pages[page.chapter.id, page.number]
                if row.sha256 != page.sha256:
                    continue  # lost or fetched anew while its volume was bound
                inside.append(page)
                if (row.path, row.entry) != (volume, entry):
                    original_bytes(replace(page, path=path, entry=entry))
                    moves.append(crawl.ledger.move_page(row, volume, entry, path.parent))
            _wait_for(moves)
            if crawl.pages_folder.is_dir():  # also what a run killed just now has left
                for page in inside:
                    file = crawl.page_file(page.chapter.id, page.number, page.extension)
                    file.unlink(missing_ok=True)

    def make_room(self, book: Book, volume: str) -> None:
        """Take out of the CBZ at `volume` the pages that it will not have under the same name.

        `book` is about to be written in its place.
        """
        stay = {(page.chapter.id, page.number): entry for entry, page in entries(book)}
        self._move_out(volume, stay)

    def move_out(self, volume: str) -> None:
        """Give all pages that are kept in the CBZ at `volume` files of their own: it is to go."""
        self._move_out(volume, {})

    def remove(self, volumes: Iterable[str]) -> None:
        """Remove volumes; pages that are kept in one get files of their own."""
        for path in volumes:
            self.move_out(path)
            (self._crawl.output / path).unlink(missing_ok=True)
            self._crawl.ledger.forget_volume(path).result()

    def drop_replaced(self, volumes: Iterable[Volume]) -> None:
        """Remove the pages of releases that chapters of these volumes, which are whole, replace.

        Whatever is left of them when that is killed goes the next time.
        """
        crawl, ledger = self._crawl, self._crawl.ledger
        whole = {part.chapter.id for volume in volumes for part in volume.slices}
        replaced = {old: new for old, new in releases.replaced(ledger).items() if new in whole}
        names = {*replaced, *replaced.values()}
        with self._moving:
            rows = [row for row in ledger.pages.values() if row.chapter_id in names]
            shared = [row for row in rows if row.chapter_id not in replaced and self._is_away(row)]
            _wait_for(move for row in shared for move in self._moved_out(row))
            _wait_for(map(ledger.forget_pages, {row.chapter_id for row in rows} & {*replaced}))
            kept = {row.path for row in ledger.pages.values()}
            for folder in (crawl.pages_folder / safe_key(name) for name in names):
                for file in recovery.page_files(folder):
                    if file.relative_to(crawl.output).as_posix() not in kept:
                        file.unlink()

    def _is_away(self, row: PageRow) -> bool:
        """Whether a page has a file, but not where it should be."""
        if row.path is None or row.entry:
            return False
        place = self._crawl.page_file(row.chapter_id, row.number, Path(row.path).suffix)
        return place != self._crawl.output / row.path

    def remove_empty_folders(self) -> None:
        """Remove the folders that held the files of pages, once no page is on its way."""
        folder = self._crawl.pages_folder
        for each in [*folder.glob("*"), folder]:
            with suppress(OSError):  # there are files in it, or it never was
                each.rmdir()

    def _move_out(self, volume: str, stay: Mapping[tuple[str, int], str]) -> None:
        moves: list[Future[None]] = []
        with self._moving:
            rows = list(self._crawl.ledger.pages.values())  # a crawl adds to them meanwhile
            for row in rows:
                is_moved = row.entry and row.entry != stay.get((row.chapter_id, row.number))
                if row.path == volume and is_moved:
                    moves += self._moved_out(row)
            _wait_for(moves)

    def _moved_out(self, row: PageRow) -> Iterator["Future[None]"]:
        crawl = self._crawl
        chapter = crawl.ledger.chapters[row.chapter_id].chapter
        page = stored_page(crawl, chapter, row.number)
        if page is None:
            return
        try:
            content = original_bytes(page)
        except ConversionError:
            crawl.page_lost(chapter, row.number, PAGE_CHANGED)
            return
        file = crawl.page_file(row.chapter_id, row.number, page.extension)
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(file, content)
        path = file.relative_to(crawl.output).as_posix()
        yield crawl.ledger.move_page(row, path, None, file.parent)


def _wait_for(moves: Iterable["Future[None]"]) -> None:
    for move in moves:
        move.result()
