"""A browser without a network: the crawl fetches for it, in its pool and behind its guard."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from playwright.async_api import Error, Page, Route
from playwright.async_api import Request as Asked
from playwright.async_api import TimeoutError as WaitedTooLong
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from mangacrawl.downloader import SITES, SOURCE
from mangacrawl.errors import REFUSED, LayoutError, LimitHit
from mangacrawl.middlewares.redirect import referrer
from mangacrawl.wire.browser import IN_BROWSER
from mangacrawl.wire.chromium import launched

logger = logging.getLogger(__name__)

_PAGES_AT_ONCE = 4
_IDLE_SECONDS = 10.0
"""A page that never stops asking is read as it is then."""

_CLOSE_SECONDS = 2.0
_MOST_REQUESTS = 200
"""What a page may ask for; the rest is refused."""

_MOST_NAVIGATIONS = 3
"""So often may a page go elsewhere, or load itself anew."""

_SCRIPT_BYTES = 16 * 1024 * 1024
"""So much of scripts is kept for the other pages of a crawl."""

_WANTED = {"script", "xhr", "fetch"}
_DROPPED_HEADERS = {"user-agent", "cookie", "referer", "host", "connection", "accept-encoding"}
_KEPT_HEADERS = {"content-type", "set-cookie"}


class Renderer:
    """scrapy-playwright's browser, one context for each site, whose pages only ask us.

    The page itself is what the crawl has fetched. Its scripts and their requests go through the
    downloader: robots.txt, cookies, the pool, the guard and all limits hold for them. Pictures,
    styles, fonts, media and frames are not fetched at all.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self.most_characters = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._room = asyncio.Semaphore(_PAGES_AT_ONCE)
        self._starting: asyncio.Task[ScrapyPlaywrightDownloadHandler] | None = None
        self._scripts: dict[str, Response] = {}
        self._room_for_scripts = _SCRIPT_BYTES

    async def render(self, request: Request, response: HtmlResponse) -> Response:
        """The page as its scripts have made it; raises LayoutError where they do not."""
        async with self._room:
            browser = await self._browser()
            visit = _Visit(self, request, response)
            asked = Request(response.url, meta=visit.meta(self._crawler.settings["USER_AGENT"]))
            try:
                async with asyncio.timeout(self.seconds):
                    shown = await browser.download_request(asked)
            except TimeoutError:
                what = f"no end after {self.seconds:.0f} s"
                raise LayoutError(f"cannot read {response.url} in a browser ({what})") from None
            except Error as error:
                what = error.message.splitlines()[0]
                raise LayoutError(f"cannot read {response.url} in a browser ({what})") from error
            finally:
                await _close(asked.meta.get("playwright_page"))
        return self._taken_over(shown, response)

    async def fetch(self, request: Request, *, is_script: bool) -> Response:
        """What a page asks for; a script that another page had is not fetched again."""
        if is_script and request.url in self._scripts:
            return self._scripts[request.url]
        response = await self._crawler.engine.download_async(request)
        self._room_for_scripts -= len(response.body) if is_script else 0
        if is_script and self._room_for_scripts >= 0:
            self._scripts[request.url] = response
        return response

    async def close(self) -> None:
        """End the browser; one that does not end is left to the system."""
        if self._starting and self._starting.done() and not self._starting.exception():
            with suppress(Exception):
                await asyncio.wait_for(self._starting.result().close(), _CLOSE_SECONDS)

    async def _browser(self) -> ScrapyPlaywrightDownloadHandler:
        if self._starting is None:
            self._starting = asyncio.ensure_future(launched(self._crawler, _PAGES_AT_ONCE))
        return await asyncio.shield(self._starting)

    def _taken_over(self, shown: Response, response: HtmlResponse) -> Response:
        """The rendered page in place of the one that was fetched.

        It has none of its validators: the scripts may show something else tomorrow.
        """
        if not isinstance(shown, HtmlResponse) or not shown.url.startswith(("http:", "https:")):
            raise LayoutError(f"cannot read {response.url} in a browser (it went to {shown.url})")
        kind = {"Content-Type": f"text/html; charset={shown.encoding}"}
        return response.replace(
            url=shown.url, body=shown.body, headers=kind, encoding=shown.encoding
        )


class _Visit:
    """One page in the browser: answers all that it asks for."""

    def __init__(self, renderer: Renderer, request: Request, response: HtmlResponse) -> None:
        self._renderer = renderer
        self._request = request
        self._response = response
        self._is_shown = False
        self._asked = 0
        self._went = 0

    def meta(self, user_agent: str) -> dict[str, Any]:
        """What scrapy-playwright has to know."""
        until: str = self._request.meta[IN_BROWSER]
        return {
            "playwright": True,
            "playwright_include_page": True,
            "playwright_context": str(self._request.meta.get(SOURCE)),
            "playwright_context_kwargs": {
                "user_agent": user_agent,
                "service_workers": "block",
                "accept_downloads": False,
            },
            "playwright_page_init_callback": self.take_over,
            "playwright_page_methods": [PageMethod(self.settle, until)],
        }

    async def take_over(self, page: Page, _: Request) -> None:
        """Answer the page's requests before scrapy-playwright lets them out."""
        await page.route("**/*", self._answer)

    async def settle(self, page: Page, until: str) -> None:
        """Wait until the page is ready and let it change no more.

        Raises LayoutError if what it should show does not come, LimitHit if it has grown too large.
        """
        if until:
            await self._wait_for(page, until)
        else:
            with suppress(WaitedTooLong):
                await page.wait_for_load_state("networkidle", timeout=_IDLE_SECONDS * 1000)
        size = await _size_at_last(page)
        if size > self._renderer.most_characters:
            raise LimitHit(f"{self._response.url}: {REFUSED}too large in a browser")

    async def _wait_for(self, page: Page, until: str) -> None:
        try:
            seconds = self._renderer.seconds / 2
            await page.wait_for_selector(until, state="attached", timeout=seconds * 1000)
        except WaitedTooLong:
            where = f"{self._response.url}, in a browser either"
            raise LayoutError(f"found nothing for {until!r} at {where}") from None

    async def _answer(self, route: Route, asked: Asked) -> None:
        try:
            if self._is_the_page(asked):
                self._is_shown = True
                await _fulfil(route, self._response)
            elif self._may_ask(asked):
                await _fulfil(route, await self._fetch(asked))
            else:
                await route.abort("blockedbyclient")
        except Exception as error:  # noqa: BLE001 - a page goes on without what it cannot have
            logger.debug("%s: %r", asked.url, error)
            with suppress(Error):
                await route.abort("failed")

    def _is_the_page(self, asked: Asked) -> bool:
        is_first = not self._is_shown and asked.is_navigation_request()
        return is_first and asked.frame.parent_frame is None

    def _may_ask(self, asked: Asked) -> bool:
        """Whether it is of a kind that a page's text can depend on, and not without end."""
        self._asked += 1
        if asked.is_navigation_request():
            self._went += 1
            return asked.frame.parent_frame is None and self._went <= _MOST_NAVIGATIONS
        return asked.resource_type in _WANTED and self._asked <= _MOST_REQUESTS

    async def _fetch(self, asked: Asked) -> Response:
        headers = {k: v for k, v in asked.headers.items() if k not in _DROPPED_HEADERS}
        if page := referrer(self._response.url, asked.url):
            headers["Referer"] = page
        kept = [SOURCE, "cookiejar", *[SITES] * asked.is_navigation_request()]
        meta = {key: self._request.meta[key] for key in kept if key in self._request.meta}
        cookies = await asked.frame.page.context.cookies(asked.url)
        request = Request(
            asked.url,
            callback=NO_CALLBACK,
            method=asked.method,
            headers=headers,
            body=asked.post_data_buffer or b"",
            cookies=[{"name": each["name"], "value": each["value"]} for each in cookies],
            meta=meta | {"max_retry_times": 1},
        )
        is_script = asked.resource_type == "script" and asked.method == "GET"
        return await self._renderer.fetch(request, is_script=is_script)


async def _fulfil(route: Route, response: Response) -> None:
    """Hand an answer to the browser, with what it has to know of it."""
    headers = {
        name: "\n".join(value.decode("latin-1") for value in values)
        for name, values in ((key.decode().lower(), v) for key, v in response.headers.items())
        if name in _KEPT_HEADERS or name.startswith("access-control-")
    }
    await route.fulfill(status=response.status, headers=headers, body=response.body)


async def _size_at_last(page: Page) -> int:
    """Stop a page's scripts and count its characters, in a world where they could change nothing.

    It is asked before the page is taken over: that would hold all of it in our memory.
    """
    browser = await page.context.new_cdp_session(page)
    await browser.send("Emulation.setScriptExecutionDisabled", {"value": True})
    tree = await browser.send("Page.getFrameTree")
    world = {"frameId": tree["frameTree"]["frame"]["id"]}
    made = await browser.send("Page.createIsolatedWorld", world)
    count = {"expression": "document.documentElement.outerHTML.length"}
    counted = await browser.send(
        "Runtime.evaluate", count | {"contextId": made["executionContextId"]}
    )
    size: int = counted["result"]["value"]
    return size


async def _close(page: Page | None) -> None:
    if page is not None:
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(page.close(), _CLOSE_SECONDS)
