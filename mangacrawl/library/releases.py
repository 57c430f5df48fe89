"""A chapter that its site releases again: the new one wins once it is whole, until then the old.

One of less than half the pages does not win: sites put a notice in the place of a chapter.

The site says so by another version ("v2") or a later date of the same chapter, or by another
chapter of the same number, language and group whose version is higher.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import ChapterRow, PageRow
from mangacrawl.records import Chapter
from mangacrawl.safe import visible
from mangacrawl.words import counted

logger = logging.getLogger(__name__)


def retire_replaced(ledger: Ledger, title: str, listed: Iterable[Chapter]) -> None:
    """Give releases that were replaced under their own id another one, so that they stay."""
    for chapter in listed:
        known = ledger.chapters.get(chapter.id)
        if known is not None and _is_later(chapter, known.chapter):
            ledger.retire_chapter(chapter.id, next(_free_ids(ledger, chapter.id)))
            logger.info(
                "%s: chapter %s was released again; the old one stays until the new one is whole",
                visible(title), visible(chapter.label),
            )  # fmt: skip


def outdated(chapters: Iterable[Chapter]) -> set[str]:
    """The ids of chapters of which another one is a later version."""
    latest: dict[tuple[str | None, ...], Chapter] = {}
    found = set()
    for chapter in sorted(chapters, key=lambda each: -each.version):
        newest = latest.setdefault(_identity(chapter), chapter)
        if chapter.number is not None and newest.version > chapter.version:
            found.add(chapter.id)
    return found


def earlier(ledger: Ledger, chapter: Chapter) -> Iterator[ChapterRow]:
    """The releases that a chapter replaces, the latest first."""
    retired = [*_retired(ledger, chapter.id)]
    yield from reversed(retired)
    if chapter.number is None or chapter.version == 1:
        return
    others = [
        row
        for row in ledger.chapters.values()
        if row.chapter.version < chapter.version and _identity(row.chapter) == _identity(chapter)
    ]
    yield from sorted(others, key=lambda row: -row.chapter.version)


def chosen(
    ledger: Ledger, row: ChapterRow, is_complete: Callable[[ChapterRow], bool], *, is_final: bool
) -> ChapterRow:
    """The release to read: this one, or one that it replaces but is only a stub of.

    At the end (`is_final`) also one that it replaces, until it is whole itself.
    """
    before = [old for old in earlier(ledger, row.chapter) if is_complete(old)]
    if row.page_count is not None:
        for old in before:
            if 2 * row.page_count < (old.page_count or 0):
                return old
    return row if is_complete(row) or not is_final or not before else before[0]


def warn_of_stub(title: str, row: ChapterRow, read: ChapterRow) -> None:
    """Say so where another release than a chapter's own is the one to read."""
    if read is not row:
        logger.warning(
            "%s: chapter %s was released again with %s instead of %d: the old one stays",
            visible(title), visible(row.chapter.label),
            counted(row.page_count or 0, "page"), read.page_count,
        )  # fmt: skip


def replaced(ledger: Ledger) -> dict[str, str]:
    """The releases that others replace, by their ids: each with the wanted chapter that does."""
    return {
        release.chapter.id: row.chapter.id
        for row in ledger.chapters.values()
        if row.is_wanted
        for release in earlier(ledger, row.chapter)
    }


def pages_by_address(ledger: Ledger) -> dict[str, dict[str, PageRow]]:
    """The stored pages of earlier releases: by chapter, then by the address of the image."""
    found: dict[str, dict[str, PageRow]] = {}
    names = replaced(ledger)
    for page in ledger.pages.values():
        if page.chapter_id in names and page.path and page.image_url:
            found.setdefault(names[page.chapter_id], {})[page.image_url] = page
    return found


def folder_name(ledger: Ledger, chapter_id: str) -> str:
    """What tells the files of a chapter's present release from those of the one before."""
    return next(_free_ids(ledger, chapter_id)) if [*_retired(ledger, chapter_id)] else chapter_id


def _identity(chapter: Chapter) -> tuple[str | None, ...]:
    return chapter.volume, chapter.number, chapter.language, chapter.group


def _is_later(listed: Chapter, known: Chapter) -> bool:
    if listed.version != known.version:
        return listed.version > known.version
    return bool(listed.released and known.released and listed.released > known.released)


def _retired(ledger: Ledger, chapter_id: str) -> Iterator[ChapterRow]:
    for number in count(1):
        row = ledger.chapters.get(f"{chapter_id}@r{number}")
        if row is None:
            return
        yield row


def _free_ids(ledger: Ledger, chapter_id: str) -> Iterator[str]:
    names = (f"{chapter_id}@r{number}" for number in count(1))
    return (name for name in names if name not in ledger.chapters)
