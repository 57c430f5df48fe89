"""Whether the disk has room for what a series still needs."""

import shutil
from typing import TYPE_CHECKING

from mangacrawl.errors import DiskError, DiskFull

if TYPE_CHECKING:
    from mangacrawl.series_crawl import SeriesCrawl

_CHAPTER_PAGES = 10
_PAGE_BYTES = 100_000
"""What is taken for granted of a series of which nothing is stored: less than most have, since an
estimate that is too low is corrected while pages come, and one too high refuses what would fit."""


def needed_bytes(crawl: "SeriesCrawl") -> int:
    """About how much a series still needs: its missing pages, and CBZs beside the pages.

    Volumes for devices are not counted: they may be many times smaller.
    """
    rows = crawl.wanted()
    counts = [row.page_count for row in rows if row.page_count is not None]
    mean = sum(counts) / len(counts) if counts else _CHAPTER_PAGES
    total = sum(counts) + mean * (len(rows) - len(counts))
    sizes = [row.bytes for row in crawl.ledger.pages.values() if row.path and row.bytes]
    average = sum(sizes) / len(sizes) if sizes else _PAGE_BYTES
    needed = average * max(0, total - crawl.stored_total())
    if crawl.keeps_pages and "cbz" in crawl.choices.formats:
        volumes = crawl.ledger.volumes.values()
        bound = sum(row.bytes for row in volumes if row.path.startswith("library/"))
        needed += max(0, average * total - bound)
    return round(needed)


def check(crawl: "SeriesCrawl") -> None:
    """Raise DiskError where what a series still needs is more than the disk has."""
    if needed_bytes(crawl) > shutil.disk_usage(crawl.output).free:
        raise DiskError(f"no room in {crawl.output}: {_needs(crawl)}")


def explained(crawl: "SeriesCrawl", error: DiskError) -> DiskError:
    """An error of the disk's; where it is full, with what the series needs and what there is."""
    return DiskError(f"{error}; {_needs(crawl)}") if isinstance(error, DiskFull) else error


def _needs(crawl: "SeriesCrawl") -> str:
    free = shutil.disk_usage(crawl.output).free
    return f"it needs about {_megabytes(needed_bytes(crawl))} MB, has {_megabytes(free)}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}" if count < 10e6 else f"{count / 1e6:.0f}"
