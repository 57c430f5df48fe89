"""`scrapy verify`: proves that every stored page and volume is what was fetched and made."""

import argparse
import logging
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.log import configure_logging

from mangacrawl.binding import rebinding
from mangacrawl.commands.crawl import Command as CrawlCommand
from mangacrawl.errors import MangacrawlError, worst
from mangacrawl.library.collection import KnownSeries, known_series, series_called
from mangacrawl.library.repair import mark
from mangacrawl.library.state import state_folder
from mangacrawl.library.verification import Fault, faults_in, read_record
from mangacrawl.redaction import redact_logs
from mangacrawl.safe import visible
from mangacrawl.spiders.manga import MangaSpider
from mangacrawl.terminal import say_how_it_ended, use_plain_lines
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
    faults: dict[Path, list[Fault]] = field(default_factory=dict)
    """By the ledger that records the files; a ledger that cannot be read itself has none."""

    @property
    def fault_count(self) -> int:
        return sum(len(faults) or 1 for faults in self.faults.values())


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
            "key, and names each that is not as it was. Exit code 3 if there is any. With --repair "
            "pages are fetched and volumes are written again, just those."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--repair", action="store_true", help="fetch or write again what is not as recorded"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        redact_logs()
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None  # noqa: S101 - for mypy
        output, state = Path(self.settings["MANGA_OUTPUT_DIR"]), state_folder(self.settings)
        started = monotonic()
        try:
            ledgers = [each.ledger for each in series_called(args, state)]
        except MangacrawlError as error:
            self.exitcode = error.exit_code
            sys.stderr.write(f"{error}\n")
            return
        ledgers = ledgers or sorted(state.glob("*.sqlite"))
        found = _verify(output, ledgers)
        problem = None
        if opts.repair and found.faults:
            problem = self._repair(found.faults)
            found = _verify(output, ledgers)
        self.exitcode = problem.exit_code if problem else _INCOMPLETE * bool(found.faults)
        sys.stderr.write(f"{_verdict(found, monotonic() - started)}\n")

    def _repair(self, faults: Mapping[Path, Sequence[Fault]]) -> MangacrawlError | None:
        """Make anew what is damaged, asking sites only for pages; returns the worst problem."""
        assert self.settings is not None  # noqa: S101 - for mypy
        use_plain_lines(self.settings)
        configure_logging(self.settings)
        problems: list[MangacrawlError | None] = []
        fetched: list[KnownSeries] = []
        bound: list[KnownSeries] = []
        for series in known_series(state_folder(self.settings)):
            if series.ledger in faults:
                try:
                    needs_site = mark(series.ledger, series.series.title, faults[series.ledger])
                except MangacrawlError as error:
                    problems.append(error)
                    sys.stderr.write(f"{error}\n")
                else:
                    (fetched if needs_site else bound).append(series)
        if bound:
            verdict = rebinding.rebind_all(bound, {}, self.settings)
            say_how_it_ended(verdict, self.settings)
            problems.append(verdict.problem)
        if fetched:
            problems.append(self._crawl(fetched))
        return worst(filter(None, problems))

    def _crawl(self, series: Iterable[KnownSeries]) -> MangacrawlError | None:
        """Update these series, which now lack pages; returns the problem that it ended with."""
        assert self.settings is not None  # noqa: S101 - for mypy
        crawl = CrawlCommand()
        crawl.settings = self.settings
        logging.disable(logging.INFO)  # until it runs, as when it is typed
        crawl.crawler_process = AsyncCrawlerProcess(self.settings)
        with tempfile.TemporaryDirectory() as folder:
            names = Path(folder, "series.txt")
            names.write_text("\n".join(each.ledger.stem for each in series), encoding="utf-8")
            crawl.run([MangaSpider.name], argparse.Namespace(spargs={"update": f"@{names}"}))
        return crawl.problem


def _verify(output: Path, ledgers: Iterable[Path]) -> _Found:
    found = _Found()
    with ThreadPoolExecutor(_READERS) as readers:
        for ledger in ledgers:
            found.series += 1
            try:
                _verify_one(output, ledger, readers, found)
            except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
                found.faults[ledger] = []
                _say(f"{ledger} cannot be read: {error}")
    return found


def _verify_one(output: Path, ledger: Path, readers: ThreadPoolExecutor, found: _Found) -> None:
    record = read_record(ledger)
    faults = faults_in(output, record, readers)
    if faults:  # a crawl may have written a volume anew meanwhile
        after = read_record(ledger)
        current = {*after.pages, *after.covers, *after.volumes}
        faults = [fault for fault in faults if fault.row in current]
    found.pages += len(record.pages)
    found.volumes += len(record.volumes)
    found.missing += record.missing
    if faults:
        found.faults[ledger] = faults
    for fault in faults:
        _say(str(fault))


def _say(line: str) -> None:
    sys.stdout.write(f"{visible(line)}\n")


def _verdict(found: _Found, seconds: float) -> str:
    what = f"{found.series} series, {counted(found.pages, 'page')}"
    what += f", {counted(found.volumes, 'volume')}"
    how = "as recorded"
    if found.faults:
        verb = "is" if found.fault_count == 1 else "are"
        how = f"{counted(found.fault_count, 'file')} {verb} not as recorded"
    if found.missing:
        how += f", {counted(found.missing, 'page')} not fetched yet"
    return f"verified {what}: {how}, {seconds:.0f} s"
