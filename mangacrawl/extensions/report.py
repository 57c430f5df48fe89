"""Looks at the pool while a run lasts and reports on each series when it ends."""

import asyncio
from pathlib import Path
from time import monotonic
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall

from mangacrawl.downloader import BoundedDownloader
from mangacrawl.errors import DiskError
from mangacrawl.extensions.throttle import Pool, Throttle
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.safe import visible
from mangacrawl.signals import series_finished
from mangacrawl.spiders.manga import MangaSpider, spider_of
from mangacrawl.verdict import Verdict, holes
from mangacrawl.web.report import Report, write_report
from mangacrawl.web.timeline import Sample, Timeline
from mangacrawl.words import now

_LOOK_SECONDS = 0.25


class RunReport:
    """Writes ``web/<series>/report.html`` and ``report.json``; `written` waits for them."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.output = Path(crawler.settings["MANGA_OUTPUT_DIR"])
        self.cap = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._began = monotonic()
        self._started = now()
        self._timelines: dict[str, Timeline] = {}
        self._fetched: dict[str, int] = {}
        """Pages that ended series brought, by source."""
        self._seen: dict[str, tuple[int, int]] = {}
        """Pages and errors at the last look, by source."""
        self._looking = AsyncioLoopingCall(self._look)
        self._writing: list[asyncio.Task[None]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.series_finished, series_finished)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        if isinstance(spider, MangaSpider):
            self._looking.start(_LOOK_SECONDS, now=False)

    def series_finished(self, crawl: SeriesCrawl, verdict: Verdict) -> None:
        self._look()
        key = crawl.source.key
        self._fetched[key] = self._fetched.get(key, 0) + crawl.fetched
        folder = self.output / "web" / crawl.key
        report = self._report_on(crawl, verdict)
        self._writing.append(asyncio.ensure_future(self._write(folder, report)))

    def spider_closed(self) -> None:
        if self._looking.running:
            self._looking.stop()

    async def written(self) -> None:
        """Wait until the reports on all series that have ended are on the disk."""
        await asyncio.gather(*self._writing)

    async def _write(self, folder: Path, report: Report) -> None:
        try:
            await asyncio.to_thread(write_report, folder, report)
        except OSError as error:
            problem = DiskError.of(f"write the report on {report.series}", error)
            spider_of(self.crawler).problems.append(problem)

    def _look(self) -> None:
        """Take a sample of each site that is being crawled."""
        fetched = dict(self._fetched)
        for run in spider_of(self.crawler).runs:
            if run.crawl is not None:
                key = run.target.source.key
                fetched[key] = fetched.get(key, 0) + run.crawl.fetched
        for key, pages in fetched.items():
            self._timelines.setdefault(key, Timeline()).add(self._sample(key, pages))

    def _sample(self, key: str, pages: int) -> Sample:
        throttle = self.crawler.get_extension(Throttle)
        pool = throttle.look(key) if throttle else Pool(0, self.cap, 0.0)
        errors = self._stat("retry/count") + self._stat("manga/pages/failed")
        pages_before, errors_before = self._seen.get(key, (0, 0))
        self._seen[key] = (pages, errors)
        return Sample(
            at=round(monotonic() - self._began, 2),
            in_flight=pool.in_flight,
            window=round(pool.window, 2),
            latency=round(pool.latency, 4),
            pages=pages - pages_before,
            errors=errors - errors_before,
        )

    def _report_on(self, crawl: SeriesCrawl, verdict: Verdict) -> Report:
        downloader = self.crawler.engine.downloader
        disk = crawl.bytes_on_disk()
        return Report(
            series=visible(crawl.series.title),
            verdict=verdict.words,
            exit_code=verdict.exit_code,
            started=self._started,
            seconds=round(monotonic() - self._began, 2),
            pages=crawl.page_total(),
            stored=crawl.stored_total(),
            fetched=crawl.fetched,
            volumes=len(crawl.ledger.volumes),
            missing=tuple(holes(crawl)),
            requests=self._counts("downloader/response_status_count/")
            | self._counts("downloader/exception_type_count/"),
            retries=self._counts("retry/reason_count/"),
            waits=self._stat("manga/throttle/pauses"),
            waited_seconds=self._stat("manga/throttle/pause_milliseconds") / 1000,
            robots=tuple(self._robots()),
            received_bytes=self._stat("downloader/response_bytes"),
            pages_bytes=disk["pages"],
            library_bytes=disk["library"],
            devices_bytes=disk["devices"],
            pool_cap=self.cap,
            pool_peak=downloader.peak if isinstance(downloader, BoundedDownloader) else 0,
            series_in_run=len(spider_of(self.crawler).runs),
            timeline=self._timelines[crawl.source.key].taken(),
        )

    def _robots(self) -> list[str]:
        if not self.crawler.settings.getbool("ROBOTSTXT_OBEY"):
            return ["not asked: ROBOTSTXT_OBEY is off"]
        answers = self._counts("robotstxt/response_status_count/")
        lines = [
            f"answered {status}: " + ("its rules are kept" if status == "200" else "no rules")
            for status in answers
        ]
        forbidden = self._stat("robotstxt/forbidden")
        lines += [f"forbids what was asked for: {forbidden}"] * bool(forbidden)
        pace = self._stat("manga/throttle/pace_seconds")
        lines += [f"asks for {pace:g} s between requests: kept"] * bool(pace)
        return lines or ["did not answer"]

    def _stat(self, name: str) -> int:
        count: int = self.crawler.stats.get_value(name, 0)
        return count

    def _counts(self, prefix: str) -> dict[str, int]:
        """The stats below a name, without it and without the modules of exceptions; most first."""
        found = {
            name.removeprefix(prefix).rpartition(".")[2]: count
            for name, count in self.crawler.stats.get_stats().items()
            if name.startswith(prefix)
        }
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))
