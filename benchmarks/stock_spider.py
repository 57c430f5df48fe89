"""What one writes with Scrapy alone: the same walk, the stock downloader and ImagesPipeline.

`scrapy runspider` runs it with the settings below and Scrapy's defaults.
"""

from collections.abc import Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

Images = dict[str, list[str]]


class StockSpider(Spider):
    """Asks for the series at `url`, fifty requests at once as far as Scrapy keeps to that."""

    name = "stock"
    custom_settings = {  # noqa: RUF012 - Scrapy declares it so
        "CONCURRENT_REQUESTS": 100,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 50,
        "ITEM_PIPELINES": {"scrapy.pipelines.images.ImagesPipeline": 1},
        "LOG_LEVEL": "CRITICAL",
        "ROBOTSTXT_OBEY": True,
    }

    def __init__(self, url: str) -> None:
        super().__init__()
        self.start_urls = [url]

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        for link in response.css("#listing a"):
            yield response.follow(link.attrib["href"], self.parse_chapter)

    def parse_chapter(self, response: Response) -> Iterator[Request | Images]:
        yield from self.parse_page(response)
        for option in response.css("#pageMenu option")[1:]:
            yield response.follow(option.attrib["value"], self.parse_page)

    def parse_page(self, response: Response) -> Iterator[Images]:
        yield {"image_urls": response.css("#imgholder img::attr(src)").getall()}
