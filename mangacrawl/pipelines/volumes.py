"""Binds volumes as their pages arrive and sees to it that none is left half made."""

import logging
from typing import Self

from scrapy.crawler import Crawler

from mangacrawl.bindery import Bindery
from mangacrawl.items import PageItem
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.spiders.manga import spider_of
from mangacrawl.workers import Workers

logger = logging.getLogger(__name__)

_BINDERS = 2
_BIND_SECONDS = 900.0


class VolumesPipeline:
    """One `Bindery` a series; ends with the series' ledger closed."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._binders = Workers(_BINDERS, _BIND_SECONDS)
        self._binderies: dict[str, Bindery] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        crawl = spider_of(self.crawler).crawl_of(item)
        if item.status == "fetched" and crawl.is_complete(crawl.ledger.chapters[item.chapter_id]):
            self._bindery(crawl).chapter_completed(item.chapter_id)
        return item

    async def close_spider(self) -> None:
        for crawl in spider_of(self.crawler).crawls.values():
            bindery = self._bindery(crawl)
            if self._was_cut_short():
                await bindery.settle()
            else:
                await bindery.finish()
            spider_of(self.crawler).problems.extend(bindery.problems)
            self.crawler.stats.inc_value("manga/volumes/retries", bindery.retries)
            await bindery.close()

    def _bindery(self, crawl: SeriesCrawl) -> Bindery:
        return self._binderies.setdefault(crawl.key, Bindery(crawl, self._binders))

    def _was_cut_short(self) -> bool:
        """Whether the run ends early, so that what is missing may come with the next one."""
        engine = self.crawler.engine
        return not engine.running or bool(spider_of(self.crawler).problems)
