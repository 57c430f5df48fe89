"""Whether the disk has room for what a series still needs."""

import shutil
from typing import TYPE_CHECKING

from mangacrawl.errors import DiskError, DiskFull

if TYPE_CHECKING:
    from mangacrawl.series_crawl import SeriesCrawl

_CHAPTER_PAGES, _PAGE_BYTES = 10, 100_000
"""What is taken for granted of a series of which nothing is known."""

_LEAST_PAGE_BYTES = 20_000
_ENOUGH_PAGES = 20
"""So many stored pages tell how large the others are, within a factor of two."""


def needed_bytes(crawl: "SeriesCrawl") -> int:
    """About how much a series still needs: its missing pages, and CBZs beside the pages.

    Volumes for devices are not counted: they may be many times smaller.
    """
    counts = [row.page_count for row in crawl.wanted() if row.page_count is not None]
    mean = sum(counts) / len(counts) if counts else _CHAPTER_PAGES
    sizes = _sizes(crawl)
    return _needed(crawl, mean, sum(sizes) / len(sizes) if sizes else _PAGE_BYTES)


def check(crawl: "SeriesCrawl") -> None:
    """Raise DiskError where what a series still needs is surely more than the disk has.

    Sure are a page for each chapter not listed yet, and half the size of the pages so far: what
    would fit must not be refused, and a disk that does fill up ends the crawl without harm.
    """
    sizes = _sizes(crawl)
    is_known = len(sizes) >= _ENOUGH_PAGES
    least = _needed(crawl, 1, sum(sizes) / len(sizes) / 2 if is_known else _LEAST_PAGE_BYTES)
    if least > shutil.disk_usage(crawl.output).free:
        raise DiskError(f"no room in {crawl.output}: {_needs(crawl)}")


def doubt(crawl: "SeriesCrawl") -> str | None:
    """What to tell the user where a series may not fit; None where it should."""
    if needed_bytes(crawl) <= shutil.disk_usage(crawl.output).free:
        return None
    return f"the disk of {crawl.output} may fill up: {_needs(crawl)}"


def _sizes(crawl: "SeriesCrawl") -> list[int]:
    return [row.bytes for row in crawl.ledger.pages.values() if row.path and row.bytes]


def _needed(crawl: "SeriesCrawl", chapter_pages: float, page_bytes: float) -> int:
    """What is needed if chapters that were not listed yet and pages are on average so large."""
    rows = crawl.wanted()
    total = sum(chapter_pages if row.page_count is None else row.page_count for row in rows)
    needed = page_bytes * max(0, total - crawl.stored_total())
    if crawl.keeps_pages and "cbz" in crawl.choices.formats:
        volumes = crawl.ledger.volumes.values()
        bound = sum(row.bytes for row in volumes if row.path.startswith("library/"))
        needed += max(0, page_bytes * total - bound)
    return round(needed)


def explained(crawl: "SeriesCrawl", error: DiskError) -> DiskError:
    """An error of the disk's; where it is full, with what the series needs and what there is."""
    return DiskError(f"{error}; {_needs(crawl)}") if isinstance(error, DiskFull) else error


def _needs(crawl: "SeriesCrawl") -> str:
    free = shutil.disk_usage(crawl.output).free
    return f"it needs about {_megabytes(needed_bytes(crawl))} MB, has {_megabytes(free)}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}" if count < 10e6 else f"{count / 1e6:.0f}"
