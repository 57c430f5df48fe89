"""The demo site as an aiohttp application: MangaReader's addresses, pages and pictures."""

import asyncio
from contextlib import suppress
from hashlib import sha256
from itertools import count

from aiohttp import ETag, web
from aiohttp.typedefs import Handler, Middleware

from mangacrawl.demo import markup
from mangacrawl.demo.addresses import image_path
from mangacrawl.demo.catalogue import Chapter, Page, Series, catalogue, pictures
from mangacrawl.demo.drawing import draw_cover, draw_page
from mangacrawl.demo.knobs import Knobs
from mangacrawl.demo.statistics import Kind, Statistics
from mangacrawl.demo.trouble import Trouble

_CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_OTHER_NAME = "localhost"
"""Where redirected images are."""


def make_app(knobs: Knobs) -> web.Application:
    """The site with its own statistics at /__stats, which neither counts nor delays itself."""
    site = _Site(knobs)
    statistics = Statistics()
    kinds: dict[web.AbstractResource | None, Kind] = {}
    app = web.Application(middlewares=[_watching(statistics, Trouble(knobs), kinds)])
    for kind, path, handler in site.routes():
        kinds[app.router.add_get(path, handler).resource] = kind

    async def show(_: web.Request) -> web.Response:
        return web.json_response(statistics.report())

    async def reset(_: web.Request) -> web.Response:
        statistics.reset()
        return web.Response(status=204)

    app.router.add_get("/__stats", show)
    app.router.add_post("/__stats/reset", reset)
    return app


def _watching(
    statistics: Statistics, trouble: Trouble, kinds: dict[web.AbstractResource | None, Kind]
) -> Middleware:
    @web.middleware
    async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/__stats"):
            return await handler(request)
        kind = kinds.get(request.match_info.route.resource, "other")
        statistics.begin(kind, request.path_qs, request.transport)
        status = None
        try:
            response = await trouble.answer(request, handler, may_fail=kind in {"reader", "image"})
            # Written here and not by aiohttp: once the client has all of it, its next request
            # must not be counted beside this one.
            with suppress(ConnectionError):  # aiohttp meets it again and closes the connection
                await response.prepare(request)
                await response.write_eof()
                status = response.status
        finally:
            statistics.end(status)
        return response

    return watch


class _Site:
    """The handlers; what they do not know raises 404."""

    def __init__(self, knobs: Knobs) -> None:
        self._knobs = knobs
        self._turns = count()

    def routes(self) -> list[tuple[Kind, str, Handler]]:
        return [
            ("other", "/", self._home),
            ("robots", "/robots.txt", self._robots),
            ("other", "/alphabetical", self._alphabetical),
            ("other", "/search", self._search),
            ("other", "/search/", self._search),
            ("other", r"/cover/{slug}/{name:.+}-{size:[lmr]}0.jpg", self._cover),
            (
                "reader",
                r"/{old:\d+-\d+}-{page:\d{1,6}}/{slug}/chapter-{chapter}.html",
                self._reader,
            ),
            ("index", r"/{old:\d+}/{slug}.html", self._index),
            ("index", "/{slug}", self._index),
            ("reader", r"/{slug}/{chapter:[\d.]+}", self._reader),
            ("reader", r"/{slug}/{chapter:[\d.]+}/{page:\d{1,6}}", self._reader),
            ("image", r"/{slug}/{chapter}/{name}-{image_id:\d{1,9}}.{extension}", self._image),
        ]

    async def _home(self, _: web.Request) -> web.Response:
        return _page(markup.home())

    async def _robots(self, _: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow: /actions/\n")

    async def _alphabetical(self, _: web.Request) -> web.Response:
        return _page(markup.alphabetical())

    async def _search(self, request: web.Request) -> web.Response:
        return _page(markup.results(request.query.get("w", ""), _root(request)))

    async def _index(self, request: web.Request) -> web.Response:
        series = _series(request)
        digest = sha256(markup.index(series, "").encode()).hexdigest()
        etag = ETag(digest[:16])
        if request.if_none_match and etag in request.if_none_match:
            response = web.Response(status=304)
        else:
            response = _page(markup.index(series, _root(request)))
        response.etag = etag
        return response

    async def _reader(self, request: web.Request) -> web.Response:
        series = _series(request)
        number = request.match_info["chapter"]
        chapter = series.chapter(number)
        if chapter is None or not chapter.pages:
            return _page(markup.not_released(series, number, _root(request)))
        page = _numbered(chapter, int(request.match_info.get("page", "1")))
        turn = next(self._turns)
        image = self._image_url(request, series, chapter, page, turn)
        next_image = ""
        if page.number < len(chapter.pages):
            following = chapter.pages[page.number]
            next_image = self._image_url(request, series, chapter, following, turn + 1)
        root = _root(request)
        text = markup.reader(series, chapter, page, root, image=image, next_image=next_image)
        return _page(text)

    async def _image(self, request: web.Request) -> web.Response:
        picture = pictures().get(int(request.match_info["image_id"]))
        content_type = _CONTENT_TYPES.get(request.match_info["extension"])
        if picture is None or content_type is None:
            raise web.HTTPNotFound
        if self._knobs.redirect_images and request.host.partition(":")[0] != _OTHER_NAME:
            elsewhere = _root(request, _OTHER_NAME) + request.path
            return web.Response(status=302, headers={"Location": elsewhere})
        body = await asyncio.to_thread(draw_page, picture.series, picture.chapter, picture.page)
        return web.Response(body=body, content_type=content_type)

    async def _cover(self, request: web.Request) -> web.Response:
        body = await asyncio.to_thread(draw_cover, _series(request))
        return web.Response(body=body, content_type="image/jpeg")

    def _image_url(
        self, request: web.Request, series: Series, chapter: Chapter, page: Page, turn: int
    ) -> str:
        names = self._knobs.image_host_names
        root = _root(request, names[turn % len(names)]) if len(names) > 1 else _root(request)
        return root + image_path(series, chapter, page)


def _page(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


def _series(request: web.Request) -> Series:
    series = catalogue().get(request.match_info["slug"])
    if series is None:
        raise web.HTTPNotFound
    return series


def _numbered(chapter: Chapter, number: int) -> Page:
    if not 1 <= number <= len(chapter.pages):
        raise web.HTTPNotFound
    return chapter.pages[number - 1]


def _root(request: web.Request, name: str | None = None) -> str:
    """The start of this site's URLs: under the name the client used, or under another one."""
    if name is None:
        return f"http://{request.host}"
    port = request.get_extra_info("sockname")[1]
    return f"http://{name}:{port}"
