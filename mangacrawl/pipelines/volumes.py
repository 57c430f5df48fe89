"""Binds volumes as their pages arrive and sees to it that none is left half made."""

from typing import Self

from scrapy.crawler import Crawler

from mangacrawl.items import PageItem
from mangacrawl.spiders.manga import spider_of


class VolumesPipeline:
    """Tells the series' `Bindery` of each chapter that is whole; its run has the volumes made."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        bindery = spider_of(self.crawler).run_of(item).bindery
        if bindery and item.status == "fetched" and bindery.is_whole(item.chapter_id):
            bindery.chapter_completed(item.chapter_id)
        return item

    async def close_spider(self) -> None:
        await spider_of(self.crawler).conclude()
