"""Has what is damaged made anew: the ledger is told, a crawl fetches, the bindery writes."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import CoverRow, PageRow
from mangacrawl.library.series_lock import SeriesLock
from mangacrawl.library.verification import Fault


def mark(ledger: Path, title: str, faults: Sequence[Fault]) -> bool:
    """Note in a ledger that pictures are missing and volumes to be written again.

    Tells whether there are pictures among it, for which the site has to be asked. Raises
    AlreadyRunning where another process has the series, DiskError.
    """
    lock = SeriesLock(ledger.with_suffix(".lock"))
    lock.acquire(title)
    try:
        with closing(Ledger(ledger)) as rows:
            return sum(_mark(rows, fault) for fault in faults) > 0
    finally:
        lock.release()


def _mark(rows: Ledger, fault: Fault) -> bool:
    """Mark one file; nothing to do where another process has made it anew meanwhile."""
    row = fault.row
    if isinstance(row, PageRow):
        if rows.pages.get((row.chapter_id, row.number)) != row:
            return False
        why = f"its stored file {fault.what}"
        rows.save_page(PageRow(row.chapter_id, row.number, row.url, row.image_url, error=why))
        return True
    if isinstance(row, CoverRow):
        rows.save_cover(CoverRow(row.volume))
        return True
    if rows.volumes.get(row.path) == row:
        rows.save_volume(replace(row, signature=""), rows.path.parent)
    return False
