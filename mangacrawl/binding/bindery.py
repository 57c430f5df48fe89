"""Makes the volumes of a series while its pages still arrive."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mangacrawl import atomic
from mangacrawl.binding.books import (
    PAGE_CHANGED,
    book_of,
    changed_pages,
    pages_of,
    parser_warnings,
    signature_of,
    stored_chapters,
    stored_page,
)
from mangacrawl.binding.dressing import dress
from mangacrawl.binding.shelving import Shelves
from mangacrawl.errors import ConversionError, DiskError, Incomplete, MangacrawlError
from mangacrawl.library import room
from mangacrawl.library.rows import VolumeRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.safe import visible
from mangacrawl.volumes.book import Book, BookPage
from mangacrawl.volumes.edition import Edition, File
from mangacrawl.volumes.names import PARTIAL, part_count
from mangacrawl.volumes.plan import Volume
from mangacrawl.volumes.profiles import device_named
from mangacrawl.volumes.recurring import identical_pages, similar_pages, without
from mangacrawl.workers import Workers

logger = logging.getLogger(__name__)

_BINDERS = 2
_BIND_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class _Job:
    """A volume to be written: `path` is relative to the output folder."""

    book: Book
    path: str
    signature: str
    edition: Edition
    is_partial: bool

    @property
    def takes_pages(self) -> bool:
        """Whether it holds its pages as they were fetched, and is there to stay."""
        return self.edition.form == "cbz" and not self.is_partial


def binders() -> Workers:
    """The threads that write volumes; what hangs in one is given up."""
    return Workers(_BINDERS, _BIND_SECONDS)


class Bindery:
    """Writes each volume of the plan as soon as its last page is stored, in worker threads."""

    def __init__(self, crawl: SeriesCrawl, binders: Workers) -> None:
        self.crawl = crawl
        self.problems: list[MangacrawlError] = []
        self.disk_problem: DiskError | None = None
        self.retries = 0
        self._binders = binders
        self._shelves = Shelves(crawl)
        self._planned: set[Volume] = set()
        self._volumes_of: dict[str, list[Volume]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._parts: set[str] = set()
        self._has_warned = False
        self._has_written = False
        self._recurring: list[BookPage] | None = None

    def is_whole(self, chapter_id: str) -> bool:
        """Whether all pages of a chapter are stored."""
        return self.crawl.is_complete(self.crawl.ledger.chapters[chapter_id])

    def chapter_completed(self, chapter_id: str) -> None:
        """Begin with the volumes that waited for this chapter only; told again, none do."""
        waiting, self._volumes_of[chapter_id] = self._volumes_of.get(chapter_id), []
        for volume in self._newly_settled() if waiting is None else waiting:
            if self._is_ready(volume):
                self._begin(volume, *pages_of(self.crawl, volume))

    def _newly_settled(self) -> list[Volume]:
        """Plan anew, which is dear, and note which volumes wait for which chapters."""
        volumes = [v for v in self.crawl.volumes(is_final=False) if v not in self._planned]
        self._planned.update(volumes)
        for volume in volumes:
            for part in volume.slices:
                self._volumes_of.setdefault(part.chapter.id, []).append(volume)
        return volumes

    async def finish(self) -> None:
        """Write what the final plan asks for and remove what it replaces."""
        self._recurring = await self._binders.run(self._find_recurring)
        for volume in self.crawl.volumes(is_final=True):
            pages, missing = pages_of(self.crawl, volume)
            if pages and (not missing or self.crawl.wants_partial):
                self._begin(volume, pages, missing)
        await self.settle()
        self._tell_recurring()
        try:
            await self._remove_replaced()
            if not self.problems:
                whole = filter(self._is_ready, self.crawl.volumes(is_final=True))
                await self._binders.run(self._shelves.drop_replaced, whole)
            await self._binders.run(self._shelves.remove_empty_folders)
            await self._binders.run(dress, self.crawl)
        except (OSError, DiskError) as error:
            self.disk_failed("write the library", error)

    async def settle(self) -> None:
        """Wait for the volumes in the making."""
        await asyncio.gather(*self._tasks.values())

    async def flush(self) -> None:
        """Wait for the ledger; that it cannot be written is a problem of the run."""
        try:
            await self._binders.run(self.crawl.ledger.flush)
        except DiskError as error:
            self.disk_failed("write the ledger", error)

    async def close(self) -> None:
        """Let go of the series, whatever became of its volumes; `flush` told of its ledger."""
        with suppress(DiskError):
            await self._binders.run(self.crawl.close)

    def _is_ready(self, volume: Volume) -> bool:
        has_cover = volume.number not in self.crawl.awaited_covers
        return has_cover and all(self.is_whole(part.chapter.id) for part in volume.slices)

    def _begin(self, volume: Volume, pages: list[BookPage], missing: list[str]) -> None:
        for job in self._jobs(volume, pages, missing):
            if job.path not in self._tasks:
                self._tasks[job.path] = asyncio.ensure_future(self._bind(job))

    async def _bind(self, job: _Job) -> None:
        name = Path(job.path).name
        try:
            rows = await self._binders.run(self._there, job) or await self._made(job)
            if job.takes_pages and not self.crawl.keeps_pages:
                await self._binders.run(self._shelves.move_into, job.book, job.path)
        except ConversionError as error:
            self.problems.append(Incomplete(f"{name} cannot be written: {error}"))
            await self._give_up_changed(job.book)
        except (OSError, DiskError) as error:
            self.disk_failed(f"write {job.path}", error)
        except Exception as error:
            logger.debug("binding %s", name, exc_info=True)
            what = f"{type(error).__name__}: {error}"
            self.problems.append(Incomplete(f"{name} cannot be written ({what})"))
        else:
            self._count(job, rows)

    def disk_failed(self, doing: str, error: OSError | DiskError) -> None:
        """Take down that something could not be done: it ends the run."""
        if isinstance(error, OSError):
            error = DiskError.of(doing, error)
        self.disk_problem = room.explained(self.crawl, error)
        self.problems.append(self.disk_problem)

    async def _made(self, job: _Job) -> list[VolumeRow]:
        """Write a volume and record it."""
        rows = await self._written(job)
        folder = (self.crawl.output / job.path).parent
        for row in rows:
            await asyncio.wrap_future(self.crawl.ledger.save_volume(row, folder))
        self.crawl.last_written = job.book.name
        name = visible(Path(job.path).name)
        parts = f" in {len(rows)} parts" if len(rows) > 1 else ""
        logger.info("wrote %s%s, %d pages", name, parts, len(job.book.pages))
        self._has_written = True
        self._warn_of_parsers(job)
        return rows

    async def _give_up_changed(self, book: Book) -> None:
        """Pages whose file is not what was fetched any more are missing: the next run asks."""
        for page in await self._binders.run(changed_pages, self._where_it_is(book)):
            self.crawl.page_lost(page.chapter, page.number, PAGE_CHANGED)

    def _where_it_is(self, book: Book) -> Book:
        """The book with its pages where they are now: binding another may have moved them."""
        places = [stored_page(self.crawl, page.chapter, page.number) for page in book.pages]
        return replace(book, pages=tuple(page for page in places if page))

    async def _written(self, job: _Job) -> list[VolumeRow]:
        """Write a volume; what no disk and no page explains is tried once more."""
        try:
            return await self._binders.run(self._write, job)
        except TimeoutError:
            seconds = self._binders.seconds
            raise ConversionError(f"it takes over {seconds:.0f} s to write") from None
        except OSError:
            raise
        except ConversionError:
            book = self._where_it_is(job.book)
            if book == job.book or len(book.pages) < len(job.book.pages):
                raise
            return await self._written(replace(job, book=book))
        except Exception:
            logger.debug("binding %s", job.path, exc_info=True)
            self.retries += 1
            return await self._binders.run(self._write, job)

    @property
    def _drops_recurring(self) -> bool:
        return self.crawl.style.recurring == "drop"

    def _find_recurring(self) -> list[BookPage]:
        chapters = stored_chapters(self.crawl)
        similar = similar_pages(chapters) if self._drops_recurring else []
        return list(dict.fromkeys(identical_pages(chapters) + similar))

    def _tell_recurring(self) -> None:
        if self._recurring and self._has_written:
            what = "left out of EPUB and PDF" if self._drops_recurring else "kept"
            count, first = len(self._recurring), visible(self._recurring[0].name)
            logger.info("pages that recur in several chapters: %d, %s (%s)", count, what, first)

    def _warn_of_parsers(self, job: _Job) -> None:
        if not self._has_warned and job.edition.form == "cbz":
            for warning in parser_warnings(self.crawl, job.book):
                self._has_warned = True
                logger.warning(warning)

    def _count(self, job: _Job, rows: list[VolumeRow]) -> None:
        self._parts.update(row.path for row in rows)
        if not job.is_partial:
            self.crawl.bound.add(job.book.name)

    def _there(self, job: _Job) -> list[VolumeRow]:
        """The volume's files if they are all as they should be, else nothing."""
        rows = [row for row in self.crawl.ledger.volumes.values() if row.signature == job.signature]
        with suppress(OSError):
            sizes = [(self.crawl.output / row.path).stat().st_size for row in rows]
            wanted = part_count(rows[0].path) if rows else 1
            if len(rows) == wanted and sizes == [row.bytes for row in rows]:
                return rows
        return []

    def _write(self, job: _Job) -> list[VolumeRow]:
        path = self.crawl.output / job.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if job.path in self.crawl.ledger.volumes:
            self._shelves.make_room(job.book, job.path)
        with job.edition.files(job.book, path.parent) as files:
            return [self._write_file(job, file) for file in files]

    def _write_file(self, job: _Job, file: File) -> VolumeRow:
        place = f"{job.path.rpartition('/')[0]}/{file.name}"
        with atomic.replacing(self.crawl.output / place) as part:
            file.write(part)
            with part.open("rb") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
            size = part.stat().st_size
        return VolumeRow(place, job.signature, size, digest, file.leaves, job.is_partial)

    async def _remove_replaced(self) -> None:
        """Remove what an older plan left on the same shelves, once the new plan is whole.

        While something is missing only partial volumes go whose whole one is written.
        """
        volumes = self.crawl.ledger.volumes
        shelves = {_shelf(path) for path in self._tasks}
        wanted = self._parts | self._tasks.keys()
        old = [path for path in volumes if path not in wanted and _shelf(path) in shelves]
        if self.problems or any(self.crawl.missing()):
            part = f" {PARTIAL}"
            old = [path for path in old if part in path and path.replace(part, "") in self._parts]
        await self._binders.run(self._shelves.remove, old)
        replaced = sum(PARTIAL not in path for path in old)
        if replaced:
            logger.info("replaced the volumes of an earlier plan: %d", replaced)

    def _jobs(self, volume: Volume, pages: list[BookPage], missing: list[str]) -> Iterator[_Job]:
        book = book_of(self.crawl, volume, pages, missing)
        device = device_named(self.crawl.choices.device)
        for form in self.crawl.choices.formats:
            edition = Edition(form, device if form != "cbz" else None, self.crawl.style)
            if self._drops_recurring and form != "cbz":
                if self._recurring is None:
                    continue  # which these are is known at the end
                book = replace(book, pages=without(book, self._recurring))
            folder = f"{self.crawl.choices.shelf(form)}/{self.crawl.folder}"
            path = f"{folder}/{book.name}{edition.extension}"
            yield _Job(book, path, signature_of(book, edition), edition, bool(missing))


def _shelf(path: str) -> tuple[str, str]:
    """Where a volume stands: its folder and its format."""
    return path.rpartition("/")[0], path.rpartition(".")[2]
