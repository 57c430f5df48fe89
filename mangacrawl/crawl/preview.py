"""`list=yes`: what a crawl would fetch, worked out on a copy of the series' ledger."""

import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mangacrawl.binding.books import name_of
from mangacrawl.crawl.index import Index
from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import ChapterRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.records import MAX_PAGES
from mangacrawl.safe import visible
from mangacrawl.target import Target
from mangacrawl.terminal import table
from mangacrawl.volumes.plan import Volume
from mangacrawl.words import counted

logger = logging.getLogger(__name__)

_UNKNOWN = "?"
_LATER = "volumes are cut by page counts, which this site tells only chapter by chapter"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a crawl would fetch: ``lines`` for stdout, the ``outline`` to end with, ``notices``."""

    title: str
    lines: tuple[str, ...]
    outline: str
    notices: tuple[str, ...]


def preview(output: Path, state: Path, target: Target, index: Index) -> Preview:
    """Look at what the site lists as a crawl would, and leave every file as it is.

    Blocks. Raises NotFound, NothingKnown, DiskError.
    """
    with TemporaryDirectory() as folder:
        key = target.ledger or target.source.series_key(index.series.id)
        path = Path(folder) / f"{key}.sqlite"
        _copy(state / f"{key}.sqlite", path)
        with closing(Ledger(path)) as ledger:
            crawl = SeriesCrawl.draft(output, target, index, ledger)
            return _preview(crawl)


def show(found: Preview, *, is_one_of_many: bool) -> None:
    """Print it: what is listed to stdout, what there is to say of it to the log."""
    for notice in found.notices:
        logger.info("%s", notice)
    lines = (found.title, *found.lines, "") if is_one_of_many else found.lines
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _copy(ledger: Path, to: Path) -> None:
    """Copy a ledger that another crawl may be writing to."""
    if ledger.exists():
        with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)


def _preview(crawl: SeriesCrawl) -> Preview:
    rows = [_counted(crawl, row) for row in crawl.wanted()]
    volumes = _volumes(crawl, rows)
    lines = [*table(_CHAPTER_HEADS, list(_chapter_cells(crawl, rows)))]
    notices = [*crawl.notices, *(f"as before: {k}={v}" for k, v in crawl.as_before.items())]
    if volumes:
        lines += ["", *table(_VOLUME_HEADS, list(_volume_cells(crawl, volumes)))]
    elif rows:
        notices.append(_LATER)
    if crawl.source.is_growing:
        notices.append("more chapters may be found on the way: each page leads to the next")
    return Preview(
        visible(crawl.series.title), tuple(lines), _outline(crawl, rows, volumes), tuple(notices)
    )


def _counted(crawl: SeriesCrawl, row: ChapterRow) -> ChapterRow:
    """A chapter with its pages counted, if the list of chapters names or counts them."""
    chapter = crawl.roster.with_pages(row.chapter)
    count = row.page_count or len(chapter.pages) or chapter.page_count
    if row.page_count is None and count and 0 < count <= MAX_PAGES:
        crawl.count_pages(chapter, count)
    return crawl.ledger.chapters[chapter.id]


def _volumes(crawl: SeriesCrawl, rows: list[ChapterRow]) -> list[Volume]:
    """The volumes of the plan; none while it hangs on page counts that are not known."""
    kind = crawl.choices.bundle.kind
    needs_counts = kind == "pages" or (kind == "auto" and not any(r.chapter.volume for r in rows))
    if needs_counts and any(row.page_count is None for row in rows):
        return []
    return crawl.volumes(is_final=True)


_CHAPTER_HEADS = ("chapter", "volume", "title", "pages", "stored", "language", "group")


def _chapter_cells(crawl: SeriesCrawl, rows: list[ChapterRow]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        chapter = row.chapter
        yield (
            chapter.number or "-",
            chapter.volume or "-",
            chapter.title or "",
            _count(row.page_count),
            str(sum(page.path is not None for page in crawl.pages(chapter.id))),
            chapter.language or "",
            chapter.group or "",
        )


_VOLUME_HEADS = ("volume", "chapters", "pages")


def _volume_cells(crawl: SeriesCrawl, volumes: list[Volume]) -> Iterator[tuple[str, ...]]:
    for volume in volumes:
        yield name_of(crawl, volume), str(len(volume.slices)), _count(volume.page_count)


def _outline(crawl: SeriesCrawl, rows: list[ChapterRow], volumes: list[Volume]) -> str:
    known = sum(row.page_count or 0 for row in rows)
    unknown = sum(row.page_count is None for row in rows)
    pages = f"{known:,} pages" if unknown < len(rows) else "pages not counted yet"
    if known and unknown:
        pages += f" in {len(rows) - unknown} of them"
    parts = [counted(len(rows), "chapter"), pages]
    parts += [counted(len(volumes), "volume")] if volumes else []
    if stored := crawl.stored_total():
        parts.append(f"{stored:,} pages are stored")
    return f"{visible(crawl.series.title)}: {', '.join(parts)}; nothing was fetched"


def _count(pages: int | None) -> str:
    return _UNKNOWN if pages is None else str(pages)
