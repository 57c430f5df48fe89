"""`scrapy verify`: proves that every stored page and volume is what was fetched and made."""

import argparse
import os
import sqlite3
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from scrapy.commands import ScrapyCommand

from mangacrawl.collection import series_called
from mangacrawl.errors import MangacrawlError
from mangacrawl.safe import visible
from mangacrawl.state import state_folder
from mangacrawl.verification import faults_in, read_record
from mangacrawl.words import counted

_INCOMPLETE = 3
_READERS = (os.cpu_count() or 1) + 2
"""Hashing leaves the interpreter free; two more read while the processors are at it."""


@dataclass(slots=True)
class _Found:
    """What is there, and what is wrong with it, of all series."""

    series: int = 0
    pages: int = 0
    volumes: int = 0
    missing: int = 0
    faults: int = 0


class Command(ScrapyCommand):
    """Verifies all series, or those named."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] [series ...]"

    def short_desc(self) -> str:
        return "Prove that stored pages and volumes are undamaged"

    def long_desc(self) -> str:
        return (
            "Hashes every stored page and volume, of all series or of those named by title, id or "
            "key, and names each that is not as it was. Exit code 3 if there is any."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None  # noqa: S101 - for mypy
        output = Path(self.settings["MANGA_OUTPUT_DIR"])
        started = monotonic()
        try:
            state = state_folder(self.settings)
            ledgers = [each.ledger for each in series_called(args, state)]
        except MangacrawlError as error:
            self.exitcode = error.exit_code
            sys.stderr.write(f"{error}\n")
            return
        found = _verify(output, ledgers or sorted(state.glob("*.sqlite")))
        self.exitcode = _INCOMPLETE if found.faults else 0
        sys.stderr.write(f"{_verdict(found, monotonic() - started)}\n")


def _verify(output: Path, ledgers: Iterable[Path]) -> _Found:
    found = _Found()
    with ThreadPoolExecutor(_READERS) as readers:
        for ledger in ledgers:
            found.series += 1
            try:
                _verify_one(output, ledger, readers, found)
            except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
                found.faults += 1
                _say(f"{ledger} cannot be read: {error}")
    return found


def _verify_one(output: Path, ledger: Path, readers: ThreadPoolExecutor, found: _Found) -> None:
    record = read_record(ledger)
    faults = faults_in(output, record, readers)
    if faults:  # a crawl may have written a volume anew meanwhile
        after = read_record(ledger)
        current = {*after.pages, *after.volumes}
        faults = [fault for fault in faults if fault.row in current]
    found.pages += len(record.pages)
    found.volumes += len(record.volumes)
    found.missing += record.missing
    found.faults += len(faults)
    for fault in faults:
        _say(str(fault))


def _say(line: str) -> None:
    sys.stdout.write(f"{visible(line)}\n")


def _verdict(found: _Found, seconds: float) -> str:
    what = f"{found.series} series, {counted(found.pages, 'page')}"
    what += f", {counted(found.volumes, 'volume')}"
    how = "as recorded"
    if found.faults:
        verb = "is" if found.faults == 1 else "are"
        how = f"{counted(found.faults, 'file')} {verb} not as recorded"
    if found.missing:
        how += f", {counted(found.missing, 'page')} not fetched yet"
    return f"verified {what}: {how}, {seconds:.0f} s"
