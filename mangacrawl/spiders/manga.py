"""The one spider: it walks index, chapters and pages of whatever source it is given."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.settings import BaseSettings

from mangacrawl.binding.bindery import binders
from mangacrawl.crawl.covers import keepers
from mangacrawl.crawl.index import Index, NothingKnown
from mangacrawl.crawl.pending import Output
from mangacrawl.crawl.preview import preview, show
from mangacrawl.crawl.series_run import SeriesRun
from mangacrawl.crawl.updates import Wanted
from mangacrawl.downloader import BoundedDownloader
from mangacrawl.errors import ArgumentError, MangacrawlError
from mangacrawl.failures import has_expired, is_final
from mangacrawl.items import PageItem
from mangacrawl.library.collection import KnownSeries, known_series
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.library.state import state_folder
from mangacrawl.library.summary import read_facts
from mangacrawl.library.whereabouts import find
from mangacrawl.signals import series_finished
from mangacrawl.source import Response, Source
from mangacrawl.target import Target
from mangacrawl.terminal import say_one_of_many
from mangacrawl.verdict import Verdict

logger = logging.getLogger(__name__)

_SERIES_AT_ONCE = 16
"""Each has its ledger in memory."""


class MangaSpider(Spider):
    """Asks the targets' sources what to request and how to read it; knows no HTML.

    ``runs`` are the series in the order they are crawled in, ``lost`` are those that cannot be;
    ``problems`` are those of the whole run, not of one series.
    """

    name = "manga"

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__()  # plain Scrapy would rename the spider to what `name=` says
        self.arguments = arguments | ({"name": name} if name is not None else {})
        self.runs: list[SeriesRun] = []
        self.lost: list[Verdict] = []
        self.problems: list[MangacrawlError] = []
        self.is_ending = False
        """Whether the run gives up: what fails from then on was not asked for, it did not fail."""
        self._run_of: dict[tuple[str, str], SeriesRun] = {}
        self._library: list[KnownSeries] | None = None
        self._binders = binders()
        self._keepers = keepers()
        self._room = asyncio.Semaphore(_SERIES_AT_ONCE)
        self._conclusions: dict[SeriesRun, asyncio.Task[None]] = {}
        self._concluded = 0
        self._closing: asyncio.Future[None] | None = None
        self._sending: set[asyncio.Future[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.arguments:  # `scrapy shell` and `scrapy parse` give none
            wanted = spider.wanted(crawler.settings)
            spider.lost = [Verdict(error, str(error)) for error in wanted.lost]
            for target in wanted.targets:
                spider.take(target)
            crawler.signals.connect(spider.spider_idle, signals.spider_idle)
        return spider

    def wanted(self, settings: BaseSettings) -> Wanted:
        """What the arguments ask for; raises ArgumentError or NotFound."""
        return Wanted.parse(self.arguments, settings)

    @property
    def output(self) -> Path:
        return Path(self.settings["MANGA_OUTPUT_DIR"])

    @property
    def is_many(self) -> bool:
        """Whether each series is summed up in a line of its own."""
        return len(self.runs) + len(self.lost) > 1

    @property
    def sources(self) -> list[Source]:
        """The sources of all series."""
        return [run.target.source for run in self.runs]

    @property
    def hosts(self) -> set[str]:
        """The hosts that the user has named."""
        return {host for run in self.runs for host in run.target.hosts}

    def take(self, target: Target) -> SeriesRun:
        """Add a series to the run."""
        most = self.settings.getint("MANGA_MAX_CHAPTERS")
        run = SeriesRun(target, self._settled, self._begin, self._recall, most)
        self.runs.append(run)
        return run

    async def start(self) -> AsyncIterator[Output]:
        if not self.arguments:
            raise ArgumentError("say which series: -a name=…; -a help=yes lists all arguments")
        for verdict in self.lost:
            say_one_of_many(verdict)
        for notice in dict.fromkeys(each for run in self.runs for each in run.target.notices):
            logger.info(notice)
        for run in self.runs:
            await self._room.acquire()
            async for output in run.index.start():
                yield output

    async def _recall(self, target: Target) -> tuple[Target, Mapping[str, str]]:
        """A target as its ledger knows it, and what that remembers; nothing where there is none."""
        state = state_folder(self.settings)
        facts = await asyncio.to_thread(read_facts, state / f"{target.key}.sqlite")
        if facts is None:
            if self._library is None:
                self._library = await asyncio.to_thread(known_series, state)
            found = find(target.key, self._library)
            if found:
                target, facts = replace(target, ledger=found.ledger.stem), dict(found.facts)
        return target.recalling(facts or {}), facts or {}

    def spider_idle(self) -> None:
        """Nothing is on its way; the run ends when its last volume is written."""
        for run in self.runs:
            self._settled(run)
        raise DontCloseSpider

    def item_settled(self, item: PageItem) -> None:
        """An item is through the pipelines; told by `Settling`."""
        self.run_of(item).pending.end()

    def run_of(self, item: PageItem) -> SeriesRun:
        """The run of the series that an item belongs to."""
        return self._run_of[item.source, item.series_id]

    def crawl_of(self, item: PageItem) -> SeriesCrawl:
        """The series that an item belongs to; it is open while it has items on their way."""
        crawl = self.run_of(item).crawl
        assert crawl is not None  # noqa: S101 - for mypy
        return crawl

    def is_settled(self, item: PageItem) -> bool:
        """Whether a failed page will not be asked for again in this run."""
        is_hopeless = is_final(item.error) and not has_expired(item)
        return self.run_of(item).is_last_round or is_hopeless

    def give_up(self, why: MangacrawlError) -> None:
        """End the run at once: what is queued or on the wire is dropped."""
        if not self.is_ending:
            self.drop_requests(why)
            self._close(type(why).__name__.lower())

    def drop_requests(self, why: MangacrawlError) -> None:
        """Send nothing more; for who sees to it himself that the spider is closed."""
        self.is_ending = True
        self.problems.append(why)
        downloader = self.crawler.engine.downloader
        if isinstance(downloader, BoundedDownloader):
            downloader.stop()

    async def conclude(self) -> None:
        """See to it that every series has its volumes, its ledger closed and its verdict."""
        for run in self.runs:
            if run.crawl or not self.is_many:
                self._conclude(run)
        await asyncio.gather(*self._conclusions.values())

    def parse_series(self, response: Response) -> AsyncIterator[Output]:
        """For `scrapy parse`, which names only the page."""
        run = self.take(Target.parse({"url": response.url}, self.settings))
        return run.index.parse_series(response, Request(response.url))

    async def _begin(self, run: SeriesRun, index: Index) -> AsyncIterator[Output]:
        state = state_folder(self.settings)
        try:
            if run.target.is_list:
                run.preview = await asyncio.to_thread(
                    preview, self.output, state, run.target, index
                )
                show(run.preview, is_one_of_many=self.is_many)
                return
            crawl = await asyncio.to_thread(SeriesCrawl.open, self.output, state, run.target, index)
        except NothingKnown:
            yield run.index.anew()
            return
        except MangacrawlError as error:
            run.problems.append(error)
            return
        self._run_of[crawl.source.key, crawl.series.id] = run
        outputs = run.begin(crawl, self._binders, self._keepers)
        if all(each.is_pagewise for each in self.runs):
            self.crawler.engine.scraper.concurrent_items = 1
        if not self.is_many:
            self._announce(crawl)
        for output in outputs:
            yield output

    def _announce(self, crawl: SeriesCrawl) -> None:
        for notice in crawl.notices:
            logger.warning("%s", notice)
        for name, value in crawl.as_before.items():
            logger.info("as before: %s=%s", name, value)
        pool = self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        shelves = dict.fromkeys(map(crawl.choices.shelf, crawl.choices.formats))
        into = " and ".join(str(crawl.output / shelf) for shelf in shelves)
        logger.info("%s, pool of %d, into %s", crawl.outline(), pool, into)

    def _settled(self, run: SeriesRun) -> None:
        """Nothing of a series is on its way: ask again for what failed, or bring it to its end."""
        if self.is_ending or run in self._conclusions:
            return
        outputs = run.again()
        self._send(outputs)
        if not outputs:
            self._conclude(run)

    def _send(self, outputs: Iterable[Output]) -> None:
        """Send what comes of no response."""
        engine = self.crawler.engine
        for output in outputs:
            if isinstance(output, Request):
                engine.crawl(output)
            else:
                sending = engine.scraper.start_itemproc_async(output, response=None)
                task = asyncio.ensure_future(sending)
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    def _conclude(self, run: SeriesRun) -> None:
        if run not in self._conclusions:
            self._conclusions[run] = asyncio.ensure_future(self._finish(run))

    async def _finish(self, run: SeriesRun) -> None:
        try:
            await run.finish(self.problems, self._tell)
            if run.verdict and self.is_many:
                say_one_of_many(run.verdict)
        finally:
            self._room.release()
            self._concluded += 1
            if self._concluded == len(self.runs) and not self.is_ending:
                self._close("finished")

    def _tell(self, crawl: SeriesCrawl, verdict: Verdict) -> None:
        self.crawler.signals.send_catch_log(
            series_finished, spider=self, crawl=crawl, verdict=verdict
        )

    def _close(self, reason: str) -> None:
        closing = self.crawler.engine.close_spider_async(reason=reason)
        self._closing = asyncio.ensure_future(closing)


def spider_of(crawler: Crawler) -> MangaSpider:
    """The crawler's spider, for pipelines, which only ever run with this one."""
    spider = crawler.spider
    if not isinstance(spider, MangaSpider):
        raise TypeError(f"{spider} is not the spider manga")
    return spider
