"""The source contract: what a site looks like, never how it is fetched."""

from __future__ import annotations

import logging
import pkgutil
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from lxml import etree
from lxml.cssselect import CSSSelector
from scrapy import Request
from scrapy.http import TextResponse as Response

from mangacrawl.challenges import in_the_way, login
from mangacrawl.errors import ArgumentError, LayoutError, MangacrawlError
from mangacrawl.links import picture_address, web_address
from mangacrawl.records import Chapter, Page, Series, SeriesLink
from mangacrawl.safe import safe_key

__all__ = [
    "Chapter",
    "Limit",
    "Page",
    "Request",
    "Response",
    "Series",
    "SeriesLink",
    "Source",
    "attribute",
    "picture",
    "source_named",
    "text",
    "text_or_none",
    "theme_named",
    "web_address",
]

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limit:
    """What a site publishes as bearable for one of its hosts."""

    concurrency: int | None = None
    per_second: float | None = None
    per_minute: int | None = None


class Source(ABC):
    """A comic site, or, without a ``base_url``, a theme that many sites run.

    Three ``parse_*`` methods are required. They are pure: a response in, records out; no state on
    ``self``, no network, no ``meta``. They may also yield a ``scrapy.Request`` without callback,
    which means "the same again from here" (pagination, a chapter list that is POSTed for).
    What cannot be done without raises LayoutError (see `text`), what is nice to have is None.
    """

    id: ClassVar[str]
    base_url: str = ""
    language: ClassVar[str | None] = None
    tested: ClassVar[str] = "made-up pages only"
    limits: ClassVar[Mapping[str, Limit]] = {}
    is_pagewise: ClassVar[bool] = False
    """Whether each reader page shows one image, so that a response never yields many items."""
    closed: ClassVar[str | None] = None
    """Since when the site is no more; None while it is there."""

    def __init__(self, base_url: str | None = None) -> None:
        if base_url is not None:
            self.base_url = base_url

    @property
    def key(self) -> str:
        """What names the site in the ledger: the source's id, or a theme's host."""
        return self.id if type(self).base_url else urlsplit(self.base_url).netloc.lower()

    def series_key(self, series_id: str) -> str:
        """What names a series of this source in the output folder and its ledger."""
        return safe_key(f"{self.key}-{series_id}")

    def series_id(self, url: str) -> str:
        """The id of the series at a URL: here the last part of its path."""
        return urlsplit(url).path.rstrip("/").rpartition("/")[2] or urlsplit(url).netloc

    def id_from_name(self, name: str) -> str:
        """The id that a series of this name most likely has."""
        return slug(name)

    def series_request(self, series_id: str) -> Request:
        """The page of a series."""
        return Request(f"{self.base_url}/{series_id}")

    def search_request(self, query: str) -> Request | None:
        """A page whose `parse_search` yields series like the query; None if the site has none."""
        return None

    def chapters_request(self, series: Series) -> Request | None:
        """The page that lists the chapters; None if the series' own page does."""
        return None

    def pages_request(self, chapter: Chapter) -> Request:
        """The page that shows a chapter, or its first page."""
        return Request(chapter.url)

    @abstractmethod
    def parse_series(self, response: Response) -> Series:
        """The series whose page this is."""

    @abstractmethod
    def parse_chapters(self, response: Response) -> Iterator[Chapter | Request]:
        """The chapters, oldest first."""

    @abstractmethod
    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page | Request]:
        """The pages of a chapter; raises ChapterUnavailable where the site does not show it."""

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        """The series that a list or a search result names."""
        return iter(())

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        registry = _SOURCES if cls.base_url else _THEMES
        registry[cls.id] = cls


_SOURCES: dict[str, type[Source]] = {}
_THEMES: dict[str, type[Source]] = {}


def load_sources(modules: list[str]) -> None:
    """Import every source and theme of the package, and the modules the user names."""
    for package in ("mangacrawl.themes", "mangacrawl.sources"):
        for module in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    for name in modules:
        import_module(name)


def source_named(name: str) -> type[Source]:
    """The source with this id; raises ArgumentError with the ids there are."""
    return _named("source", name, _SOURCES)


def theme_named(name: str) -> type[Source]:
    """The theme with this id; raises ArgumentError with the ids there are."""
    return _named("theme", name, _THEMES)


def source_of_host(host: str) -> type[Source] | None:
    """The source whose site answers at this host; None if no source knows it."""
    bare = host.removeprefix("www.")
    for source in _SOURCES.values():
        if (urlsplit(source.base_url).hostname or "").removeprefix("www.") == bare:
            return source
    return None


def _named(kind: str, name: str, registry: Mapping[str, type[Source]]) -> type[Source]:
    if name not in registry:
        raise ArgumentError(f"{kind}={name}: there is {', '.join(sorted(registry))}")
    return registry[name]


def slug(name: str) -> str:
    """A name as sites write it in URLs: lower case, words joined by hyphens."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "-"


def read(response: Response, parse: Callable[[], T]) -> T:
    """Run a parser on a response: what it trips over becomes a LayoutError, never a crash.

    Where it is a login page: Refused. The response's tree is freed at once: it hangs on a cycle
    that only the garbage collector would break, and pages pile up meanwhile.
    """
    try:
        return _parsed(response, parse)
    except LayoutError:
        if obstacle := login(response):
            raise in_the_way(obstacle) from None
        raise
    finally:
        response._cached_selector = None  # noqa: SLF001 - Scrapy has no other way


def _parsed(response: Response, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except MangacrawlError:
        raise
    except Exception as error:
        logger.debug("parser of %s", response.url, exc_info=True)
        what = f"{type(error).__name__}: {error}"
        raise LayoutError(f"cannot read {response.url} ({what})") from error


def text_or_none(response: Response, css: str) -> str | None:
    """All text in the first element that a selector finds, white space folded; None if empty."""
    found = _first(response, css)
    if found is None:
        return None
    content = etree.tostring(found, method="text", encoding="unicode", with_tail=False)
    return " ".join(content.split()) or None


def text(response: Response, css: str) -> str:
    """The same where the source cannot do without; raises LayoutError."""
    found = text_or_none(response, css)
    if found is None:
        raise LayoutError(f"found nothing for {css!r} at {response.url}")
    return found


def attribute(response: Response, css: str, name: str) -> str:
    """An attribute of the first element that a selector finds; raises LayoutError."""
    element = _first(response, css)
    found = "" if element is None else element.get(name, "").strip()
    if not found:
        raise LayoutError(f"found no {name} for {css!r} at {response.url}")
    return found


def picture(response: Response, css: str) -> str:
    """The address of the picture that the first element shows; raises LayoutError."""
    element = _first(response, css)
    attributes: Any = {} if element is None else element.attrib
    found = picture_address(response, attributes)
    if found is None:
        raise LayoutError(f"found no picture for {css!r} at {response.url}")
    return found


def _first(response: Response, css: str) -> etree._Element | None:
    """Asked of lxml, at a third of what parsel's selectors cost: it is done for every page."""
    return next(iter(_compiled(css)(response.selector.root)), None)


@lru_cache(maxsize=1000)
def _compiled(css: str) -> Callable[[etree._Element], list[etree._Element]]:
    finder: Any = CSSSelector(css, translator="html")
    return finder  # type: ignore[no-any-return] # its stub knows XPath's results only
