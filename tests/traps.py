"""Sites without end. `python -m tests.traps` crawls each at full size and prints what it cost.

It is also a module for MANGA_SOURCE_MODULES: the theme `trap`, with MANGACRAWL_MAX_PAGES as the
limit of a chapter's pages.
"""

import asyncio
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from resource import RUSAGE_CHILDREN, getrusage

from aiohttp import web
from PIL import Image

from mangacrawl.parsing import limits
from mangacrawl.records import MAX_PAGES
from mangacrawl.source import Chapter, Page, Request, Response, Series, Source, text, web_address

vars(limits)["MAX_PAGES"] = int(os.environ.get("MANGACRAWL_MAX_PAGES", MAX_PAGES))
vars(limits)["MOST_SECONDS"] = float(os.environ.get("MANGACRAWL_MOST_SECONDS", "5"))

FULL_SIZE = ("calendar", "circle", "crowd", "endless", "mirror", "scroll")


class Trap(Source):
    """Lists of links: chapters on the index, images on a reader page, `next` goes on."""

    id = "trap"

    def parse_series(self, response: Response) -> Series:
        return Series(self.series_id(response.url), text(response, "h1"), response.url)

    def parse_chapters(self, response: Response) -> Iterator[Chapter | Request]:
        for link in response.css("a.chapter"):
            href = link.attrib["href"]
            number = href.rpartition("/")[2]
            yield Chapter(href, web_address(response, href) or "", number=number)
        yield from _next(response)

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page | Request]:
        re.search(r"(a+)+$", response.css("p.knot::text").get(""))
        for image in response.css("img"):
            yield Page(image_url=web_address(response, image.attrib["src"]))
        yield from _next(response)


def _next(response: Response) -> Iterator[Request]:
    address = web_address(response, response.css("a.next::attr(href)").get())
    if address:
        yield Request(address)


def index(kind: str, page: int) -> str:
    """A page of a series' index."""
    if kind == "calendar":
        return f"{chapters(kind, page, page + 1)}<a class=next href=?page={page + 1}>next month</a>"
    if kind == "circle":
        return f"{chapters(kind, 1, 4)}<a class=next href=?page={page + 1}>more</a>"
    if kind == "self":
        return f"{chapters(kind, 1, 2)}<a class=next href=''>more</a>"
    return chapters(kind, 1, 5001 if kind == "crowd" else 2)


def chapters(kind: str, first: int, end: int) -> str:
    return "".join(f"<a class=chapter href=/{kind}/{n}>{n}</a>" for n in range(first, end))


def reader(kind: str, page: int) -> str:
    """A reader page of a chapter."""
    if kind == "endless":
        return f"<img src=/i/{page}.png><a class=next href=?page={page + 1}>next</a>"
    if kind == "empty":
        return ""
    if kind == "knot":
        return f"<p class=knot>{'a' * 99}!</p>"
    if kind == "mirror":
        return f"<img src=/i/1.png><a class=next href=?page={page + 1}>next</a>"
    if kind == "back":
        link = "/back/1" if page > 1 else "?page=2"
        return f"<img src=/i/{page}.png><a class=next href={link}>next</a>"
    images = 10_000 if kind == "scroll" else 2
    return "".join(f"<img src=/i/{page}-{n}.png>" for n in range(images))


def make_app() -> web.Application:
    app = web.Application()
    asked = count()
    picture = io.BytesIO()
    Image.new("L", (90, 120), 200).save(picture, "PNG")

    async def requests(_: web.Request) -> web.Response:
        return web.json_response(next(asked))

    async def show(request: web.Request) -> web.Response:
        next(asked)
        kind = request.match_info["kind"]
        page = int(request.query.get("page", "1"))
        body = reader(kind, page) if "chapter" in request.match_info else index(kind, page)
        return web.Response(text=f"<html><h1>{kind}</h1>{body}", content_type="text/html")

    async def image(_: web.Request) -> web.Response:
        next(asked)
        return web.Response(body=picture.getvalue(), content_type="image/png")

    async def robots(_: web.Request) -> web.Response:
        return web.Response(text="")

    app.router.add_get("/requests", requests)
    app.router.add_get("/robots.txt", robots)
    app.router.add_get("/i/{name}", image)
    app.router.add_get("/{kind}", show)
    app.router.add_get("/{kind}/{chapter}", show)
    return app


async def serve() -> None:
    """Print the address and serve until stdin closes."""
    runner = web.AppRunner(make_app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def crawl_all() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.traps", "serve"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as site:  # fmt: skip
        assert site.stdout
        url = site.stdout.readline().strip()
        for kind in FULL_SIZE:
            with tempfile.TemporaryDirectory() as folder:
                arguments = ["-a", "theme=trap", "-a", f"url={url}/{kind}"]
                settings = ["MANGA_SOURCE_MODULES=tests.traps", f"MANGA_OUTPUT_DIR={folder}"]
                options = [part for each in settings for part in ("-s", each)]
                crawl = ["-m", "scrapy", "crawl", "manga", *arguments, *options]
                done = subprocess.run([sys.executable, *crawl], check=False)
                most = getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024
                sys.stdout.write(f"{kind}: exit {done.returncode}, up to {most:.0f} MB so far\n")
        site.communicate()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        crawl_all()
