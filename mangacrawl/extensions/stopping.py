"""Stops at the first SIGINT or SIGTERM: nothing more is sent, what is on the wire is cut."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from mangacrawl.errors import Stopped
from mangacrawl.spiders.manga import MangaSpider

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopAtOnce:
    """Goes before Scrapy's own handlers, which would first fetch all that is queued."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        if isinstance(spider, MangaSpider):
            for number in _SIGNALS:
                self._go_before(signal.getsignal(number), number, spider)

    def _go_before(self, following: object, number: int, spider: MangaSpider) -> None:
        if not callable(following):
            return
        scrapys: Callable[[int, FrameType | None], object] = following

        loop = asyncio.get_running_loop()

        def stop(signum: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(spider.drop_requests, Stopped("stopped"))
            scrapys(signum, frame)  # closes the spider, and arms itself for a second signal

        signal.signal(number, stop)
