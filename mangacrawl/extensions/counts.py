"""Scrapy's core stats, without a signal for each response and each item."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.extensions.corestats import CoreStats


class Counts(CoreStats):
    """Leaves responses to the downloader and items to `Settling`, which see them pass."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        counts = super().from_crawler(crawler)
        crawler.signals.disconnect(counts.response_received, signals.response_received)
        crawler.signals.disconnect(counts.item_scraped, signals.item_scraped)
        return counts
