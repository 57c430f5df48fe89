"""Pages that need a browser get one, after they were fetched like any other."""

from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from mangacrawl.downloader import downloader_of
from mangacrawl.errors import ArgumentError
from mangacrawl.spiders.manga import MangaSpider
from mangacrawl.wire.browser import IN_BROWSER, check_browser

if TYPE_CHECKING:
    from mangacrawl.wire.rendering import Renderer


class ShowInBrowser:
    """Hands the page of a request that asks for it to a browser, and goes on with what that made.

    It holds no slot meanwhile: what the page's scripts ask for takes slots of its own. A crawl
    that needs a browser and has none ends at once.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._renderer: Renderer | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    def process_request(self, request: Request) -> None:
        if IN_BROWSER in request.meta and self._renderer is None:
            try:
                check_browser()
            except ArgumentError as error:
                self._give_up(error)
                raise
            from mangacrawl.wire.rendering import Renderer  # noqa: PLC0415 - the extra may be missing

            self._renderer = Renderer(self.crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        if self._renderer is None or IN_BROWSER not in request.meta or response.status != 200:
            return response
        if not isinstance(response, HtmlResponse):
            return response
        self.crawler.stats.inc_value("manga/browser/pages")
        showing = self._renderer.render(request, response)
        try:
            return await downloader_of(self.crawler).unless_stopped(showing)
        except ArgumentError as error:
            self._give_up(error)
            raise

    async def spider_closed(self) -> None:
        if self._renderer is not None:
            await self._renderer.close()

    def _give_up(self, why: ArgumentError) -> None:
        if isinstance(self.crawler.spider, MangaSpider):
            self.crawler.spider.give_up(why)
