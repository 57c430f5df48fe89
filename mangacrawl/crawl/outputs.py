"""What callbacks yield, one after the other, where a response shows a single picture."""

from collections.abc import AsyncIterator, Iterable

from scrapy import Request
from scrapy.core.scraper import Scraper
from scrapy.http import Response
from scrapy.utils.asyncgen import as_async_generator
from scrapy.utils.defer import aiter_errback
from twisted.python.failure import Failure

from mangacrawl.crawl.pending import Output


def handle_one_by_one(scraper: Scraper) -> None:
    """Let a scraper handle what a callback yields in the task of its response.

    Scrapy starts two tasks and a queue for each response, CONCURRENT_ITEMS or not. Its scraper is
    no setting, so that the method is replaced in the one there is.
    """

    async def handle(
        outputs: Iterable[Output] | AsyncIterator[Output],
        request: Request,
        response: Response | Failure,
    ) -> None:
        caught = aiter_errback(
            as_async_generator(outputs), scraper.handle_spider_error, request, response
        )
        async for output in caught:
            await scraper._process_spidermw_output_async(output, response)  # noqa: SLF001

    scraper.handle_spider_output_async = handle  # type: ignore[method-assign,assignment]
