"""`scrapy crawl` with checked arguments, a quiet terminal and honest exit codes."""

import argparse
import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from scrapy import signals
from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import Crawler

from mangacrawl import hook
from mangacrawl.crawl.updates import Wanted
from mangacrawl.downloader import BoundedDownloader
from mangacrawl.errors import DiskError, MangacrawlError
from mangacrawl.library.series_lock import SeriesLock
from mangacrawl.library.state import state_folder
from mangacrawl.memory import collect_less, collect_no_more, spare_memory
from mangacrawl.safe import visible
from mangacrawl.spiders.manga import MangaSpider, spider_of
from mangacrawl.stopping import Stopping
from mangacrawl.target import HELP, Target
from mangacrawl.terminal import PlainCommand, begin_to_speak, say_how_it_ended
from mangacrawl.verdict import Cost, Verdict, run_verdict
from mangacrawl.wire.logins import Logins

logger = logging.getLogger(__name__)

_LOST_FEEDS = "feedexport/failed_count/"

_INTERNAL = MangacrawlError("ended by a fault of the program; -L DEBUG shows it")


class Command(PlainCommand, CrawlCommand):
    """Crawls ``manga``; any other spider is left to stock Scrapy.

    ``problem`` is what the last crawl ended with, None where all went well.
    """

    problem: MangacrawlError | None = None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None  # noqa: S101 - for mypy
        begin_to_speak(self.settings)
        if args != [MangaSpider.name]:
            super().run(args, opts)
            return
        if opts.spargs.get("help") == "yes":
            sys.stdout.write(HELP)
            return
        try:
            wanted = Wanted.parse(opts.spargs, self.settings)
            Logins.read(self.settings).check(each.source.key for each in wanted.targets)
            _check_output(Path(self.settings["MANGA_OUTPUT_DIR"]))
            if len(wanted.targets) == 1 and not wanted.targets[0].is_list:
                _refuse_second(wanted.targets[0], state_folder(self.settings))
        except MangacrawlError as error:
            self._end(Verdict(error, visible(str(error))))
            return
        self._crawl(opts)

    def _crawl(self, opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None  # noqa: S101 - for mypy
        assert self.settings is not None  # noqa: S101 - for mypy
        started = monotonic()
        crawler = self._create_crawler(MangaSpider.name)
        begin_to_speak(self.settings)
        if self.settings["LOG_LEVEL"] != "DEBUG":
            crawler.signals.connect(_hide_tracebacks, signals.engine_started)
        if self.settings["JOBDIR"]:
            logger.warning(
                "JOBDIR is not needed and not safe: whoever writes there runs code here (pickle)"
            )
        collect_less()
        spare_memory()
        with Stopping(crawler).heeded():
            self.crawler_process.crawl(crawler, **opts.spargs)
            self.crawler_process.start(install_signal_handlers=False)
        seconds = monotonic() - started
        if crawler.spider is None or self.crawler_process.bootstrap_failed:
            self._end(Verdict(_INTERNAL, str(_INTERNAL)))
        else:
            spider = spider_of(crawler)
            series = [*spider.lost, *(run.verdict for run in spider.runs if run.verdict)]
            self._end(_sum_up(crawler, series, seconds), series)

    def _end(self, verdict: Verdict, series: Sequence[Verdict] = ()) -> None:
        """Say how it ended, last."""
        assert self.settings is not None  # noqa: S101 - for mypy
        if command := self.settings["MANGA_ON_END"]:
            hook.tell(command, verdict, series, Path(self.settings["MANGA_OUTPUT_DIR"]))
        self.problem = verdict.problem
        self.exitcode = say_how_it_ended(verdict, self.settings)
        collect_no_more()


def _sum_up(crawler: Crawler, series: Sequence[Verdict], seconds: float) -> Verdict:
    spider = spider_of(crawler)
    problems = list(spider.problems)
    stats = crawler.stats
    lost_feeds = sum(n for name, n in stats.get_stats().items() if name.startswith(_LOST_FEEDS))
    if lost_feeds:
        problems.append(DiskError("a feed could not be stored; the same command makes it anew"))
    if stats.get_value("log_count/ERROR", 0) > lost_feeds:  # only Scrapy logs errors till now
        problems.append(_INTERNAL)
    downloader = crawler.engine.downloader
    peak = downloader.peak if isinstance(downloader, BoundedDownloader) else 0
    retries = stats.get_value("retry/count", 0) + sum(run.retries for run in spider.runs)
    total = len(spider.runs) + len(spider.lost)
    return run_verdict(series, total, problems, Cost(seconds, peak, retries))


def _check_output(output: Path) -> None:
    """Prove before the first request that the output can be written; raises DiskError."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output) as proof:
            proof.write(b"\0")
    except OSError as error:
        raise DiskError(f"cannot write into {output}: {error.strerror or error}") from error


def _refuse_second(target: Target, state: Path) -> None:
    """Raise AlreadyRunning before any request, as far as the series' id is known by then."""
    SeriesLock(state / f"{target.key}.lock").refuse_second(target.asked_for)


def _hide_tracebacks() -> None:
    for handler in logging.root.handlers:
        handler.addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    if record.exc_info and record.exc_info[1]:
        record.msg, record.args = f"{record.getMessage()}: {visible(str(record.exc_info[1]))}", ()
    record.exc_info = None
    record.exc_text = None
    return True
