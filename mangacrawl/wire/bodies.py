"""How much of a site's bodies may be in memory at once; the rest waits at the site.

Fifty pictures of 32 MB on their way, and as many waiting to be decoded, would be gigabytes.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

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


class Body:
    """A body on its way: its bytes so far, and when the last of them came."""

    def __init__(self, bodies: "Bodies") -> None:
        self.bytes = 0
        self.last = monotonic()
        self._bodies = bodies
        self._turn: asyncio.Future[None] | None = None

    @property
    def is_held(self) -> bool:
        """Whether we, not the site, keep it from coming."""
        return self._turn is not None

    async def received(self, count: int) -> None:
        """Count bytes that have arrived; returns when more may come.

        What is not read meanwhile fills the buffers, and TCP holds the sender back (RFC 9293,
        3.8.6).
        """
        self.bytes += count
        self.last = monotonic()
        if not self._bodies.took(self, count):
            self._turn = asyncio.get_running_loop().create_future()
            await self._turn

    def go_on(self) -> None:
        """Let more of it come, if it waits for that."""
        if self._turn is not None and not self._turn.done():
            self._turn.set_result(None)
            self.last = monotonic()
        self._turn = None


class Bodies:
    """Counts the bytes of bodies from their arrival until they are stored or refused.

    Above the budget only the oldest body is read on, and none while another is worked on: that one
    ends without it. So there is always one that ends.
    """

    def __init__(self) -> None:
        self._bytes = 0
        self._kept = 0
        self.on_their_way: dict[Request, Body] = {}
        """From their headers on, the oldest first."""

    @contextmanager
    def arriving(self, request: Request) -> Iterator[Body]:
        """Count a body while it arrives, however that ends."""
        body = self.on_their_way[request] = Body(self)
        try:
            yield body
        finally:
            del self.on_their_way[request]
            self._release(body.bytes)

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

    def took(self, body: Body, count: int) -> bool:
        """Count bytes of a body; whether more of it may come now."""
        self._bytes += count
        return self._may_come(body)

    def _may_come(self, body: Body) -> bool:
        if self._bytes <= BUDGET_BYTES:
            return True
        return not self._kept and body is next(iter(self.on_their_way.values()))

    def _release(self, count: int) -> None:
        self._bytes -= count
        for body in self.on_their_way.values():
            if body.is_held and self._may_come(body):
                body.go_on()
