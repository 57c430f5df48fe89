"""The state of record of one series: SQLite, read once, written by one thread in groups.

What is committed is true: a page's row follows its file, never precedes it. A commit costs as much
as five rows, so those of pages and chapters, which hold no thread up, wait a moment for others.
"""

import json
import sqlite3
import threading
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from mangacrawl import atomic
from mangacrawl.errors import DiskError
from mangacrawl.library import schema
from mangacrawl.library.rows import (
    ChapterRow,
    CoverRow,
    PageRow,
    VolumeRow,
    chapter_of,
    chapter_text,
    columns,
    volume_of,
)
from mangacrawl.records import Series

_GATHER_SECONDS = 0.005
"""Little beside a site's answer: a page that waits for its row may hold a slot."""


@dataclass(frozen=True, slots=True)
class _Change:
    sql: str
    values: tuple[Any, ...]
    folder: Path | None


class _Group:
    """Changes that are committed together."""

    __slots__ = ("changes", "done")

    def __init__(self) -> None:
        self.changes: list[_Change] = []
        self.done: Future[None] = Future()


class Ledger:
    """The rows of one series, in memory; every change is written behind.

    Construct and close it in a worker thread: both wait for the disk. ``save_*`` change the
    memory at once and return a future that is done when the change would survive a power cut; it
    carries DiskError if it would not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.facts: dict[str, str] = {}
        self.chapters: dict[str, ChapterRow] = {}
        self.pages: dict[tuple[str, int], PageRow] = {}
        self.volumes: dict[str, VolumeRow] = {}
        self.covers: dict[str, CoverRow] = {}
        with schema.reading(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = schema.connect(path)
        try:
            with schema.reading(path):
                self._load()
        except BaseException:
            self._connection.close()
            raise
        self._failure: DiskError | None = None
        self._lock = threading.Lock()
        self._gathering: _Group | None = None
        self._is_urgent = threading.Event()
        self._queue: SimpleQueue[_Group | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="ledger", daemon=True)
        self._writer.start()

    def save_series(self, series: Series) -> None:
        self.save_fact("series", json.dumps(asdict(series)))

    def save_fact(self, name: str, value: str) -> None:
        if self.facts.get(name) != value:
            self.facts[name] = value
            self._change("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def save_chapter(self, row: ChapterRow) -> None:
        if self.chapters.get(row.chapter.id) != row:
            self.chapters[row.chapter.id] = row
            flags = int(row.is_wanted), row.unavailable, int(row.is_listed)
            self._change(
                "INSERT OR REPLACE INTO chapters VALUES (?, ?, ?, ?, ?, ?, ?)",
                (row.chapter.id, chapter_text(row.chapter), row.position, row.page_count, *flags),
                may_wait=True,
            )

    def retire_chapter(self, chapter_id: str, retired_id: str) -> None:
        """Keep a chapter and its pages under another id: its own is another release's now."""
        self._change(
            "UPDATE pages SET chapter_id = ? WHERE chapter_id = ?", (retired_id, chapter_id)
        )
        for key in [key for key in self.pages if key[0] == chapter_id]:
            page = self.pages.pop(key)
            self.pages[retired_id, page.number] = replace(page, chapter_id=retired_id)
        row = self.chapters.pop(chapter_id)
        chapter = replace(row.chapter, id=retired_id)
        self.save_chapter(replace(row, chapter=chapter, is_wanted=False, is_listed=False))
        self._change("DELETE FROM chapters WHERE id = ?", (chapter_id,))

    def save_page(self, row: PageRow, folder: Path | None = None) -> "Future[None]":
        """Record a page; `folder` holds its new file and is flushed to disk before."""
        self.pages[row.chapter_id, row.number] = row
        marks = ", ".join("?" * 12)
        return self._change(
            f"INSERT OR REPLACE INTO pages VALUES ({marks})",  # noqa: S608 - marks only
            columns(row),
            folder,
            may_wait=True,
        )

    def move_page(self, row: PageRow, path: str, entry: str | None, folder: Path) -> "Future[None]":
        """Record where a stored page is kept from now on; `folder` is flushed to disk before."""
        self.pages[row.chapter_id, row.number] = replace(row, path=path, entry=entry)
        return self._change(
            "UPDATE pages SET path = ?, entry = ? WHERE chapter_id = ? AND number = ?",
            (path, entry, row.chapter_id, row.number),
            folder,
        )

    def forget_pages(self, chapter_id: str) -> "Future[None]":
        """Strike out the pages of a chapter."""
        for key in [key for key in self.pages if key[0] == chapter_id]:
            del self.pages[key]
        return self._change("DELETE FROM pages WHERE chapter_id = ?", (chapter_id,))

    def slim(self, chapter_id: str, number: int) -> None:
        """Keep of a stored page in memory what a volume needs: a series may have 20,000 of them.

        The file keeps all of it.
        """
        row = self.pages[chapter_id, number]
        self.pages[chapter_id, number] = replace(row, url=None, image_url=None, fetched_at=None)

    def save_volume(self, row: VolumeRow, folder: Path) -> "Future[None]":
        """Record a volume; `folder` holds its new file and is flushed to disk before."""
        self.volumes[row.path] = row
        return self._change(
            "INSERT OR REPLACE INTO volumes VALUES (?, ?, ?, ?, ?, ?)", columns(row), folder
        )

    def save_cover(self, row: CoverRow, folder: Path | None = None) -> "Future[None]":
        """Record a cover; `folder` holds its new file and is flushed to disk before."""
        self.covers[row.volume] = row
        sql = "INSERT OR REPLACE INTO covers VALUES (?, ?, ?, ?, ?, ?, ?)"
        return self._change(sql, columns(row), folder)

    def forget_volume(self, path: str) -> "Future[None]":
        """Strike out a volume whose file is gone."""
        self.volumes.pop(path, None)
        return self._change("DELETE FROM volumes WHERE path = ?", (path,))

    def flush(self) -> None:
        """Wait until all that was saved would survive a power cut; raises DiskError."""
        self._change("SELECT 1").result()

    def close(self) -> None:
        """Write what is left and close the file; raises DiskError if not all was written."""
        self._queue.put(None)
        self._is_urgent.set()
        self._writer.join()
        self._connection.close()
        if self._failure:
            raise self._failure

    def _load(self) -> None:
        query = self._connection.execute
        self.facts = dict(query("SELECT name, value FROM facts"))
        for _, text, position, count, wanted, why, listed in query("SELECT * FROM chapters"):
            row = ChapterRow(chapter_of(text), position, count, bool(wanted), why, bool(listed))
            self.chapters[row.chapter.id] = row
        for values in query("SELECT * FROM pages"):
            page = PageRow(*values)
            self.pages[page.chapter_id, page.number] = page
        self.volumes = {row.path: row for row in map(volume_of, query("SELECT * FROM volumes"))}
        self.covers = {row[0]: CoverRow(*row) for row in query("SELECT * FROM covers")}

    def _change(
        self,
        sql: str,
        values: tuple[Any, ...] = (),
        folder: Path | None = None,
        *,
        may_wait: bool = False,
    ) -> "Future[None]":
        with self._lock:
            if self._gathering is None:
                self._gathering = _Group()
                self._queue.put(self._gathering)
            group = self._gathering
            group.changes.append(_Change(sql, values, folder))
        if not may_wait:
            self._is_urgent.set()
        return group.done

    def _write(self) -> None:
        while (group := self._queue.get()) is not None:
            self._is_urgent.wait(_GATHER_SECONDS)
            self._is_urgent.clear()
            with self._lock:
                self._gathering = None
            self._commit(group)

    def _commit(self, group: _Group) -> None:
        """After a failure nothing is written any more: the file stays true up to there."""
        if self._failure is None:
            try:
                for folder in {change.folder for change in group.changes if change.folder}:
                    atomic.flush_folder(folder)
                with self._connection:
                    for change in group.changes:
                        self._connection.execute(change.sql, change.values)
            except (sqlite3.Error, OSError, ValueError, OverflowError) as error:
                self._failure = DiskError.of(f"write {self.path}", error)
        if self._failure is None:
            group.done.set_result(None)
        else:
            group.done.set_exception(self._failure)
