"""Whether the disk has room for what a series still needs."""

import shutil
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mangacrawl.errors import DiskError, DiskFull

if TYPE_CHECKING:
    from mangacrawl.library.series_crawl import SeriesCrawl

_CHAPTER_PAGES, _PAGE_BYTES = 10, 100_000
"""What is taken for granted of a series of which nothing is known."""

_LEAST_PAGE_BYTES = 20_000
_ENOUGH_PAGES = 20
"""So many stored pages tell how large the others are, within a factor of two."""


def needed_bytes(crawl: "SeriesCrawl") -> int:
    """About how much a series still needs: its missing pages, and volumes of the same size."""
    counts = [row.page_count for row in crawl.wanted() if row.page_count is not None]
    mean = sum(counts) / len(counts) if counts else _CHAPTER_PAGES
    sizes = _sizes(crawl)
    average = sum(sizes) / len(sizes) if sizes else _PAGE_BYTES
    return _needed(crawl, mean, average, crawl.choices.formats)


def check(crawl: "SeriesCrawl") -> None:
    """Raise DiskError where what a series still needs is surely more than the disk has.

    Sure are a page for each chapter not listed yet, half the size of the pages so far, and no
    volumes for a screen, whose pages may be many times smaller: what would fit must not be refused,
    and a disk that does fill up ends the crawl without harm.
    """
    sizes = _sizes(crawl)
    is_known = len(sizes) >= _ENOUGH_PAGES
    size = sum(sizes) / len(sizes) / 2 if is_known else _LEAST_PAGE_BYTES
    is_original = crawl.choices.device == "none"
    forms = [form for form in crawl.choices.formats if form == "cbz" or is_original]
    if _needed(crawl, 1, size, forms) > shutil.disk_usage(crawl.output).free:
        raise DiskError(f"no room in {crawl.output}: {_needs(crawl)}")


def doubt(crawl: "SeriesCrawl") -> str | None:
    """What to tell the user where a series may not fit; None where it should."""
    if needed_bytes(crawl) <= shutil.disk_usage(crawl.output).free:
        return None
    return f"the disk of {crawl.output} may fill up: {_needs(crawl)}"


def _sizes(crawl: "SeriesCrawl") -> list[int]:
    return [row.bytes for row in crawl.ledger.pages.values() if row.path and row.bytes]


def _needed(
    crawl: "SeriesCrawl", chapter_pages: float, page_bytes: float, forms: Iterable[str]
) -> int:
    """What is needed if pages are so large, and chapters not listed yet so long, on average."""
    rows = crawl.wanted()
    total = sum(chapter_pages if row.page_count is None else row.page_count for row in rows)
    needed = page_bytes * max(0, total - crawl.stored_total())
    for form in forms:
        if form != "cbz" or crawl.keeps_pages:
            shelf, volumes = f"{crawl.choices.shelf(form)}/", crawl.ledger.volumes.values()
            bound = (row for row in volumes if row.path.startswith(shelf))
            written = sum(row.bytes for row in bound if row.path.endswith(f".{form}"))
            needed += max(0, page_bytes * total - written)
    return round(needed)


def explained(crawl: "SeriesCrawl", error: DiskError) -> DiskError:
    """An error of the disk's; where it is full, with what the series needs and what there is."""
    return DiskError(f"{error}; {_needs(crawl)}") if isinstance(error, DiskFull) else error


def _needs(crawl: "SeriesCrawl") -> str:
    free = shutil.disk_usage(crawl.output).free
    return f"it needs about {_megabytes(needed_bytes(crawl))} MB, has {_megabytes(free)}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}" if count < 10e6 else f"{count / 1e6:.0f}"
