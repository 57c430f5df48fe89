"""The difficulties that the knobs ask for: slow answers, refusals, errors at the first attempt."""

import asyncio
from math import exp
from random import Random

from aiohttp import web
from aiohttp.typedefs import Handler

from mangacrawl.demo import markup
from mangacrawl.demo.knobs import Knobs

_SEED = 2015


class Trouble:
    """Makes an easy site difficult, the same way in every run."""

    def __init__(self, knobs: Knobs) -> None:
        self._knobs = knobs
        self._served = 0
        self._failed: set[str] = set()
        self._rng = Random(_SEED)  # noqa: S311  # no secret

    async def answer(
        self, request: web.Request, handler: Handler, *, may_fail: bool
    ) -> web.StreamResponse:
        """The handler's answer after the latency, or an error; a refusal does not wait."""
        limit = self._knobs.limit
        if limit is not None and self._served >= limit:
            return self._refusal()
        if may_fail and self._fails(request.path):
            handler = _fail
        self._served += 1
        try:
            response, _ = await asyncio.gather(
                _answer(request, handler), asyncio.sleep(self._latency())
            )
            return response
        finally:
            self._served -= 1

    def _refusal(self) -> web.Response:
        response = _problem(503)
        if self._knobs.retry_after is not None:
            response.headers["Retry-After"] = str(self._knobs.retry_after)
        return response

    def _fails(self, path: str) -> bool:
        """Whether this request gets an error: one path in so many does, and only once."""
        if path in self._failed:
            return False
        unlucky = Random(f"{_SEED} {path}").random() < self._knobs.error_rate  # noqa: S311
        if unlucky:
            self._failed.add(path)
        return unlucky

    def _latency(self) -> float:
        return self._knobs.latency * exp(self._knobs.latency_sigma * self._rng.gauss(0, 1))


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _problem(error.status)


async def _fail(_: web.Request) -> web.StreamResponse:
    raise web.HTTPInternalServerError


def _problem(status: int) -> web.Response:
    return web.Response(status=status, text=markup.problem(status), content_type="text/html")
