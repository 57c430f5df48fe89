"""Binds volumes as their pages arrive and sees to it that none is left half made."""

from typing import Self

from scrapy.crawler import Crawler

from mangacrawl.errors import DiskError
from mangacrawl.items import PageItem
from mangacrawl.library import room
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.spiders.manga import spider_of

_PAGES_PER_LOOK = 50
"""How often free space is compared with what is needed: each time costs milliseconds."""


class VolumesPipeline:
    """Tells the series' `Bindery` of each chapter that is whole; its run has the volumes made."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        spider = spider_of(self.crawler)
        run = spider.run_of(item)
        if item.status == "fetched" and run.crawl and run.bindery:
            if run.bindery.is_whole(item.chapter_id):
                run.bindery.chapter_completed(item.chapter_id)
            if problem := run.bindery.disk_problem or _shortage(run.crawl):
                spider.give_up(problem)
        return item

    async def close_spider(self) -> None:
        await spider_of(self.crawler).conclude()


def _shortage(crawl: SeriesCrawl) -> DiskError | None:
    """Whether the disk will not do for what is still to come, by the pages so far."""
    if crawl.fetched % _PAGES_PER_LOOK == 0:
        try:
            room.check(crawl)
        except DiskError as error:
            return error
    return None
