"""The demo site with faults: `python -m tests.site` takes the demo's flags.

`PUT /__stats/faults` with a JSON object of path to fault decides what goes wrong from then on:
a status ("404"), "text:…" (another body), "html", "empty", "torn" (half a body), "short" (half of
what was announced), "loris" (a body that drips), "silent" (headers and then nothing), "reset" (RST
at half of it), "chunk" (a chunk that breaks off), "unsized" (half of it, no length), "hangup" (all
of it, then the connection closes unannounced), "undated" (no validators), "hold" (no answer until
the fault is taken back).
Or an object: "status", "headers", "text" or "base64" of another answer; "picture", the attributes
of a reader page's image, where {image}, {path}, {name}, {relative} and {percent} spell its address
(with "base", an element in the head); "times", after so many all is well.
Whatever has the query "expired" is refused.
"""

import asyncio
import base64
import os
import re
import socket
import struct
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from mangacrawl.demo import __main__ as demo
from mangacrawl.demo import site
from mangacrawl.demo.knobs import Knobs
from tests.changes import add_changes
from tests.drawings import drawn_page

ON_ITS_WAY_SECONDS = 0.25
"""What was sent before the client could know of a pause may still arrive."""

LOGIN = "<!doctype html><title>Log in</title><p>Please log in to read on."


def make_faulty_app(knobs: Knobs) -> web.Application:
    app = site.make_app(knobs)
    note_early_requests(app)
    add_faults(app)
    add_changes(app)
    return app


def add_faults(app: web.Application) -> None:
    faults: dict[str, Any] = {}
    changed = asyncio.Condition()

    async def put(request: web.Request) -> web.Response:
        async with changed:
            faults.clear()
            faults.update(await request.json())
            changed.notify_all()
        return web.Response(status=204)

    @web.middleware
    async def spoil(request: web.Request, handler: Handler) -> web.StreamResponse:
        async with changed:
            await changed.wait_for(lambda: faults.get(request.path) != "hold")
        if request.query_string == "expired":
            raise web.HTTPForbidden
        response = await handler(request)
        fault = faults.get(request.path)
        if fault is None or not isinstance(response, web.Response):
            return response
        if isinstance(fault, dict):
            fault["times"] = fault.get("times", sys.maxsize) - 1
            return another_answer(response, fault) if fault["times"] >= 0 else response
        return await spoiled(request, response, fault)

    app.middlewares.append(spoil)
    app.router.add_put("/__stats/faults", put)


def note_early_requests(app: web.Application) -> None:
    """Count what comes before the time that a Retry-After named."""
    held = {"learnt": 0.0, "until": 0.0, "early": 0}

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        now = time.monotonic()
        if held["learnt"] < now < held["until"] and not request.path.startswith("/__stats"):
            held["early"] += 1
        response = await handler(request)
        if response.status == 503 and "Retry-After" in response.headers:
            held["until"] = time.monotonic() + float(response.headers["Retry-After"])
            held["learnt"] = time.monotonic() + ON_ITS_WAY_SECONDS
        return response

    async def early(_: web.Request) -> web.Response:
        return web.json_response(held["early"])

    app.middlewares.insert(0, note)
    app.router.add_get("/__stats/early", early)


async def spoiled(request: web.Request, response: web.Response, fault: str) -> web.StreamResponse:
    body = bytes(response.body or b"")  # type: ignore[arg-type]
    if fault.startswith("text:"):
        return web.Response(text=fault.removeprefix("text:"))
    if fault == "undated":
        response.headers.pop("ETag", None)
        return response
    if fault.isdecimal():
        return web.Response(status=int(fault), text="no")
    bodies = {"html": LOGIN.encode(), "empty": b"", "torn": body[: len(body) // 2]}
    if fault in bodies:
        return web.Response(body=bodies[fault], content_type=response.content_type)
    slow = web.StreamResponse(headers={"Content-Type": response.content_type})
    if fault == "chunk":
        slow.enable_chunked_encoding()
    elif fault == "unsized":
        slow.force_close()
    else:
        slow.content_length = len(body)
    await slow.prepare(request)
    await slow.write(body[: len(body) // 2])
    await DRIPS[fault](request, slow, body[len(body) // 2 :])
    return slow


def another_answer(response: web.Response, fault: dict[str, Any]) -> web.Response:
    if "picture" in fault:
        page = response.text or ""
        found = re.search(r'(?<=<img id="img" )([^>]*)src="([^"]*)"', page)
        address = urlsplit(found[2] if found else "")
        words = {
            "image": address.geturl(),
            "path": address.path,
            "name": address.path.rpartition("/")[2],
            "relative": f"//{address.netloc}{address.path}",
            "percent": address.path.replace("akira", "%61kira"),
        }
        attributes = re.sub(r"{(\w+)}", lambda word: words[word[1]], fault["picture"])
        page = page.replace(found[0], found[1] + attributes) if found else page
        page = page.replace("<head>", f"<head>{fault.get('base', '')}")
        return web.Response(text=page, content_type="text/html")
    body = base64.b64decode(fault.get("base64", "")) or fault.get("text", "").encode()
    headers = {"Content-Type": "text/html; charset=utf-8"} | fault.get("headers", {})
    return web.Response(status=fault.get("status", 200), headers=headers, body=body)


async def reset(request: web.Request, _: web.StreamResponse, __: bytes) -> None:
    if request.transport:
        linger = struct.pack("ii", 1, 0)
        request.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, linger
        )
        request.transport.close()


async def unsized(_: web.Request, slow: web.StreamResponse, __: bytes) -> None:
    await slow.write_eof()


async def hangup(request: web.Request, slow: web.StreamResponse, rest: bytes) -> None:
    await slow.write(rest)
    await short(request, slow, rest)


async def short(request: web.Request, _: web.StreamResponse, __: bytes) -> None:
    if request.transport:
        request.transport.close()


async def silent(request: web.Request, _: web.StreamResponse, __: bytes) -> None:
    while request.transport:  # noqa: ASYNC110 - no event tells that the client has gone
        await asyncio.sleep(0.05)


async def loris(_: web.Request, slow: web.StreamResponse, rest: bytes) -> None:
    for position in range(len(rest)):
        await slow.write(rest[position : position + 1])
        await asyncio.sleep(0.1)


DRIPS: dict[str, Callable[..., Awaitable[None]]] = {
    "short": short,
    "chunk": short,
    "reset": reset,
    "unsized": unsized,
    "hangup": hangup,
    "silent": silent,
    "loris": loris,
}


if __name__ == "__main__":
    vars(demo)["make_app"] = make_faulty_app
    if folder := os.environ.get("MANGACRAWL_DRAWINGS"):
        vars(site)["draw_page"] = partial(drawn_page, Path(folder))
    sys.exit(demo.main())
