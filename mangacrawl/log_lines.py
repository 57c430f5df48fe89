"""Scrapy's log lines, where they would keep a page's body in memory."""

from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class LogLines(LogFormatter):
    """Names why an item was dropped by text alone.

    Scrapy's frame holds the line, the line would hold the exception, and that the frame and the
    response: a cycle that only the collector breaks, while bodies pile up.
    """

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        line = super().dropped(item, exception, response, spider)
        line["args"] = {"exception": str(exception), "item": item}
        return line
