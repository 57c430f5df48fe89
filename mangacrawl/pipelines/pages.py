"""Stores each page's picture as the site served it, and settles its item."""

import asyncio
import logging
from concurrent.futures import Future
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from mangacrawl import atomic
from mangacrawl.downloader import ITEM, SOURCE, bodies_of, downloader_of
from mangacrawl.errors import DiskError, PageError
from mangacrawl.failures import reason
from mangacrawl.items import PageItem
from mangacrawl.library import room
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.middlewares.redirect import referrer
from mangacrawl.middlewares.verify import PICTURE_ONLY, picture_of
from mangacrawl.parsing.links import embedded_picture
from mangacrawl.pictures import Picture, inspect
from mangacrawl.safe import visible
from mangacrawl.spiders.manga import spider_of
from mangacrawl.words import now
from mangacrawl.workers import Workers

logger = logging.getLogger(__name__)

_WRITERS = 8
_WRITE_SECONDS = 60.0


class PagesPipeline:
    """Fetches each page's picture and keeps its bytes; ImagesPipeline encodes every picture anew.

    What may be skipped, the ledger has decided before: an item without status is fetched, one
    with a status passes. A failure is a result, not an exception: it ends in the item's `error`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._disk = Workers(_WRITERS, _WRITE_SECONDS)
        self._arriving: dict[str, asyncio.Future[PageItem]] = {}
        """By the address of a picture that is on its way, the item that asked for it first."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: PageItem) -> PageItem:
        try:
            return await self._processed(item)
        finally:
            downloader_of(self.crawler).settled(item)

    async def _processed(self, item: PageItem) -> PageItem:
        if item.status == "stored":
            return item
        if item.status is None and item.image_url:
            await self._fetch(item, item.image_url)
        spider = spider_of(self.crawler)
        crawl = spider.crawl_of(item)
        if spider.is_ending and item.sha256 is None:
            raise DropItem("not asked for any more", log_level="DEBUG")
        try:
            await asyncio.wrap_future(self._settle(item, crawl))
            if item.status == "failed" and not spider.is_settled(item):
                raise DropItem("asked for again when the spider is idle", log_level="DEBUG")
        except DiskError as error:
            item.status, item.error = "failed", str(error)
            spider.give_up(room.explained(crawl, error))
        return item

    async def _fetch(self, item: PageItem, address: str) -> None:
        try:
            if address.startswith("data:"):
                await self._take_out(item, address)
            elif address in self._arriving:
                await self._copy(item, await self._arriving[address])
            else:
                await self._download(item, address)
        except Exception:  # noqa: BLE001 - whatever it is, it costs this page alone
            item.error = reason(Failure())  # type: ignore[no-untyped-call] # Twisted's

    async def _download(self, item: PageItem, address: str) -> None:
        request = self._request(item, address)
        arriving = self._arriving[address] = asyncio.get_running_loop().create_future()
        try:
            response = await self.crawler.engine.download_async(request)
            if response.status == 200:
                await self._store(response.body, picture_of(response), item)
            else:
                item.error = f"HTTP {response.status}"
        finally:
            del self._arriving[address]
            arriving.set_result(item)

    def _request(self, item: PageItem, address: str) -> Request:
        meta = {ITEM: item, SOURCE: item.source, **PICTURE_ONLY}
        try:
            page = item.page_url and referrer(item.page_url, address)
            headers = {"Referer": page} if page else None
            return Request(address, callback=NO_CALLBACK, headers=headers, meta=meta)
        except ValueError:  # Scrapy's word for what no address can be made of
            raise PageError("its image has no address of the web") from None

    def _settle(self, item: PageItem, crawl: SeriesCrawl) -> "Future[None]":
        if item.sha256 is not None and item.error is None:
            item.status, item.fetched_at = "fetched", now()
            return crawl.page_stored(item)
        item.status = "failed"
        item.error = item.error or "its image could not be had"
        self.crawler.stats.inc_value("manga/pages/failed")
        return crawl.page_failed(item)

    async def _copy(self, item: PageItem, other: PageItem) -> None:
        """Store the picture that another page showed too, and was first to ask for."""
        if other.path is None:
            item.error = other.error
            return
        path = spider_of(self.crawler).crawl_of(other).output / other.path
        body = await self._disk.run(path.read_bytes)
        await self._store(body, inspect(body), item)

    async def _take_out(self, item: PageItem, address: str) -> None:
        """Store a picture that the page itself holds; ledger and feed need no second copy."""
        item.image_url = None
        body = embedded_picture(address) or b""
        await self._store(body, await self._disk.run(inspect, body), item)

    async def _store(self, body: bytes, picture: Picture, item: PageItem) -> None:
        """Write the picture where its place in the series says; fills in the item."""
        spider = spider_of(self.crawler)
        crawl = spider.crawl_of(item)
        path = crawl.page_file(item.chapter_id, item.page, picture.extension)
        try:
            with bodies_of(self.crawler).kept(len(body)):
                item.sha256 = await self._disk.run(atomic.store, path, body)
        except TimeoutError:
            raise PageError(f"the disk takes over {_WRITE_SECONDS:.0f} s to write it") from None
        except OSError as error:
            problem = room.explained(crawl, DiskError.of(f"write {path}", error))
            spider.give_up(problem)
            raise problem from error
        item.path = path.relative_to(crawl.output).as_posix()
        item.width, item.height, item.bytes = picture.width, picture.height, len(body)
        self._compare(item, crawl)

    def _compare(self, item: PageItem, crawl: SeriesCrawl) -> None:
        """Say where a picture is not the one that its address promises; a whole one is kept."""
        expected = crawl.source.expected_sha256(item.image_url or "")
        if expected is None or expected == item.sha256:
            return
        self.crawler.stats.inc_value("manga/pages/other_hash")
        logger.warning(
            "%s: chapter %s, page %d is another picture than its address says; it is kept",
            *map(visible, (item.series, item.chapter or item.chapter_id)), item.page,
        )  # fmt: skip
