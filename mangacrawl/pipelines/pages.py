"""Stores each page's picture as the site served it, and settles its item."""

import asyncio
import logging
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.pipelines.images import ImagesPipeline
from scrapy.pipelines.media import FileInfo, FileInfoOrError, MediaPipeline
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
from mangacrawl.parsing.links import as_it_is, embedded_picture
from mangacrawl.pictures import Picture, inspect
from mangacrawl.safe import visible
from mangacrawl.spiders.manga import spider_of
from mangacrawl.words import now
from mangacrawl.workers import Workers

logger = logging.getLogger(__name__)

_WRITERS = 8
_WRITE_SECONDS = 60.0


class PagesPipeline(ImagesPipeline):
    """An ImagesPipeline that keeps the bytes; stock Scrapy encodes every picture anew.

    What may be skipped, the ledger has decided before: an item without status is fetched, one
    with a status passes. A failure is a result, not an exception: it ends in the item's `error`.
    """

    _disk: Workers
    _arriving: dict[str, "asyncio.Future[PageItem]"]
    """By the address of a picture that is on its way, the item that asked for it first."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(Path(crawler.settings["MANGA_OUTPUT_DIR"]) / "pages", crawler=crawler)
        pipeline._disk = Workers(_WRITERS, _WRITE_SECONDS)
        pipeline._arriving = {}
        return pipeline

    def get_media_requests(self, item: PageItem, info: MediaPipeline.SpiderInfo) -> list[Request]:
        if item.status is not None or not item.image_url or item.image_url.startswith("data:"):
            return []
        meta = {ITEM: item, SOURCE: item.source, **PICTURE_ONLY, **as_it_is(item.image_url)}
        try:
            page = item.page_url and referrer(item.page_url, item.image_url)
            headers = {"Referer": page} if page else None
            return [Request(item.image_url, callback=NO_CALLBACK, headers=headers, meta=meta)]
        except ValueError:  # Scrapy's word for what no address can be made of
            item.error = "its image has no address of the web"
            return []

    async def _process_request(
        self, request: Request, info: MediaPipeline.SpiderInfo, item: PageItem
    ) -> FileInfo:
        """Fetch a picture, once for pages that show the same one at the same time.

        Scrapy's remembers all that a run has fetched, which the ledger does, and takes a
        fingerprint and two turns of the event loop for it.
        """
        if other := self._arriving.get(request.url):
            await self._copy(item, await other)
            return _file(item)
        arriving = self._arriving[request.url] = asyncio.get_running_loop().create_future()
        try:
            return await self._check_media_to_download(request, info, item)
        finally:
            del self._arriving[request.url]
            arriving.set_result(item)

    async def media_downloaded(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> FileInfo:
        if response.status != 200:
            item.error = f"HTTP {response.status}"
        else:
            await self._store(response.body, picture_of(response), item)
        return _file(item)

    def media_failed(  # type: ignore[override]
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> FileInfo:
        item = request.meta[ITEM]
        item.error = reason(failure)
        return _file(item)

    def item_completed(
        self, results: list[FileInfoOrError], item: PageItem, info: MediaPipeline.SpiderInfo
    ) -> PageItem:
        """What came of it stands in the item; Scrapy knows only of what could not be copied."""
        for _, result in results:
            if isinstance(result, Failure):
                item.error = reason(result)
        return item

    async def process_item(self, item: PageItem) -> PageItem:  # type: ignore[override]
        try:
            return await self._processed(item)
        finally:
            downloader_of(self.crawler).settled(item)

    async def _processed(self, item: PageItem) -> PageItem:
        if item.status == "stored":
            return item
        await super().process_item(item)
        spider = spider_of(self.crawler)
        crawl = spider.crawl_of(item)
        if spider.is_ending and item.sha256 is None:
            raise DropItem("not asked for any more", log_level="DEBUG")
        try:
            if item.status is None and (item.image_url or "").startswith("data:"):
                await self._take_out(item, item.image_url or "")
            await asyncio.wrap_future(self._settle(item, crawl))
            if item.status == "failed" and not spider.is_settled(item):
                raise DropItem("asked for again when the spider is idle", log_level="DEBUG")
        except DiskError as error:
            item.status, item.error = "failed", str(error)
            spider.give_up(room.explained(crawl, error))
        return item

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
        try:
            body = embedded_picture(address) or b""
            await self._store(body, await self._disk.run(inspect, body), item)
        except PageError as error:
            item.error = str(error)

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


def _file(item: PageItem) -> FileInfo:
    """A picture in the words of Scrapy's media pipelines; what counts stands in the item."""
    path = item.path or ""
    return FileInfo(url=str(item.image_url), path=path, checksum=item.sha256, status="downloaded")
