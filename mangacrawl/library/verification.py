"""Proves that what the ledgers record is on disk, byte for byte."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mangacrawl.library.rows import CoverRow, PageRow, VolumeRow, chapter_of, series_of, volume_of
from mangacrawl.safe import visible
from mangacrawl.volumes.originals import original_size, read_original

_CHUNK_BYTES = 1 << 20

Row = PageRow | CoverRow | VolumeRow


@dataclass(frozen=True, slots=True)
class Record:
    """What a ledger says is on disk.

    ``pages`` and ``covers`` are the stored ones, ``missing`` counts the pages of wanted chapters
    that are not, and ``labels`` has the shortest name of each chapter, by its id.
    """

    title: str
    pages: tuple[PageRow, ...]
    covers: tuple[CoverRow, ...]
    volumes: tuple[VolumeRow, ...]
    missing: int
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is not as recorded: its path in the output folder, and what is wrong with it.

    ``row`` is the page, the cover or the volume that it was.
    """

    path: str
    what: str
    row: Row
    name: str

    def __str__(self) -> str:
        return visible(f"{self.path} {self.what} ({self.name})")


def read_record(ledger: Path) -> Record:
    """Read a ledger that may be another process's.

    Raises sqlite3.Error, ValueError, TypeError or KeyError where it cannot be read.
    """
    # Opened for writing, since the last reader of a write-ahead log has to clear it away.
    address = f"{ledger.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True)) as reader:
        reader.execute("BEGIN")
        series = series_of(dict(reader.execute("SELECT name, value FROM facts")))
        chapters = list(reader.execute("SELECT record, is_wanted, unavailable FROM chapters"))
        covers = tuple(row for row in _covers(reader) if row.path)
        pages = [PageRow(*row) for row in reader.execute("SELECT * FROM pages")]
        volumes = tuple(map(volume_of, reader.execute("SELECT * FROM volumes")))
    known = [(chapter_of(text), wanted and gone is None) for text, wanted, gone in chapters]
    wanted = {chapter.id for chapter, is_wanted in known if is_wanted}
    return Record(
        title=series.title if series else ledger.stem,
        pages=tuple(row for row in pages if row.path and row.sha256 and row.bytes is not None),
        covers=covers,
        volumes=volumes,
        missing=sum(row.path is None and row.chapter_id in wanted for row in pages),
        labels={chapter.id: chapter.label for chapter, _ in known},
    )


def _covers(reader: sqlite3.Connection) -> Iterator[CoverRow]:
    """None in the ledger of a version that knew none."""
    if reader.execute("SELECT 1 FROM sqlite_master WHERE name = 'covers'").fetchone():
        yield from (CoverRow(*row) for row in reader.execute("SELECT * FROM covers"))


def faults_in(output: Path, record: Record, readers: ThreadPoolExecutor) -> list[Fault]:
    """Hash every stored page, cover and volume: what is wrong, in the order of the ledger.

    A page in a volume is looked at by itself where the volume is not proved whole.
    """
    pages = (row for row in record.pages if row.entry is None)
    files: list[Row] = [*pages, *record.covers, *record.volumes]
    look_at = partial(_fault_of, output, record)
    found = [fault for fault in readers.map(look_at, files) if fault]
    whole = {row.path for row in record.volumes} - {fault.path for fault in found}
    inside = [row for row in record.pages if row.entry]
    look_into = partial(_fault_inside, output, record, whole)
    return [*found, *(fault for fault in readers.map(look_into, inside) if fault)]


def _fault_of(output: Path, record: Record, row: Row) -> Fault | None:
    path = row.path or ""
    what = _wrong(output / path, row.bytes or 0, row.sha256 or "")
    return Fault(path, what, row, _name(record, row)) if what else None


def _wrong(path: Path, wanted: int, sha256: str) -> str | None:
    """What is wrong with a file of `wanted` bytes, in words that follow its name."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < wanted:
                return f"is cut to {size:,} of {wanted:,} bytes"
            if size > wanted:
                return f"has {size:,} bytes instead of {wanted:,}"
            if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                return None
            file.seek(0)
            has_content = any(any(chunk) for chunk in iter(partial(file.read, _CHUNK_BYTES), b""))
            return "has changed" if has_content else "is all zeros"
    except FileNotFoundError:
        return "is gone"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"


def _fault_inside(output: Path, record: Record, whole: set[str], row: PageRow) -> Fault | None:
    """What is wrong with a page in a volume; one that is proved whole only has to have it."""
    path = output / (row.path or "")
    size = row.bytes or 0
    if original_size(path, row.entry) != size:
        what = "is gone"
    elif row.path in whole:
        return None
    else:
        try:
            content = read_original(path, row.entry, size)
        except OSError as error:
            what = f"cannot be read: {error.strerror or error}"
        else:
            if hashlib.sha256(content).hexdigest() == row.sha256:
                return None
            what = "has changed"
    return Fault(f"{row.path}/{row.entry}", what, row, _name(record, row))


def _name(record: Record, row: Row) -> str:
    if isinstance(row, CoverRow):
        return f"{record.title}, cover" + (f" of volume {row.volume}" if row.volume else "")
    if isinstance(row, VolumeRow):
        return record.title
    label = record.labels.get(row.chapter_id, row.chapter_id)
    return f"{record.title}, chapter {label}, page {row.number}"
