"""Serves a theme's rendering of the story in a thread of the tests.

A module `tests.site.<theme>` has `SERIES`, the path of the series' page, and `routes`.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from threading import Thread

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.site.story import picture


@dataclass
class ThemedSite:
    """A running site; ``asked`` are the methods and paths with queries of its requests so far."""

    url: str = ""
    series_url: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving_theme(theme: str) -> Iterator[ThemedSite]:
    """The site of a theme on a free port of loopback."""
    rendering = import_module(f"tests.site.{theme}")
    site = ThemedSite()

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        site.asked.append(f"{request.method} {request.path_qs}")
        response = await handler(request)
        if isinstance(response, web.Response) and request.method == "GET":
            response.etag = sha256(bytes(response.body or b"")).hexdigest()  # type: ignore[arg-type]
            known = request.if_none_match or ()
            if any(etag == response.etag for etag in known):
                return web.Response(status=304)
        return response

    app = web.Application(middlewares=[note])
    app.add_routes(rendering.routes)
    app.router.add_get(r"/i/{position:\d+}/{page:\d+}.png", picture)
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(app)
    loop.run_until_complete(runner.setup())
    loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
    host, port = runner.addresses[0]
    site.url = f"http://{host}:{port}"
    site.series_url = f"{site.url}{rendering.SERIES}"
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(runner.cleanup())
        loop.close()
