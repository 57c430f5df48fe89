"""The one spider: it walks index, chapters and pages of whatever source it is given."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from twisted.python.failure import Failure

from mangacrawl.downloader import SOURCE, BoundedDownloader
from mangacrawl.errors import ArgumentError, LayoutError, MangacrawlError, NotFound
from mangacrawl.failures import is_final, problem
from mangacrawl.items import PageItem
from mangacrawl.page_walk import Output, PageWalk
from mangacrawl.records import Chapter, Series
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.source import Response, read
from mangacrawl.target import Target

logger = logging.getLogger(__name__)

_ITEMS_PER_RESPONSE = 50


class MangaSpider(Spider):
    """Asks the target's source what to request and how to read it; knows no HTML.

    ``problems`` is what the run ends with, ``crawls`` the series it touched, by their key.
    """

    name = "manga"
    target: Target

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__()  # plain Scrapy would rename the spider to what `name=` says
        self.arguments = arguments | ({"name": name} if name is not None else {})
        self.problems: list[MangacrawlError] = []
        self.crawls: dict[tuple[str, str], SeriesCrawl] = {}
        self.walks: list[PageWalk] = []
        self.is_ending = False
        """Whether the run gives up: what fails from then on was not asked for, it did not fail."""
        self.second_round: int | None = None
        """How many requests failed pages were asked for with again; None before that round."""
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.arguments:  # `scrapy shell` and `scrapy parse` give none
            spider.target = Target.parse(spider.arguments, crawler.settings)
            # Scrapy starts so many tasks for every response, even for one that yields one item.
            tasks = 1 if spider.target.source.is_pagewise else _ITEMS_PER_RESPONSE
            crawler.settings.set("CONCURRENT_ITEMS", tasks, priority="spider")
            crawler.signals.connect(spider.spider_idle, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        if not self.arguments:
            raise ArgumentError("say which series: -a name=…; -a help=yes lists all arguments")
        for notice in self.target.notices:
            logger.info(notice)
        target = self.target
        if target.url is not None:
            request = Request(target.url)
        else:
            request = target.source.series_request(target.series_id or "")
        yield self._request(request, self.parse_series, self.series_failed)

    def spider_idle(self) -> None:
        """Ask once more for what failed, now that the site has had a rest."""
        if self.second_round is None and not self.is_ending:
            requests = [request for walk in self.walks for request in walk.again()]
            self.second_round = len(requests)
            for request in requests:
                self.crawler.engine.crawl(request)
            if requests:
                raise DontCloseSpider

    def is_settled(self, item: PageItem) -> bool:
        """Whether a failed page will not be asked for again in this run."""
        return self.second_round is not None or is_final(item.error)

    def crawl_of(self, item: PageItem) -> SeriesCrawl:
        """The series that an item belongs to."""
        return self.crawls[item.source, item.series_id]

    def give_up(self, why: MangacrawlError) -> None:
        """End the run at once: what is queued or on the wire is dropped."""
        if not self.is_ending:
            self.drop_requests(why)
            closing = self.crawler.engine.close_spider_async(reason=type(why).__name__.lower())
            self._closing = asyncio.ensure_future(closing)

    def drop_requests(self, why: MangacrawlError) -> None:
        """Send nothing more; for who sees to it himself that the spider is closed."""
        self.is_ending = True
        self.problems.append(why)
        downloader = self.crawler.engine.downloader
        if isinstance(downloader, BoundedDownloader):
            downloader.stop()

    async def parse_series(self, response: Response) -> AsyncIterator[Output]:
        if not self.arguments:  # `scrapy parse` names only the page
            self.target = Target.parse({"url": response.url}, self.settings)
        source = self.target.source
        try:
            series = read(response, lambda: source.parse_series(response))
        except LayoutError as error:
            self._index_failed(error)
            return
        request = source.chapters_request(series)
        if request is None:
            async for output in self.parse_chapters(response, series, []):
                yield output
        else:
            yield self._request(
                request, self.parse_chapters, self.series_failed, series=series, known=[]
            )

    async def parse_chapters(
        self, response: Response, series: Series, known: list[Chapter]
    ) -> AsyncIterator[Output]:
        source = self.target.source
        following = None
        try:
            for each in read(response, lambda: list(source.parse_chapters(response))):
                if isinstance(each, Chapter):
                    known.append(each)
                else:
                    following = each
        except LayoutError as error:
            self._index_failed(error)
            return
        if following is not None:
            yield self._request(
                following, self.parse_chapters, self.series_failed, series=series, known=known
            )
            return
        if not known:
            self._index_failed(LayoutError(f"found no chapters at {response.url}"))
            return
        async for output in self._begin(series, known):
            yield output

    def parse_names(self, response: Response) -> None:
        """Say which names of the site are like the one that it does not have."""
        try:
            links = read(response, lambda: list(self.target.source.parse_search(response)))
        except LayoutError:
            links = []
        self.problems.append(NotFound(self.target.unknown(links)))

    def series_failed(self, failure: Failure) -> Iterator[Request]:
        target = self.target
        search = target.source.search_request(target.asked_for)
        found = problem(failure, target.asked_for)
        if isinstance(found, NotFound) and target.series_id and search:
            yield self._request(search, self.parse_names, self.names_failed)
        else:
            self.problems.append(found)

    def names_failed(self, failure: Failure) -> None:
        self.problems.append(NotFound(self.target.unknown([])))

    async def _begin(self, series: Series, chapters: list[Chapter]) -> AsyncIterator[Output]:
        folder = Path(self.settings["MANGA_OUTPUT_DIR"])
        source = self.target.source.key
        try:
            crawl = await asyncio.to_thread(SeriesCrawl.open, folder, series, self.target, chapters)
        except MangacrawlError as error:
            self.problems.append(error)
            return
        self.crawls[source, series.id] = crawl
        for name, value in crawl.as_before.items():
            logger.info("as before: %s=%s", name, value)
        pool = self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        shelves = dict.fromkeys(map(crawl.choices.shelf, crawl.choices.formats))
        into = " and ".join(str(folder / shelf) for shelf in shelves)
        logger.info("%s, pool of %d, into %s", crawl.outline(), pool, into)
        walk = PageWalk(crawl)
        self.walks.append(walk)
        for output in walk.begin():
            yield output

    def _request(
        self,
        request: Request,
        callback: Callable[..., Any],
        errback: Callable[[Failure], Any],
        **kwargs: Any,
    ) -> Request:
        """A source's request made ours."""
        return request.replace(
            callback=callback,
            errback=errback,
            cb_kwargs=kwargs,
            meta=request.meta | {SOURCE: self.target.source.key},
            dont_filter=True,
        )

    def _index_failed(self, error: LayoutError) -> None:
        theme = self.target.source.id
        self.problems.append(
            LayoutError(f"{error}; the site's layout may have changed, or it is not theme={theme}")
        )


def spider_of(crawler: Crawler) -> MangaSpider:
    """The crawler's spider, for pipelines, which only ever run with this one."""
    spider = crawler.spider
    if not isinstance(spider, MangaSpider):
        raise TypeError(f"{spider} is not the spider manga")
    return spider
