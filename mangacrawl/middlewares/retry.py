"""Retries that wait: an instant second try is what a tired site needs least."""

import random
from time import monotonic, time
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware, get_retry_request
from scrapy.http import Response

from mangacrawl.downloader import ITEM, BoundedDownloader, downloader_of
from mangacrawl.extensions.throttle import SPARED, Throttle
from mangacrawl.wire.bodies import drop
from mangacrawl.wire.waits import LONGEST_PAUSE_SECONDS, retry_after

_OVERLOAD_STATUSES = {429, 503}
_LONGEST_WAIT_SECONDS = 60.0
_PAGE_SECONDS = 1000.0
"""What one page may take in all, its waits included: the 2015 tool's 1,000,000 ms."""

_FIRST_TRIED = "first_tried"


class PatientRetry(RetryMiddleware):
    """Scrapy's retry rules, patiently.

    A site that names a time (Retry-After) is left alone until then, all of it. Otherwise waits
    double and are jittered; a waiting request holds no slot. A 429 or 503 that came while the
    site's window was still falling does not use up a try.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self.first_wait = crawler.settings.getfloat("MANGA_RETRY_WAIT_SECONDS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        if response.status not in self.retry_http_codes or request.meta.get("dont_retry"):
            return response
        pause = self._pause(request, response)
        if pause is not None and pause > LONGEST_PAUSE_SECONDS:
            return response
        again = await self.again(request, f"HTTP {response.status}", response, wait=pause is None)
        return again or response

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | None:
        if not isinstance(exception, self.exceptions_to_retry) or request.meta.get("dont_retry"):
            return None
        return await self.again(request, type(exception).__name__)

    async def again(
        self,
        request: Request,
        reason: str,
        response: Response | None = None,
        *,
        tries: int | None = None,
        wait: bool = True,
    ) -> Request | None:
        """The request to send again, after its wait; None when its tries or its time are up.

        `response` is what was wrong, if anything came; `tries` is how many retries this reason may
        cost, by default RETRY_TIMES.
        """
        request.meta.setdefault(_FIRST_TRIED, monotonic())
        if monotonic() - request.meta[_FIRST_TRIED] > _PAGE_SECONDS:
            return None
        spider = self.crawler.spider
        assert spider is not None  # noqa: S101 - there is one while there are requests
        used = request.meta.get("retry_times", 0)
        again = get_retry_request(request, reason=reason, spider=spider, max_retry_times=tries)
        if again is None:
            return None
        if response is not None:
            drop(response)
        if ITEM in request.meta:
            downloader_of(self.crawler).settled(
                request.meta[ITEM]
            )  # while it waits, it has not come
        waits = again.meta["waits"] = request.meta.get("waits", 0) + 1
        if again.meta.pop(SPARED, False):
            again.meta["retry_times"] = used
        if wait:
            longest = min(_LONGEST_WAIT_SECONDS, self.first_wait * 2 ** (waits - 1))
            await self._rest(longest * random.uniform(0.5, 1))  # noqa: S311 - jitter
        return again

    async def _rest(self, seconds: float) -> None:
        downloader = self.crawler.engine.downloader
        if isinstance(downloader, BoundedDownloader):
            await downloader.rest(seconds)

    def _pause(self, request: Request, response: Response) -> float | None:
        """Seconds that the site asks for; its slot is held for so long. None if it names none."""
        if response.status not in _OVERLOAD_STATUSES:
            return None
        seconds = retry_after(response, time())
        throttle = self.crawler.get_extension(Throttle)
        if seconds is None or not isinstance(throttle, Throttle):
            return None
        throttle.hold(request.meta["download_slot"], min(seconds, LONGEST_PAUSE_SECONDS))
        return seconds
