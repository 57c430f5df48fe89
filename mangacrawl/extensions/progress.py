"""Shows how far a run is: on a terminal all the time, in a log every half minute."""

import logging
import sys
from time import monotonic
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from mangacrawl.extensions.throttle import Pool, Throttle
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.progress import Progress, Rate, Row
from mangacrawl.safe import visible
from mangacrawl.spiders.manga import MangaSpider, spider_of

if TYPE_CHECKING:
    from mangacrawl.display import Display

logger = logging.getLogger(__name__)

_DRAW_SECONDS = 0.5
_LOG_SECONDS = 30.0


class ShowProgress:
    """A terminal has it on stderr, unless the log goes elsewhere; NO_COLOR is rich's to heed."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.cap = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._display: Display | None = None
        self._rates: dict[str, Rate] = {}
        self._last_written: str | None = None
        self._looking = AsyncioLoopingCall(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("LOG_ENABLED"):
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        if not isinstance(spider, MangaSpider):
            return
        if sys.stderr.isatty() and not self.crawler.settings["LOG_FILE"]:
            from mangacrawl.display import Display  # noqa: PLC0415 - no terminal, no rich: 20 ms

            display = Display()
            if not display.console.is_dumb_terminal:
                self._display = display
                display.start()
        self._looking.start(_DRAW_SECONDS if self._display else _LOG_SECONDS, now=False)

    def spider_closed(self) -> None:
        if self._looking.running:
            self._looking.stop()
        if self._display:
            self._display.stop()

    def _look(self) -> None:
        crawls = [run.crawl for run in spider_of(self.crawler).runs if run.crawl]
        if not crawls:
            return
        progress = self._progress(crawls)
        if self._display:
            self._display.show(progress)
        else:
            logger.info("%s", progress.words)

    def _progress(self, crawls: list[SeriesCrawl]) -> Progress:
        throttle = self.crawler.get_extension(Throttle)
        keys = {crawl.source.key for crawl in crawls}
        pools = [throttle.look(key) if throttle else Pool(0, self.cap, 0.0) for key in keys]
        for crawl in crawls:
            self._last_written = crawl.last_written or self._last_written
        return Progress(
            rows=[self._row(crawl) for crawl in crawls],
            in_flight=sum(pool.in_flight for pool in pools),
            window=sum(int(pool.window) for pool in pools),
            cap=self.cap * len(pools),
            failed=self.crawler.stats.get_value("manga/pages/failed", 0),
            last_written=visible(self._last_written) if self._last_written else None,
        )

    def _row(self, crawl: SeriesCrawl) -> Row:
        rate = self._rates.setdefault(crawl.key, Rate())
        return Row(
            title=visible(crawl.series.title),
            done=crawl.stored_total(),
            known=crawl.page_total(),
            bytes=crawl.fetched_bytes,
            rate=rate.at(monotonic(), crawl.fetched),
        )
