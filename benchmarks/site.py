"""The benchmark site: a series as large and as slow as asked for, served from memory.

`python -m benchmarks.site` prints its address and serves; GET /__stats tells what it saw.
"""

import argparse
import asyncio
import os
import signal
import sys
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from math import exp
from random import Random
from threading import Thread

from aiohttp import web

from benchmarks import series as markup
from benchmarks.pictures import draw_all
from benchmarks.series import Series
from mangacrawl.demo.statistics import Kind, Statistics

_KEEP_ALIVE_SECONDS = 3600
_SEED = 2015
_DRIP_BYTES = 10
_FIRST, _SECOND = f"/{markup.SLUG}", f"/{markup.SECOND}"
_ROBOTS = "User-agent: *\nDisallow: /actions/\n"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the site answers.

    ``latency`` is the median in seconds that an answer takes, ``sigma`` the spread of the
    lognormal distribution around it. Above ``limit`` requests at once come 503s without delay.
    With ``workers``, so many requests are served at once, the others queue. None is no bound.
    The first ``dripping`` pictures come by ten bytes a second.
    """

    latency: float = 0
    sigma: float = 0
    limit: int | None = None
    workers: int | None = None
    dripping: int = 0


class Site:
    """The handler of every request; the statistics neither count nor delay themselves."""

    def __init__(self, series: Series, behaviour: Behaviour) -> None:
        self._series = series
        self._behaviour = behaviour
        self._statistics = Statistics()
        self._serving = 0
        self._dripping = behaviour.dripping
        self._workers = asyncio.Semaphore(behaviour.workers) if behaviour.workers else None
        self._rng = Random(_SEED)  # noqa: S311 - no secret
        self._index = markup.index(series)
        self._places = {markup.reader_path(place): place for place in series.places()}
        pictures = draw_all()
        self._pictures = {
            markup.image_path(place): pictures[number % len(pictures)]
            for number, place in enumerate(series.places())
        }

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The page or picture, counted until its last byte is handed to the system."""
        if request.path == "/__stats":
            return web.json_response(self._statistics.report())
        kind, response = self._found(request)
        self._statistics.begin(kind, request.path, request.transport)
        status = None
        try:
            if self._is_full():
                response = web.Response(status=503, text="busy")
            else:
                await self._work()
            # Written here and not by aiohttp: once the client has all of it, its next request
            # must not be counted beside this one.
            with suppress(ConnectionError):
                await response.prepare(request)
                if kind == "image" and self._dripping:
                    self._dripping -= 1
                    await _drip(request)
                await response.write_eof()
                status = response.status
        finally:
            self._statistics.end(status)
        return response

    def _found(self, request: web.BaseRequest) -> tuple[Kind, web.Response]:
        kind, response = self._found_in_first(request, request.path.replace(_SECOND, _FIRST))
        if request.path.startswith(_SECOND) and response.content_type == "text/html":
            response.text = (response.text or "").replace(_FIRST, _SECOND)
        return kind, response

    def _found_in_first(self, request: web.BaseRequest, path: str) -> tuple[Kind, web.Response]:
        if path in self._pictures:
            return "image", web.Response(body=self._pictures[path], content_type="image/jpeg")
        if path in self._places:
            text = markup.reader(self._series, self._places[path], f"http://{request.host}")
            return "reader", web.Response(text=text, content_type="text/html")
        if path == _FIRST:
            return "index", web.Response(text=self._index, content_type="text/html")
        if path == "/robots.txt":
            return "robots", web.Response(text=_ROBOTS)
        return "other", web.Response(status=404, text="nothing here")

    def _is_full(self) -> bool:
        return self._behaviour.limit is not None and self._serving >= self._behaviour.limit

    async def _work(self) -> None:
        self._serving += 1
        try:
            async with self._workers or nullcontext():
                await self._wait()
        finally:
            self._serving -= 1

    async def _wait(self) -> None:
        if self._behaviour.latency:
            spread = exp(self._behaviour.sigma * self._rng.gauss(0, 1))
            await asyncio.sleep(self._behaviour.latency * spread)


async def _drip(request: web.BaseRequest) -> None:
    """A body without an end; the client has to give it up."""
    while request.transport and not request.transport.is_closing():
        request.transport.write(bytes(_DRIP_BYTES))
        await asyncio.sleep(1)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    options = _parser().parse_args(arguments)
    asyncio.run(_serve(options))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks.site", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="0 lets the system choose one")
    add("--pages", type=int, default=2200)
    add("--chapters", type=int, default=120)
    add("--latency", type=float, default=0, metavar="SECONDS", help="what each answer takes")
    add("--sigma", type=float, default=0, metavar="S", help="its lognormal spread")
    add("--limit", type=int, metavar="N", help="answer 503 above N requests at once")
    add("--workers", type=int, metavar="K", help="serve K requests at once, queue the others")
    add("--dripping", type=int, default=0, metavar="N", help="of the first N pictures 10 bytes/s")
    add("--until-stdin-closes", action="store_true", help="end when the parent does")
    return parser


async def _serve(options: argparse.Namespace) -> None:
    behaviour = Behaviour(
        options.latency, options.sigma, options.limit, options.workers, options.dripping
    )
    site = Site(Series(options.pages, options.chapters), behaviour)
    runner = web.ServerRunner(
        web.Server(site.answer, access_log=None, keepalive_timeout=_KEEP_ALIVE_SECONDS),
        shutdown_timeout=0.1,
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", options.port).start()
    host, port = runner.addresses[0]
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    await _until_stopped(until_stdin_closes=options.until_stdin_closes)
    await runner.cleanup()


async def _until_stopped(*, until_stdin_closes: bool) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    if until_stdin_closes:

        def wait_for_end() -> None:
            # os.read, because a buffered stdin that a thread waits for cannot be closed at exit.
            while os.read(0, 4096):
                pass
            loop.call_soon_threadsafe(stopped.set)

        Thread(target=wait_for_end, daemon=True).start()
    await stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
