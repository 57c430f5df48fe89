"""The pipelines as Scrapy runs them, and who is told when they are done with an item."""

from scrapy.pipelines import ItemPipelineManager

from mangacrawl.items import PageItem
from mangacrawl.spiders.manga import spider_of


class Settling(ItemPipelineManager):
    """Tells the spider of each item that has been through the pipelines, whatever came of it.

    The signals that say so start a task for each item and listener.
    """

    async def process_item_async(self, item: PageItem) -> PageItem:
        try:
            settled: PageItem = await super().process_item_async(item)
            return settled
        finally:
            spider_of(self.crawler).item_settled(item)  # type: ignore[arg-type] # Scrapy gives one
