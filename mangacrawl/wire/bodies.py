"""How much of a site's bodies may be in memory at once; the rest waits at the site.

Fifty pictures of 32 MB on their way, and as many waiting to be decoded, would be gigabytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from scrapy import Request
from scrapy.http import Response, TextResponse

BUDGET_BYTES = 32 * 1024 * 1024
"""Twice fifty ordinary pages; one body of the largest size may come on top."""


def drop(response: Response) -> None:
    """Free the body of a response that is done with, whoever still refers to it.

    A retry waits with it in Scrapy's frames, and a failed page leaves it in the frames of an
    exception, on a cycle that only the collector breaks.
    """
    response._set_body(b"")  # noqa: SLF001 - Scrapy has no other way
    if isinstance(response, TextResponse):
        response._cached_ubody = None  # noqa: SLF001


class Transport(Protocol):
    """What can be told to stop reading; TCP then holds the sender back (RFC 9293, 3.8.6)."""

    def pauseProducing(self) -> None: ...  # noqa: N802 - Twisted's

    def resumeProducing(self) -> None: ...  # noqa: N802 - Twisted's


class Bodies:
    """Counts the bytes of bodies from their arrival until they are stored or refused.

    Above the budget only the oldest body is read on, and none while another is worked on: that one
    ends without it. So there is always one that ends.
    """

    def __init__(self) -> None:
        self._bytes = 0
        self._kept = 0
        self._arriving: dict[Request, int] = {}
        self._waiting: dict[Request, Transport] = {}

    def is_waiting(self, request: Request) -> bool:
        """Whether we, not the site, keep this body from coming."""
        return request in self._waiting

    def received(self, request: Request, count: int, transport: Transport) -> None:
        """Count bytes that have arrived; its transport may have to wait from now on."""
        self._arriving[request] = self._arriving.get(request, 0) + count
        self._bytes += count
        if not self._may_come(request):
            self._waiting[request] = transport
            transport.pauseProducing()

    def arrived(self, request: Request) -> None:
        """Forget a body that has come to its end, whichever."""
        self._waiting.pop(request, None)
        self._release(self._arriving.pop(request, 0))

    @contextmanager
    def kept(self, count: int) -> Iterator[None]:
        """Count a body that has arrived for as long as it is worked on."""
        self._bytes += count
        self._kept += 1
        try:
            yield
        finally:
            self._kept -= 1
            self._release(count)

    def _may_come(self, request: Request) -> bool:
        is_first = request is next(iter(self._arriving), None)
        return self._bytes <= BUDGET_BYTES or (is_first and not self._kept)

    def _release(self, count: int) -> None:
        self._bytes -= count
        for request, transport in list(self._waiting.items()):
            if self._may_come(request):
                del self._waiting[request]
                transport.resumeProducing()
