"""A look into the ledger of a series without holding it: another crawl may be writing there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from mangacrawl.library.holes import Hole, holes_in
from mangacrawl.library.rows import PageRow, VolumeRow, chapter_of, volume_of
from mangacrawl.safe import folded, safe_key
from mangacrawl.volumes.names import series_name

_WANTED = "FROM chapters {} JOIN pages ON chapter_id = id WHERE is_wanted AND unavailable IS NULL"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a ledger says.

    ``pages`` counts the known pages of wanted chapters, ``missing`` those of them not stored,
    ``bytes`` are those of the stored ones; ``holes`` also has the chapters that could not be
    listed. ``fetched_at`` is when the newest page came, None if none ever did.
    """

    facts: dict[str, str]
    volumes: tuple[VolumeRow, ...]
    pages: int
    missing: int
    bytes: int
    fetched_at: str | None
    holes: tuple[Hole, ...]


def read_facts(path: Path) -> dict[str, str] | None:
    """Read no more than the facts of a ledger; None if that cannot be done."""
    try:
        with closing(_reader(path)) as reader:
            return dict(reader.execute("SELECT name, value FROM facts"))
    except sqlite3.Error:
        return None


def free_folder(title: str, key: str, ledger: Path) -> str:
    """The folder named after a title, or after title and key where another series has it."""
    name = series_name(title)
    others = set(ledger.parent.glob("*.sqlite")) - {ledger}
    taken = {folded(facts.get("folder", "")) for facts in map(read_facts, others) if facts}
    return name if folded(name) not in taken else series_name(f"{name[:35]} [{safe_key(key, 12)}]")


def read_summary(path: Path) -> Summary | None:
    """Read a ledger; None if that cannot be done."""
    try:
        with closing(_reader(path)) as reader:
            facts = dict(reader.execute("SELECT name, value FROM facts"))
            volumes = tuple(map(volume_of, reader.execute("SELECT * FROM volumes")))
            pages, stored, size, fetched_at = reader.execute(
                "SELECT count(*), count(path), coalesce(sum(bytes), 0), max(fetched_at) "
                + _WANTED.format("")
            ).fetchone()
            holes = tuple(_holes(reader))
    except sqlite3.Error:
        return None
    return Summary(facts, volumes, pages, pages - stored, size, fetched_at, holes)


def _reader(path: Path) -> sqlite3.Connection:
    """Opened for writing, since the last reader of a write-ahead log has to clear it away."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)


def _holes(reader: sqlite3.Connection) -> Iterator[Hole]:
    rows = reader.execute(
        "SELECT record, page_count, id, number, error "
        + _WANTED.format("LEFT")
        + " AND path IS NULL ORDER BY position, number"
    )
    for (record, count), members in groupby(rows, key=lambda row: (row[0], row[1])):
        missing = [PageRow(id_, number or 1, error=error) for *_, id_, number, error in members]
        yield from holes_in(chapter_of(record).label, count, missing)
