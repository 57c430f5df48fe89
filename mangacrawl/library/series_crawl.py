"""One series being crawled: what is wanted of it, what is there, what is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from mangacrawl.chapters import Selection
from mangacrawl.choices import Choices
from mangacrawl.crawl.index import FACT, Index
from mangacrawl.items import PageItem, about
from mangacrawl.library import chapter_list, recovery, releases, room
from mangacrawl.library.chapter_list import Copies
from mangacrawl.library.ledger import Ledger
from mangacrawl.library.roster import Roster
from mangacrawl.library.rows import ChapterRow, PageRow
from mangacrawl.library.series_lock import SeriesLock
from mangacrawl.library.summary import free_folder
from mangacrawl.records import Chapter, Page, Series
from mangacrawl.safe import safe_key, visible
from mangacrawl.target import Target
from mangacrawl.volumes.plan import CountedChapter, Volume, plan


class SeriesCrawl:
    """The ledger of a series, joined with what this run wants.

    Open it in a worker thread (`open`): it reads the ledger and looks at every stored file.
    """

    def __init__(self, output: Path, series: Series, target: Target, ledger: Ledger) -> None:
        self.output = output
        self.source = target.source
        self.key = ledger.path.stem
        self.ledger = ledger
        self.roster = Roster(ledger, target)
        self.series = series
        self.folder = ledger.facts.get("folder") or free_folder(series.title, self.key, ledger.path)
        self.choices: Choices = target.choices(self.ledger.facts)
        self.as_before = target.remembered(self.ledger.facts)
        self.wants_partial = target.wants_partial
        self.style = target.style
        self._undo = ExitStack()
        self.keeps_pages = target.keeps_pages
        self.bound: set[str] = set()
        """The names of the volumes that are whole on disk, whatever their formats."""
        self.last_written: str | None = None
        """The volume that this run wrote last, None before the first."""
        self.fetched = 0
        """How many pages this run has stored."""
        self.fetched_bytes = 0
        self.notices: list[str] = []
        """What the user should know of the series before it is crawled."""
        self.awaited_covers: set[str] = set()
        """The volumes whose covers are on their way."""
        self._stored: Counter[str] = Counter()
        self._earlier: dict[str, dict[str, PageRow]] = {}
        """Of chapters that were released again, the stored pages of before by their address."""

    @classmethod
    def open(cls, output: Path, state: Path, target: Target, index: Index) -> "SeriesCrawl":
        """Read what is there and join it with what the site lists.

        `state` is the folder of ledgers and locks. Raises AlreadyRunning, NotFound, DiskError.
        """
        with ExitStack() as undo:
            key = target.ledger or target.source.series_key(index.series.id)
            lock = SeriesLock(state / f"{key}.lock")
            lock.acquire(index.series.title)
            undo.callback(lock.release)
            ledger = recovery.open_ledger(state / f"{key}.sqlite")
            undo.callback(ledger.close)
            crawl = cls(output, index.series, target, ledger)
            crawl._merge(index.chapters, target)
            crawl._recover()
            crawl._let_go()
            crawl._earlier = releases.pages_by_address(ledger)
            crawl._save(target, index.validators)
            room.check(crawl)
            crawl.notices += filter(None, [room.doubt(crawl)])
            crawl._undo = undo.pop_all()
        return crawl

    @classmethod
    def draft(cls, output: Path, target: Target, index: Index, ledger: Ledger) -> "SeriesCrawl":
        """A crawl to look at; it holds no lock and touches no file but its ledger."""
        crawl = cls(output, index.series, target, ledger)
        crawl._merge(index.chapters, target)
        crawl._stored = recovery.stored_pages(ledger, output)
        crawl._let_go()
        return crawl

    def close(self) -> None:
        """Write what is left and let others crawl the series; waits for the disk.

        Raises DiskError if not all could be written.
        """
        self._undo.close()

    @property
    def pages_folder(self) -> Path:
        """Where the originals are: a folder a chapter."""
        return self.output / "pages" / self.key

    def page_file(self, chapter_id: str, number: int, extension: str) -> Path:
        """Where a page has a file of its own."""
        folder = safe_key(releases.folder_name(self.ledger, chapter_id))
        return self.output / f"pages/{self.key}/{folder}/{number:04}{extension}"

    def wanted(self) -> list[ChapterRow]:
        """The chapters of the plan, in reading order: asked for, and shown by the site."""
        return self.roster.wanted()

    def pages(self, chapter_id: str) -> Iterator[PageRow]:
        """The pages of a chapter whose count is known."""
        for number in range(1, (self.ledger.chapters[chapter_id].page_count or 0) + 1):
            yield self.ledger.pages.get((chapter_id, number), PageRow(chapter_id, number))

    def is_complete(self, row: ChapterRow) -> bool:
        """Whether all pages of a chapter are stored."""
        return row.page_count is not None and self._stored[row.chapter.id] >= row.page_count

    def missing(self) -> Iterator[tuple[ChapterRow, list[PageRow]]]:
        """The wanted chapters with holes and the pages they lack; none known: an empty list."""
        for row in self.wanted():
            if not self.is_complete(row):
                yield row, [page for page in self.pages(row.chapter.id) if page.path is None]

    def page_total(self) -> int:
        """How many pages the wanted chapters are known to have."""
        return sum(row.page_count or 0 for row in self.wanted())

    def stored_total(self) -> int:
        """How many pages of the wanted chapters are stored."""
        return sum(self._stored[row.chapter.id] for row in self.wanted())

    def bytes_on_disk(self) -> Counter[str]:
        """What the series takes, by the folder in the output folder: pages, library, devices."""
        taken: Counter[str] = Counter()
        for page in self.ledger.pages.values():
            if page.path and page.bytes and not page.entry:
                taken["pages"] += page.bytes
        for volume in self.ledger.volumes.values():
            taken[volume.path.partition("/")[0]] += volume.bytes
        return taken

    def volumes(self, *, is_final: bool) -> list[Volume]:
        """The plan as far as it is settled, or, at the end, all of it."""
        rows = [self._release(row, is_final=is_final) for row in self.wanted()]
        counted = [CountedChapter(row.chapter, row.page_count) for row in rows]
        is_ongoing = self.series.status == "ongoing"
        return plan(counted, self.choices.bundle, is_ongoing=is_ongoing, is_final=is_final)

    def _release(self, row: ChapterRow, *, is_final: bool) -> ChapterRow:
        return releases.chosen(self.ledger, row, self.is_complete, is_final=is_final)

    def page(self, chapter: Chapter, number: int) -> PageRow:
        """What is known of a page, empty if nothing is."""
        return self.ledger.pages.get((chapter.id, number), PageRow(chapter.id, number))

    def item(self, chapter: Chapter, number: int) -> PageItem:
        """The feed's item of a page, as far as the page is known."""
        page = self.page(chapter, number)
        return PageItem(
            **about(self.source.key, self.series, chapter),
            page=number,
            page_count=self.ledger.chapters[chapter.id].page_count,
            page_url=self.address(page.url),
            image_url=self.address(page.image_url),
            path=page.path,
            sha256=page.sha256,
            width=page.width,
            height=page.height,
            bytes=page.bytes,
            status="stored" if page.path else None,
            fetched_at=page.fetched_at,
        )

    def failed_item(self, chapter: Chapter, number: int, error: str) -> PageItem:
        """The feed's item of a page that could not be had."""
        item = self.item(chapter, number)
        item.status, item.error = "failed", error
        return item

    def outline(self) -> str:
        """What is going to be crawled, in a few words."""
        rows = self.wanted()
        is_known = all(row.page_count is not None for row in rows)
        pages = f", {self.page_total():,} pages" if is_known else ""
        return f"{visible(self.series.title)}: {len(rows)} chapters{pages}"

    def list_page(self, chapter: Chapter, page: Page, number: int) -> PageRow:
        """Take down where a page is to be had; what is stored of it stays."""
        known = self.page(chapter, number)
        url, image_url = self._kept(page.url), self._kept(page.image_url)
        row = known
        same = self._earlier.get(chapter.id, {}).get(image_url or "")
        if same and known.path is None:
            row = replace(same, chapter_id=chapter.id, number=number)
            self._stored[chapter.id] += 1
        row = replace(row, url=url or known.url, image_url=image_url or known.image_url)
        if row != known:
            self.ledger.save_page(row)
        return row

    def count_pages(self, chapter: Chapter, number: int) -> None:
        """Take down how many pages a chapter has."""
        self.roster.count_pages(chapter.id, number)
        self._stored[chapter.id] = sum(page.path is not None for page in self.pages(chapter.id))
        row = self.ledger.chapters[chapter.id]
        releases.warn_of_stub(self.series.title, row, self._release(row, is_final=False))

    def page_stored(self, item: PageItem) -> "Future[None]":
        """Record a page whose file is in place; done when that would survive a power cut."""
        folder = self.output / (item.path or "").rpartition("/")[0]
        self.fetched += 1
        self.fetched_bytes += item.bytes or 0
        if not self._has(item.chapter_id, item.page):
            self._stored[item.chapter_id] += 1
        written = self._record(item, folder)
        self.ledger.slim(item.chapter_id, item.page)
        return written

    def page_lost(self, chapter: Chapter, number: int, why: str) -> None:
        """Record that a stored page is there no more."""
        if self._has(chapter.id, number):
            self._stored[chapter.id] -= 1
            row = self.ledger.pages[chapter.id, number]
            self.ledger.save_page(PageRow(chapter.id, number, row.url, row.image_url, error=why))

    def page_failed(self, item: PageItem) -> "Future[None]":
        """Record why a page could not be had."""
        return self._record(item, None)

    def address(self, kept: str | None) -> str | None:
        """A page's address as the ledger keeps it, made whole for where the site is now."""
        return self.source.base_url + kept if kept and kept.startswith("/") else kept

    def _kept(self, url: str | None) -> str | None:
        """An address without its site's, so that nothing is lost when the site moves."""
        root = self.source.base_url
        return url.removeprefix(root) if url and url.startswith(f"{root}/") else url

    def _record(self, item: PageItem, folder: Path | None) -> "Future[None]":
        row = PageRow(
            item.chapter_id, item.page, self._kept(item.page_url), self._kept(item.image_url),
            item.path, item.sha256, item.width, item.height, item.bytes, item.fetched_at,
            item.error,
        )  # fmt: skip
        return self.ledger.save_page(row, folder)

    def _has(self, chapter_id: str, number: int) -> bool:
        return bool((row := self.ledger.pages.get((chapter_id, number))) and row.path)

    def _merge(self, listed: Sequence[Chapter] | None, target: Target) -> None:
        facts = self.ledger.facts
        selection = target.selection
        if target.is_update and selection is None and facts.get(chapter_list.FACT):
            selection = Selection.remembered(facts[chapter_list.FACT])
        copies = Copies(self.choices.preference, target.is_new_choice, self.source.is_growing)
        self.roster.take_pages(listed or ())
        self.notices = chapter_list.merge(self.ledger, self.series.title, listed, selection, copies)
        asked_for = chapter_list.asked_for(facts.get(chapter_list.FACT), selection)
        self.ledger.save_fact(chapter_list.FACT, asked_for)

    def _recover(self) -> None:
        """Look at what earlier runs left, also one whose ledger is gone."""
        recovery.sweep(self.output, self.key, self.folder)
        if "series" not in self.ledger.facts:
            library = self.output / "library" / self.folder
            recovery.adopt_pages(self.ledger, self.output, self.pages_folder, library)
        self._stored = recovery.stored_pages(self.ledger, self.output)
        recovery.forget_lost_covers(self.ledger, self.output)

    def _let_go(self) -> None:
        """What the site lists no longer and never gave whole cannot be had any more."""
        for row in self.wanted():
            if not row.is_listed and not self.is_complete(row):
                self.roster.mark_unavailable(row.chapter.id, chapter_list.GONE)

    def _save(self, target: Target, validators: str) -> None:
        """Keep what another run needs to crawl the series again."""
        facts = {"folder": self.folder, FACT: validators}
        self.ledger.save_series(self.series)
        for name, value in (facts | target.as_facts() | self.choices.as_facts()).items():
            self.ledger.save_fact(name, value)
        self.ledger.flush()
