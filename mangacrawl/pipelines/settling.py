"""The pipelines as Scrapy runs them, and who is told when they are done with an item."""

from scrapy.pipelines import ItemPipelineManager

from mangacrawl.items import PageItem
from mangacrawl.spiders.manga import spider_of


class Settling(ItemPipelineManager):
    """Tells the spider of each item that has been through the pipelines, whatever came of it.

    The signals that say so start a task for each item and listener.
    """

    async def process_item_async(self, item: PageItem) -> PageItem:
        crawler = self.crawler
        assert crawler is not None  # noqa: S101 - for mypy
        try:
            settled: PageItem = await super().process_item_async(item)
            crawler.stats.inc_value("item_scraped_count")
            return settled
        finally:
            spider_of(crawler).item_settled(item)
