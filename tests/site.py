"""The demo site with faults: `python -m tests.site` takes the demo's flags.

`PUT /__stats/faults` with a JSON object of path to fault decides what goes wrong from then on:
a status ("404"), "html", "empty", "torn" (half a body), "short" (half of what was announced),
"loris" (a body that drips), "silent" (headers and then nothing).
"""

import asyncio
import sys

from aiohttp import web
from aiohttp.typedefs import Handler

from mangacrawl.demo import __main__ as demo
from mangacrawl.demo.site import make_app

LOGIN = "<!doctype html><title>Log in</title><p>Please log in to read on."


def make_faulty_app(knobs: demo.Knobs) -> web.Application:
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
    if fault == "html":
        return web.Response(text=LOGIN, content_type=response.content_type)
    if fault == "empty":
        return web.Response(body=b"", content_type=response.content_type)
    if fault == "torn":
        return web.Response(body=body[: len(body) // 2], content_type=response.content_type)
    slow = web.StreamResponse(headers={"Content-Type": response.content_type})
    slow.content_length = len(body)
    await slow.prepare(request)
    await slow.write(body[: len(body) // 2])
    if fault == "short":
        request.transport.close()  # type: ignore[union-attr]
    elif fault == "silent":
        await asyncio.sleep(3600)
    elif fault == "loris":
        for position in range(len(body) // 2, len(body)):
            await slow.write(body[position : position + 1])
            await asyncio.sleep(0.1)
    return slow


if __name__ == "__main__":
    demo.make_app = make_faulty_app
    sys.exit(demo.main())
