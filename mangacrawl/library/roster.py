"""The chapters of a series: those asked for, and what becomes known of each."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import ChapterRow, PageRow
from mangacrawl.records import Chapter, Page
from mangacrawl.target import Target


class Roster:
    """The chapters of a series' ledger: those asked for, and what is known of each."""

    def __init__(self, ledger: Ledger, target: Target) -> None:
        self.ledger = ledger
        self._target = target
        self._listed: dict[str, tuple[Page, ...]] = {}

    def take_pages(self, listed: Iterable[Chapter]) -> None:
        """Keep in mind the pages that the list of chapters names."""
        self._listed = {chapter.id: chapter.pages for chapter in listed if chapter.pages}

    def rows(self) -> list[ChapterRow]:
        """The chapters that were asked for, in reading order."""
        rows = (row for row in self.ledger.chapters.values() if row.is_wanted)
        return sorted(rows, key=lambda row: row.position)

    def wanted(self) -> list[ChapterRow]:
        """Those of them that the site shows."""
        return [row for row in self.rows() if row.unavailable is None]

    def last(self) -> ChapterRow:
        """The chapter that comes last, asked for or not."""
        return max(self.ledger.chapters.values(), key=lambda row: row.position)

    def with_pages(self, chapter: Chapter) -> Chapter:
        """A chapter with the pages that the list of chapters named, if it did."""
        pages = self._listed.get(chapter.id, ())
        return chapter if chapter.pages == pages else replace(chapter, pages=pages)

    def known_pages(self, chapter_id: str) -> Iterator[PageRow]:
        """The pages of a chapter that were listed so far, its count known or not."""
        for number in count(1):
            page = self.ledger.pages.get((chapter_id, number))
            if page is None or not (page.path or page.url or page.image_url):
                return
            yield page

    def add(self, chapter: Chapter) -> ChapterRow:
        """Take in a chapter that was met on the way, after all others."""
        selection = self._target.selection
        is_wanted = selection is None or bool(selection.pick([chapter]))
        row = ChapterRow(chapter, self.last().position + 1, is_wanted=is_wanted)
        self.ledger.save_chapter(row)
        return row

    def update(self, chapter: Chapter) -> ChapterRow:
        """Take down what a chapter's own page says of it."""
        row = replace(self.ledger.chapters[chapter.id], chapter=replace(chapter, pages=()))
        self.ledger.save_chapter(row)
        return row

    def count_pages(self, chapter_id: str, number: int) -> None:
        """Take down how many pages a chapter has."""
        row = self.ledger.chapters[chapter_id]
        self.ledger.save_chapter(replace(row, page_count=number, unavailable=None))

    def mark_unavailable(self, chapter_id: str, reason: str) -> None:
        """Take down why the site does not show a chapter."""
        row = self.ledger.chapters[chapter_id]
        self.ledger.save_chapter(replace(row, unavailable=reason))
