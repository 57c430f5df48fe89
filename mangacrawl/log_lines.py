"""Scrapy's log lines, where they would keep a page's body in memory, or cost and say nothing."""

import logging
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

_engine = logging.getLogger("scrapy.core.engine")


class LogLines(LogFormatter):
    """Names why an item was dropped by text alone.

    Scrapy's frame holds the line, the line would hold the exception, and that the frame and the
    response: a cycle that only the collector breaks, while bodies pile up.
    """

    def crawled(  # type: ignore[override] # None is no line
        self, request: Request, response: Response, spider: Spider
    ) -> LogFormatterResult | None:
        if _engine.isEnabledFor(logging.DEBUG):
            return super().crawled(request, response, spider)
        return None

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
