"""The demo site with faults: `python -m tests.site` takes the demo's flags.

`PUT /__stats/faults` with a JSON object of path to fault decides what goes wrong from then on:
a status ("404"), "html", "empty", "torn" (half a body), "short" (half of what was announced),
"loris" (a body that drips), "silent" (headers and then nothing).
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from mangacrawl.demo import __main__ as demo
from mangacrawl.demo.knobs import Knobs
from mangacrawl.demo.site import make_app

LOGIN = "<!doctype html><title>Log in</title><p>Please log in to read on."


def make_faulty_app(knobs: Knobs) -> web.Application:
    app = make_app(knobs)
    faults: dict[str, str] = {}

    async def put(request: web.Request) -> web.Response:
        faults.clear()
        faults.update(await request.json())
        return web.Response(status=204)

    @web.middleware
    async def spoil(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        fault = faults.get(request.path)
        if fault is None or not isinstance(response, web.Response):
            return response
        return await spoiled(request, response, fault)

    app.middlewares.append(spoil)
    app.router.add_put("/__stats/faults", put)
    return app


async def spoiled(request: web.Request, response: web.Response, fault: str) -> web.StreamResponse:
    body = bytes(response.body or b"")  # type: ignore[arg-type]
    if fault.isdecimal():
        return web.Response(status=int(fault), text="no")
    bodies = {"html": LOGIN.encode(), "empty": b"", "torn": body[: len(body) // 2]}
    if fault in bodies:
        return web.Response(body=bodies[fault], content_type=response.content_type)
    slow = web.StreamResponse(headers={"Content-Type": response.content_type})
    slow.content_length = len(body)
    await slow.prepare(request)
    await slow.write(body[: len(body) // 2])
    await DRIPS[fault](request, slow, body[len(body) // 2 :])
    return slow


async def short(request: web.Request, _: web.StreamResponse, __: bytes) -> None:
    if request.transport:
        request.transport.close()


async def silent(*_: object) -> None:
    await asyncio.sleep(3600)


async def loris(_: web.Request, slow: web.StreamResponse, rest: bytes) -> None:
    for position in range(len(rest)):
        await slow.write(rest[position : position + 1])
        await asyncio.sleep(0.1)


DRIPS: dict[str, Callable[..., Awaitable[None]]] = {
    "short": short,
    "silent": silent,
    "loris": loris,
}


if __name__ == "__main__":
    vars(demo)["make_app"] = make_faulty_app
    sys.exit(demo.main())
