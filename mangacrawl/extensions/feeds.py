"""Scrapy's feed exports, which here also get series, chapters and volumes if they ask for them."""

from pathlib import Path
from typing import Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FeedExporter, FeedSlot, FileFeedStorage, ItemFilter

from mangacrawl.errors import DiskError
from mangacrawl.feeds import Pages, library_items
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.signals import series_finished
from mangacrawl.spiders.manga import spider_of


class Feeds(FeedExporter):
    """A feed that names no ``item_classes`` and no filter of its own gets pages, and only those.

    A feed that cannot be written ends the run, at best before its first request.
    """

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

    def open_spider(self, spider: Spider) -> None:
        super().open_spider(spider)
        for slot in self.slots:
            try:
                _prove(slot)
            except OSError as error:
                self._give_up(slot.uri, error)
                break

    def item_scraped(self, item: Any, spider: Spider) -> None:
        try:
            super().item_scraped(item, spider)
        except OSError as error:
            self._give_up(" or ".join(slot.uri for slot in self.slots), error)

    def series_finished(self, crawl: SeriesCrawl, spider: Spider) -> None:
        for item in library_items(crawl):
            self.item_scraped(item, spider)

    def _give_up(self, uri: str, error: OSError) -> None:
        self.slots = []
        problem = DiskError(f"cannot write the feed {uri}: {error.strerror or error}")
        spider_of(self.crawler).give_up(problem)


def _prove(slot: FeedSlot) -> None:
    """Raise OSError for a feed to a file that cannot be written; Scrapy opens it much later."""
    if isinstance(slot.storage, FileFeedStorage):
        path = Path(slot.storage.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
