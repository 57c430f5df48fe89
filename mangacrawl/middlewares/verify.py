"""Only whole pictures are pages: what is torn or no picture is asked for again."""

import traceback
from collections.abc import Mapping
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from mangacrawl.downloader import bodies_of
from mangacrawl.errors import PageError
from mangacrawl.middlewares.retry import PatientRetry
from mangacrawl.parsing.challenges import in_the_way, login
from mangacrawl.pictures import Picture, inspect
from mangacrawl.wire.bodies import drop
from mangacrawl.workers import Workers

PAGE_IMAGE = "is_page_image"
"""Key in a request's meta: its response must be a picture."""

_PICTURE_BYTES = 32 * 1024 * 1024
"""The largest picture that is accepted, after decompression."""

PICTURE_ONLY: Mapping[str, object] = {PAGE_IMAGE: True, "download_maxsize": _PICTURE_BYTES}
"""The meta of a request for a picture."""

PICTURE = "picture"
"""Key in the meta of an accepted response: the `Picture` it is."""

_TRIES = 2
_DECODERS = 4
_LARGE_BYTES = 4 * 1024 * 1024
"""A picture of so many bytes may have 64 million pixels: such are decoded one at a time."""

_DECODE_SECONDS = 30.0
_ASKED_FOR_END = "asked_for_end"


class VerifyPicture:
    """Decodes each picture in a thread, where a media pipeline could no longer retry it.

    Raises PageError with the reason when the site keeps sending something else.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._decoders = Workers(_DECODERS, _DECODE_SECONDS)
        self._large = Workers(1, _DECODE_SECONDS)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status != 200 or not request.meta.get(PAGE_IMAGE):
            return response
        picture = None
        why = "the picture's end is missing"
        try:
            with bodies_of(self.crawler).kept(len(response.body)):
                picture = await self._inspect(response.body)
        except PageError as error:
            if obstacle := login(response):
                raise in_the_way(obstacle) from None
            why = str(error)
            traceback.clear_frames(error.__traceback__)  # they hold the picture
            drop(response)
        if picture is None or not (picture.has_end or request.meta.get(_ASKED_FOR_END)):
            again = await self._again(request, response, why)
            if again is not None:
                again.meta[_ASKED_FOR_END] = picture is not None
                return again
            if picture is None:
                raise PageError(why)
        request.meta[PICTURE] = picture
        return response

    async def _inspect(self, body: bytes) -> Picture:
        """Decode in a thread; what it trips over or hangs in costs this page alone."""
        decoders = self._decoders if len(body) < _LARGE_BYTES else self._large
        try:
            return await decoders.run(inspect, body)
        except TimeoutError:
            problem = f"the picture takes over {decoders.seconds:.0f} s to decode"
            raise PageError(problem) from None
        except PageError:
            raise
        except Exception as error:
            raise PageError(f"the picture cannot be decoded ({error!r})") from error

    async def _again(self, request: Request, response: Response, why: str) -> Request | None:
        self.crawler.stats.inc_value("manga/pages/bad_pictures")
        retry = self.crawler.get_downloader_middleware(PatientRetry)
        return await retry.again(request, why, response, tries=_TRIES) if retry else None


def picture_of(response: Response) -> Picture:
    """The picture that an accepted response is."""
    picture: Picture = response.meta[PICTURE]
    return picture
