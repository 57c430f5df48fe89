"""Tells a site how its images came, where it asks for that (MangaDex does)."""

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from mangacrawl.downloader import ITEM, SECONDS, BoundedDownloader, downloader_of
from mangacrawl.errors import Unreachable
from mangacrawl.source import Transfer
from mangacrawl.spiders.manga import MangaSpider

logger = logging.getLogger(__name__)

_IS_REPORT = "is_report"
_MOST_WAITING = 100
_MOST_FAILURES = 3
_SECONDS = 5


class ReportTransfers:
    """Sends a report on each transfer of an image, one that failed too; a page waits for none.

    Where three in a row fail, or a hundred wait, no more are sent.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._waiting = 0
        self._failures = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if request.meta.get(_IS_REPORT) and self._is_unheard:
            raise IgnoreRequest("no one hears reports")

    def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get(_IS_REPORT):
            self._note(request, is_heard=response.status < 400)
        elif ITEM in request.meta:
            cache = (response.headers.get("X-Cache") or b"").decode("latin-1")
            self._report(request, response.status, len(response.body), cache)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if request.meta.get(_IS_REPORT):
            self._note(request, is_heard=False)
        elif ITEM in request.meta:
            self._report(request, None, 0, "")

    @property
    def _is_unheard(self) -> bool:
        return self._failures >= _MOST_FAILURES

    def _note(self, request: Request, *, is_heard: bool) -> None:
        """Count what became of a report; the others are dropped with the last that is tried."""
        self._failures = 0 if is_heard else self._failures + 1
        if self._is_unheard:
            slot = request.meta[BoundedDownloader.DOWNLOAD_SLOT]
            downloader_of(self.crawler).drop(slot, Unreachable("no one hears reports"))

    def _report(self, request: Request, status: int | None, size: int, cache: str) -> None:
        seconds = request.meta.pop(SECONDS, None)
        spider = self.crawler.spider
        if seconds is None or not isinstance(spider, MangaSpider) or spider.is_ending:
            return
        run = spider.run_of(request.meta[ITEM])
        transfer = Transfer(request.url, status, size, seconds, cache)
        report = run.target.source.report_request(transfer)
        if report is None:
            return
        if self._waiting >= _MOST_WAITING or self._is_unheard:
            self.crawler.stats.inc_value("manga/reports/not_sent")
            return
        self._waiting += 1
        meta = {_IS_REPORT: True, "max_retry_times": 1, "download_timeout": _SECONDS}
        ours = run.pending.request(report.replace(meta=meta), self._sent, self._failed)
        self.crawler.engine.crawl(ours)

    def _sent(self, _: object) -> None:
        self._waiting -= 1
        self.crawler.stats.inc_value("manga/reports/sent")

    def _failed(self, failure: object) -> None:
        self._waiting -= 1
        self.crawler.stats.inc_value("manga/reports/failed")
        logger.debug("a report on an image did not arrive: %s", failure)
