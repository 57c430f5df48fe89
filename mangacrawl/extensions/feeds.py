"""Scrapy's feed exports, which here also get series, chapters and volumes if they ask for them."""

from typing import Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FeedExporter, ItemFilter

from mangacrawl.feeds import Pages, library_items
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.signals import series_finished


class Feeds(FeedExporter):
    """A feed that names no ``item_classes`` and no filter of its own gets pages, and only those."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        for uri, options in self.feeds.items():
            if type(self.filters[uri]) is ItemFilter:
                self.filters[uri] = Pages(options)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        feeds = super().from_crawler(crawler)
        crawler.signals.connect(feeds.series_finished, series_finished)
        return feeds

    def series_finished(self, crawl: SeriesCrawl, spider: Spider) -> None:
        for item in library_items(crawl):
            self.item_scraped(item, spider)
