"""What earlier runs left on disk, joined with the ledger when a series is opened."""

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mangacrawl import atomic
from mangacrawl.errors import DamagedLedger, DiskError, PageError
from mangacrawl.library import schema
from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import CoverRow, PageRow
from mangacrawl.pictures import inspect
from mangacrawl.safe import safe_key
from mangacrawl.volumes.names import chapter_tag
from mangacrawl.volumes.originals import original_size, read_original

logger = logging.getLogger(__name__)

_DECODERS = 4
_PAGE_FILE = re.compile(r"[0-9]{4,}\.[a-z]{3,4}")
_PAGE_ENTRY = re.compile(r"[0-9]{4,}_(.+)_p([0-9]{3,})\.[a-z]{3,4}")


def open_ledger(path: Path) -> Ledger:
    """Open a series' ledger; a damaged one is kept under another name and begun anew.

    Of a damaged one the user's choices are taken over, where they can still be read.
    """
    try:
        return Ledger(path)
    except DamagedLedger as error:
        aside = schema.set_aside(path)
        logger.warning("%s; it is kept as %s and rebuilt", error, aside.name)
    ledger = Ledger(path)
    for name, value in schema.readable_facts(aside).items():
        if name != "series":  # the sign that a ledger knows its pages
            ledger.save_fact(name, value)
    return ledger


def sweep(output: Path, key: str, folder: str) -> None:
    """Remove what a killed run left half written of a series; raises DiskError if that fails."""
    own = [output / kind / key for kind in ("pages", "covers", "web")]
    shelves = [output / "library", *(output / "devices").glob("*")]
    try:
        for place in (*own, *(shelf / folder for shelf in shelves)):
            atomic.sweep(place)
    except OSError as error:
        raise DiskError.of(f"remove {error.filename}", error) from error


def adopt_pages(ledger: Ledger, output: Path, folder: Path, library: Path) -> None:
    """Take over the pages that a lost ledger knew, from where the series' pages and CBZs are.

    What lies there is taken over as the page that its place says if it decodes; its chapter was
    asked for.
    """
    places = [*_entries(ledger, library)]
    places += [place for id_ in ledger.chapters for place in _files(folder / safe_key(id_), id_)]
    found = {(place.chapter_id, place.number): place for place in places}.values()
    if not found:
        return
    with ThreadPoolExecutor(_DECODERS) as decoders:
        adopted = [row for row in decoders.map(lambda place: _adopted(place, output), found) if row]
    for row in adopted:
        ledger.save_page(row)
    for id_ in {row.chapter_id for row in adopted}:
        ledger.save_chapter(replace(ledger.chapters[id_], is_wanted=True))
    logger.warning(
        "the ledger was lost; rebuilt it from %d of %d pages found on disk",
        len(adopted), len(found),
    )  # fmt: skip


def page_files(folder: Path) -> list[Path]:
    """The files in the folder of a chapter that are named as its pages are."""
    files = (path for path in folder.glob("*") if path.is_file() and not path.is_symlink())
    return [path for path in files if _PAGE_FILE.fullmatch(path.name)]


def stored_pages(ledger: Ledger, output: Path) -> Counter[str]:
    """How many pages of each chapter are stored; one whose file is gone or cut is missing again.

    What a chapter has beyond its pages, as the site counts them now, does not count.
    """
    stored: Counter[str] = Counter()
    for row in list(ledger.pages.values()):
        if row.path is None:
            continue
        if original_size(output / row.path, row.entry) == row.bytes:
            chapter = ledger.chapters.get(row.chapter_id)
            count = chapter.page_count if chapter else None
            stored[row.chapter_id] += count is None or row.number <= count
        else:
            ledger.save_page(PageRow(row.chapter_id, row.number, row.url, row.image_url))
    return stored


def forget_lost_covers(ledger: Ledger, output: Path) -> None:
    """Have a cover whose file is gone or cut fetched again."""
    for row in list(ledger.covers.values()):
        if row.path and original_size(output / row.path, None) != row.bytes:
            ledger.save_cover(CoverRow(row.volume))


def _entries(ledger: Ledger, library: Path) -> Iterator[PageRow]:
    """What CBZs hold, by the chapters that its names tell; none of chapters of one name."""
    tags: dict[str, list[str]] = {}
    for id_, row in ledger.chapters.items():
        tags.setdefault(chapter_tag(row.chapter), []).append(id_)
    for path in sorted(library.glob("*.cbz")):
        names: list[str] = []
        with suppress(OSError, BadZipFile), ZipFile(path) as archive:
            names = archive.namelist()
        for name in names:
            match = _PAGE_ENTRY.fullmatch(name)
            if match and len(ids := tags.get(match[1], [])) == 1:
                yield PageRow(ids[0], int(match[2]), path=str(path), entry=name)


def _files(folder: Path, chapter_id: str) -> Iterator[PageRow]:
    """The files of a chapter that may be pages; of two for one page neither can be trusted."""
    names = [(path.stem, path) for path in page_files(folder)]
    counts = Counter(number for number, _ in names)
    for number, path in sorted(names):
        if counts[number] == 1:
            yield PageRow(chapter_id, int(number), path=str(path))


def _adopted(place: PageRow, output: Path) -> PageRow | None:
    path = Path(place.path or "")
    try:
        body = read_original(path, place.entry, original_size(path, place.entry) or 0)
        picture = inspect(body)
    except (OSError, PageError):
        return None
    if not picture.has_end or picture.extension != Path(place.entry or path).suffix:
        return None
    return replace(
        place,
        path=path.relative_to(output).as_posix(),
        sha256=hashlib.sha256(body).hexdigest(),
        width=picture.width,
        height=picture.height,
        bytes=len(body),
        fetched_at=datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds"),
    )
