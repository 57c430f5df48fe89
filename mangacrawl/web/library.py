"""The library page, every series in the output folder, and a page for each of them."""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from filelock import FileLock

from mangacrawl import atomic
from mangacrawl.library.holes import Hole
from mangacrawl.library.rows import VolumeRow, series_of
from mangacrawl.library.summary import Summary, read_summary
from mangacrawl.records import Series
from mangacrawl.safe import visible
from mangacrawl.volumes.names import whole_name
from mangacrawl.web.reader import File, reader_file
from mangacrawl.web.render import render

PAGE = "index.html"

PLAN = "plan"
"""The fact in a ledger that holds the planned volumes, as `as_plan` writes them."""

_LOCK_SECONDS = 60
"""Others who write the library page take a second or two."""


@dataclass(frozen=True, slots=True)
class PlannedVolume:
    """A volume of the plan, written or not: its file name without extension, its known pages."""

    name: str
    title: str
    pages: int
    missing: int


@dataclass(frozen=True, slots=True)
class ShelvedVolume:
    """A volume to show; ``reader`` is an address relative to the series' page, None without."""

    name: str
    reader: str | None
    pages: int
    missing: int
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class ShelvedSeries:
    """A series to show; addresses are relative to the library page, None where there is none.

    ``shelves`` are the folders with its files, by format; ``crawled`` is a date; ``source`` is
    an address on the web; ``facts`` are words about it; ``bytes`` are those of its volumes.
    """

    key: str
    title: str
    href: str
    cover: str | None
    read: str | None
    report: str | None
    source: str | None
    authors: tuple[str, ...]
    summary: str
    facts: tuple[str, ...]
    crawled: str
    books: tuple[ShelvedVolume, ...]
    shelves: tuple[tuple[str, str], ...]
    pages: int
    bytes: int
    holes: tuple[Hole, ...]

    @property
    def volumes(self) -> int:
        """How many volumes have a file."""
        return sum(bool(book.files) for book in self.books)


def write_library_page(output: Path, state: Path) -> int:
    """Render the pages, but leave files alone where nothing changed; returns how many series.

    `state` is the folder of ledgers. One process at a time: the last to write has read what the
    others wrote. Raises OSError where a page cannot be written.
    """
    if not state.is_dir():
        return 0
    with FileLock(state / "pages.lock", timeout=_LOCK_SECONDS):
        return _write_pages(output, state)


def _write_pages(output: Path, state: Path) -> int:
    ledgers = {path.stem: read_summary(path) for path in state.glob("*.sqlite")}
    found = [_shelved(key, ledger, output) for key, ledger in ledgers.items() if ledger]
    shelf = sorted((each for each in found if each), key=lambda each: each.title.casefold())
    if not shelf:
        return 0
    for series in shelf:
        folder = output / "web" / series.key
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_if_new(folder / PAGE, render("series", s=series))
    atomic.write_if_new(output / PAGE, render("library", has_script=True, shelf=shelf))
    return len(shelf)


def as_plan(volumes: list[PlannedVolume]) -> str:
    """The planned volumes as the ledger's fact keeps them."""
    return json.dumps([[each.name, each.title, each.pages, each.missing] for each in volumes])


def _shelved(key: str, ledger: Summary, output: Path) -> ShelvedSeries | None:
    series = series_of(ledger.facts)
    if series is None:
        return None
    web = f"web/{quote(key)}"
    folder = output / "web" / key
    books = _books(ledger, folder)
    readers = [book.reader for book in books if book.reader]
    shelves = {_label(row.path): row.path.rpartition("/")[0] for row in ledger.volumes}
    return ShelvedSeries(
        key=key,
        title=visible(series.title),
        href=f"{web}/{PAGE}",
        cover=f"{web}/cover.jpg" if (folder / "cover.jpg").exists() else None,
        read=f"{web}/{readers[0]}" if readers else None,
        report=f"{web}/report.html" if (folder / "report.html").exists() else None,
        source=series.url if series.url.startswith(("https://", "http://")) else None,
        authors=tuple(map(visible, dict.fromkeys((*series.authors, *series.artists)))),
        summary=visible(series.summary or ""),
        facts=_facts(series, ledger),
        crawled=(ledger.fetched_at or "")[:10],
        books=books,
        shelves=tuple((label, f"{quote(path)}/") for label, path in sorted(shelves.items())),
        pages=ledger.pages,
        bytes=sum(row.bytes for row in ledger.volumes),
        holes=ledger.holes,
    )


def _facts(series: Series, ledger: Summary) -> tuple[str, ...]:
    words = [series.status, series.year, series.language]
    if ledger.fetched_at:
        words.append(f"last fetched {ledger.fetched_at[:10]}")
    return tuple(visible(str(word)) for word in words if word)


def _books(ledger: Summary, folder: Path) -> tuple[ShelvedVolume, ...]:
    """The planned volumes in order, then what stands there besides."""
    files: dict[str, list[VolumeRow]] = {}
    for row in sorted(ledger.volumes, key=lambda row: row.path):
        files.setdefault(whole_name(PurePosixPath(row.path).name), []).append(row)
    planned = [PlannedVolume(*row) for row in json.loads(ledger.facts.get(PLAN, "[]"))]
    known = {each.name for each in planned}
    planned += [
        PlannedVolume(name, name, max(row.pages for row in rows), 0)
        for name, rows in files.items()
        if name not in known
    ]
    return tuple(
        ShelvedVolume(
            each.title,
            reader if (folder / (reader := reader_file(each.name))).exists() else None,
            each.pages,
            each.missing,
            tuple(file_of(row) for row in files.get(each.name, ())),
        )
        for each in planned
    )


def file_of(row: VolumeRow) -> File:
    """A volume's file as a link, relative to the output folder."""
    return File(_label(row.path), quote(row.path), row.bytes)


def _label(path: str) -> str:
    """The format, and the e-reader that it is for: "CBZ", "PDF (kindle-600x800)"."""
    form = PurePosixPath(path).suffix[1:].upper()
    shelf, *rest = path.split("/")
    return f"{form} ({rest[0]})" if shelf == "devices" and rest[0] != "original" else form
