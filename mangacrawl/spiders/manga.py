"""The one spider: it walks index, chapters and pages of whatever source it is given."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from twisted.python.failure import Failure

from mangacrawl.downloader import SOURCE, BoundedDownloader
from mangacrawl.errors import (
    ArgumentError,
    ChapterUnavailable,
    LayoutError,
    MangacrawlError,
    NotFound,
)
from mangacrawl.failures import is_final, problem, reason
from mangacrawl.items import PageItem
from mangacrawl.ledger import ChapterRow
from mangacrawl.records import Chapter, Page, Series
from mangacrawl.safe import visible
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.source import Response, read
from mangacrawl.target import Target

logger = logging.getLogger(__name__)

Output = PageItem | Request

_CHAPTER_STEP = 10
"""Priority between chapters: wider than what retries and redirects add or take."""

_ITEMS_PER_RESPONSE = 50


@dataclass(slots=True)
class _Listing:
    """The pages of a chapter being listed: over several responses where the source says so."""

    crawl: SeriesCrawl
    row: ChapterRow
    outstanding: int = 1
    last: int = 0


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
            requests = list(self._again())
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

    def parse_pages(self, response: Response, listing: _Listing) -> Iterator[Output]:
        """Read a page that lists a chapter's pages, or the first of its reader pages."""
        crawl, chapter = listing.crawl, listing.row.chapter
        source = self.target.source
        try:
            found = read(response, lambda: list(source.parse_pages(response, chapter)))
        except ChapterUnavailable as error:
            crawl.mark_unavailable(chapter, str(error))
            logger.warning("chapter %s: %s", visible(chapter.label), error)
            return
        except LayoutError as error:
            yield crawl.failed_item(chapter, 1, str(error))
            return
        pages = []
        for each in found:
            if isinstance(each, Page):
                number = each.number or listing.last + 1
                listing.last = max(listing.last, number)
                crawl.list_page(chapter, each, number)
                pages.append((number, each))
            else:
                listing.outstanding += 1
                yield self._request(
                    each, self.parse_pages, self.listing_failed, listing.row, listing=listing
                )
        listing.outstanding -= 1
        if not listing.outstanding and listing.last:
            crawl.count_pages(chapter, listing.last)
        elif not listing.outstanding:
            yield crawl.failed_item(chapter, 1, "the chapter has no pages")
        yield from self._listed(listing, pages)

    def parse_page(
        self, response: Response, crawl: SeriesCrawl, row: ChapterRow, number: int
    ) -> Iterator[Output]:
        """Read one reader page of a chapter whose pages are listed."""
        chapter = row.chapter
        source = self.target.source
        try:
            found = read(response, lambda: list(source.parse_pages(response, chapter)))
        except (LayoutError, ChapterUnavailable) as error:
            yield crawl.failed_item(chapter, number, str(error))
            return
        for page in found:
            if isinstance(page, Page) and page.image_url and page.number in {number, None}:
                crawl.list_page(chapter, page, number)
                yield crawl.item(chapter, number)
                return
        yield crawl.failed_item(chapter, number, f"its image is not on {response.url}")

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

    def listing_failed(self, failure: Failure) -> Iterator[PageItem]:
        if self.is_ending:
            return
        listing: _Listing = failure.request.cb_kwargs["listing"]  # type: ignore[attr-defined]
        yield listing.crawl.failed_item(listing.row.chapter, 1, reason(failure))

    def page_failed(self, failure: Failure) -> Iterator[PageItem]:
        if self.is_ending:
            return
        what = failure.request.cb_kwargs  # type: ignore[attr-defined]
        yield what["crawl"].failed_item(what["row"].chapter, what["number"], reason(failure))

    async def _begin(self, series: Series, chapters: list[Chapter]) -> AsyncIterator[Output]:
        output = Path(self.settings["MANGA_OUTPUT_DIR"])
        source = self.target.source.key
        try:
            crawl = await asyncio.to_thread(SeriesCrawl.open, output, series, self.target, chapters)
        except MangacrawlError as error:
            self.problems.append(error)
            return
        self.crawls[source, series.id] = crawl
        for name, value in crawl.as_before.items():
            logger.info("as before: %s=%s", name, value)
        pool = self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        shelves = dict.fromkeys(map(crawl.choices.shelf, crawl.choices.formats))
        into = " and ".join(str(output / shelf) for shelf in shelves)
        logger.info("%s, pool of %d, into %s", crawl.outline(), pool, into)
        stored = []
        for row in [*crawl.wanted(), *crawl.unavailable()]:
            pages = list(crawl.pages(row.chapter.id))
            if not pages or any(page.path is None and page.url is None for page in pages):
                yield self._listing_request(crawl, row)
                continue
            for page in pages:
                if page.path is None:
                    yield self._page_request(crawl, row, page.number, crawl.address(page.url) or "")
                else:
                    stored.append((row.chapter, page.number))
        for chapter, number in stored:
            yield crawl.item(chapter, number)

    def _listed(self, listing: _Listing, pages: list[tuple[int, Page]]) -> Iterator[Output]:
        """Requests first: an item holds up what follows it until it is settled."""
        crawl, row = listing.crawl, listing.row
        items = []
        for number, page in pages:
            item = crawl.item(row.chapter, number)
            if item.status is None and page.image_url is None and page.url:
                yield self._page_request(crawl, row, number, page.url)
            else:
                items.append(item)
        yield from items

    def _again(self) -> Iterator[Request]:
        for crawl in self.crawls.values():
            for row, pages in crawl.missing():
                if not pages and not is_final(crawl.page_error(row.chapter, 1)):
                    yield self._listing_request(crawl, row)
                for page in pages:
                    if page.error and page.url and not is_final(page.error):
                        url = crawl.address(page.url) or ""
                        yield self._page_request(crawl, row, page.number, url)

    def _listing_request(self, crawl: SeriesCrawl, row: ChapterRow) -> Request:
        request = self.target.source.pages_request(row.chapter)
        listing = _Listing(crawl, row)
        return self._request(request, self.parse_pages, self.listing_failed, row, listing=listing)

    def _page_request(self, crawl: SeriesCrawl, row: ChapterRow, number: int, url: str) -> Request:
        return self._request(
            Request(url),
            self.parse_page,
            self.page_failed,
            row,
            crawl=crawl,
            row=row,
            number=number,
        )

    def _request(
        self,
        request: Request,
        callback: Callable[..., Any],
        errback: Callable[[Failure], Any],
        of: ChapterRow | None = None,
        **kwargs: Any,
    ) -> Request:
        """A source's request made ours: earlier chapters first, so that volumes close early."""
        return request.replace(
            callback=callback,
            errback=errback,
            cb_kwargs=kwargs,
            meta=request.meta | {SOURCE: self.target.source.key},
            priority=-_CHAPTER_STEP * of.position if of else 0,
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
