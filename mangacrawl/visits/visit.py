"""A short visit to a site that has no source yet: one page of each kind, and what they tell."""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from scrapy import Request, Spider
from scrapy.http import HtmlResponse, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from mangacrawl.downloader import SITES
from mangacrawl.errors import (
    ChapterUnavailable,
    LayoutError,
    MangacrawlError,
    NotFound,
    PageError,
    Withheld,
)
from mangacrawl.failures import problem
from mangacrawl.middlewares.redirect import referrer
from mangacrawl.pictures import inspect
from mangacrawl.safe import visible
from mangacrawl.source import Chapter, Page, Source, read
from mangacrawl.visits import skeleton
from mangacrawl.visits.sketch import PageImages, chapter_links, page_images
from mangacrawl.wire.sites import site_of

logger = logging.getLogger(__name__)

_MOST_LISTS = 3
"""So many lists are followed until one names a chapter."""

_MOST_CHAPTERS = 3
"""So many are tried until the site shows one."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that was fetched, by the name of its case and the parser it is for."""

    case: str
    parser: str
    response: TextResponse

    @property
    def is_posted(self) -> bool:
        """Whether its address alone does not bring it again."""
        return self.response.request is not None and self.response.request.method != "GET"


class Visit(Spider):
    """Looks at a series, its oldest chapter and a page of it, within robots.txt and the pool.

    ``seen`` are the pages, ``code`` is the source they make, ``picture`` says what became of the
    first picture. ``problem`` is what ended the visit; the others are not to be used then.
    """

    name = "visit"
    custom_settings = {"ITEM_PIPELINES": {}}  # noqa: RUF012 - as Scrapy has it

    def __init__(self, source_name: str, url: str, theme: type[Source] | None) -> None:
        super().__init__()
        self._source_name = source_name
        self._url = url
        self._theme = theme
        self.seen: list[Seen] = []
        self.code = ""
        self.picture = "no picture was found"
        self.problem: MangacrawlError | None = None

    async def start(self) -> AsyncIterator[Request]:
        try:
            await (self._look_with(self._theme) if self._theme else self._look())
        except MangacrawlError as error:
            self.problem = error
        if False:  # it is for Scrapy an iterator that ends when the visit does
            yield Request(self._url)

    async def _look_with(self, theme: type[Source]) -> None:
        """Read the pages as a theme does; raises LayoutError where it finds nothing."""
        self.code = skeleton.themed(self._source_name, theme, self._url)
        source = theme(skeleton.site_of(self._url))
        page = await self._see("series", "parse_series", source.url_request(self._url))
        series = read(page, lambda: source.parse_series(page))
        if request := source.chapters_request(series):
            page = await self._fetch(request)
        chapters: list[Chapter] = []
        for _ in range(_MOST_LISTS):
            found = read(page, lambda page=page: list(source.parse_chapters(page)))  # type: ignore[misc]
            chapters = list(_those(found, Chapter))
            following = next(_those(found, Request), None)
            if chapters or following is None:
                break
            page = await self._fetch(following)
        self.seen.append(Seen("chapters", "parse_chapters", page))
        if not chapters:
            raise LayoutError(f"found no chapters at {page.url}")
        await self._look_at_one(source, [each for each in chapters if not each.unavailable])

    async def _look_at_one(self, source: Source, chapters: list[Chapter]) -> None:
        """Look at the first chapter that the site shows."""
        for chapter in chapters[:_MOST_CHAPTERS]:
            request = source.pages_request(chapter)
            if request is None:
                await self._look_at_pages(list(chapter.pages), chapter.url)
                return
            page = await self._fetch(request)
            try:
                found = read(page, lambda: list(source.parse_pages(page, chapter)))  # noqa: B023 - called at once
            except ChapterUnavailable as error:
                logger.warning("chapter %s: %s", visible(chapter.label), visible(str(error)))
                continue
            self.seen.append(Seen("pages", "parse_pages", page))
            await self._look_at_pages(list(_those(found, Page)), page.url)
            return
        raise Withheld("the site shows no chapter to look at")

    async def _look_at_pages(self, pages: list[Page], page_url: str) -> None:
        if second := next((page.url for page in pages if page.url and not page.image_url), None):
            await self._see("page-2", "parse_pages", Request(second))
        if first := next((page.image_url for page in pages if page.image_url), None):
            await self._try_picture(first, page_url)

    async def _look(self) -> None:
        """Guess what the pages show; what cannot be guessed is left to be filled in."""
        page = await self._see("series", "parse_series", Request(self._url))
        self.seen.append(Seen("chapters", "parse_chapters", page))
        chapters = read(page, lambda: chapter_links(page))
        images = read(page, lambda: page_images(page))
        if chapters.addresses:
            try:
                images = await self._look_at_chapter(chapters.addresses[0])
            except NotFound as error:
                logger.warning("guessed wrong: %s", visible(str(error)))
        self.code = skeleton.from_scratch(self._source_name, self._url, chapters, images)

    async def _look_at_chapter(self, address: str) -> PageImages:
        """Guess what a chapter's page shows, and look at what that leads to."""
        chapter = await self._see("pages", "parse_pages", Request(address))
        images = read(chapter, lambda: page_images(chapter))
        if images.first:
            await self._try_picture(images.first, chapter.url)
        if images.second:
            try:
                await self._see("page-2", "parse_pages", Request(images.second))
            except NotFound as error:
                logger.warning("guessed wrong: %s", visible(str(error)))
        return images

    async def _see(self, case: str, parser: str, request: Request) -> TextResponse:
        page = await self._fetch(request)
        self.seen.append(Seen(case, parser, page))
        return page

    async def _fetch(self, request: Request) -> TextResponse:
        """A page; raises what a crawl would end with where there is none."""
        try:
            meta = request.meta | {SITES: {site_of(self._url)}}
            asked = request.replace(callback=NO_CALLBACK, meta=meta)
            response = await self.crawler.engine.download_async(asked)
        except Exception as error:
            raise _problem(error, request.url) from error
        expected = request.meta.get("handle_httpstatus_list", ())
        if response.status != 200 and response.status not in expected:
            raise _problem(HttpError(response), request.url)
        kind = TextResponse if self._theme else HtmlResponse
        if not isinstance(response, kind):
            type_ = (response.headers.get("Content-Type") or b"of no type").decode("latin-1")
            raise LayoutError(f"{response.url} is not a page ({type_})")
        return response

    async def _try_picture(self, address: str, page_url: str) -> None:
        """Fetch a picture as a crawl would; it is not kept."""
        headers = {"Referer": referrer(page_url, address)}
        request = Request(address, headers=headers, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
            shown = inspect(response.body)
        except Exception as error:  # noqa: BLE001 - whatever it is, the pages are there
            why = error if isinstance(error, PageError) else _problem(error, address)
            self.picture = f"the first picture cannot be had: {why}"
        else:
            self.picture = f"the first picture is there, {shown.width} x {shown.height}: {address}"


def _problem(error: Exception, what: str) -> MangacrawlError:
    return problem(Failure(error), what)  # type: ignore[no-untyped-call] # Twisted's


def _those(found: Iterable[object], kind: type[T]) -> Iterator[T]:
    return (each for each in found if isinstance(each, kind))
