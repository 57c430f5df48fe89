"""The downloader middlewares, called without what Scrapy wraps around each call."""

from collections.abc import Awaitable, Callable

from scrapy import Request
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.http import Response


class Chain(DownloaderMiddlewareManager):
    """Calls the middlewares as Scrapy does, and awaits only those that have something to wait for.

    Scrapy makes a coroutine of every answer and a name for it in a warning: for twenty calls a
    request that is more than all of them do.
    """

    async def _process_request(
        self, request: Request, download_func: Callable[[Request], Awaitable[Response]]
    ) -> Response | Request:
        for process in self.methods["process_request"]:
            answer = process(request=request)  # type: ignore[misc] # only the spider's may be None
            if answer is not None and not isinstance(answer, (Response, Request)):
                answer = await answer
            if answer is not None:
                return answer  # type: ignore[no-any-return]
        return await download_func(request)

    async def _process_response(
        self, response: Response | Request, request: Request
    ) -> Response | Request:
        for process in self.methods["process_response"]:
            if isinstance(response, Request):
                break
            answer = process(request=request, response=response)  # type: ignore[misc]
            response = answer if isinstance(answer, (Response, Request)) else await answer
        return response
