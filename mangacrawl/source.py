"""The source contract: what a site looks like, never how it is fetched."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import TextResponse as Response

from mangacrawl.errors import ArgumentError, LayoutError, LimitHit, Refused
from mangacrawl.origins import broken_sources, load_sources
from mangacrawl.parsing.links import picture_address, web_address
from mangacrawl.parsing.reading import (
    attribute,
    chapter_at,
    names_in,
    picture,
    pictures,
    read,
    text,
    text_or_none,
)
from mangacrawl.records import Chapter, Credit, Page, Series, SeriesLink, Transfer, VolumeCover
from mangacrawl.safe import safe_key
from mangacrawl.wire.browser import in_browser

__all__ = [
    "Chapter",
    "Credit",
    "Limit",
    "Page",
    "Request",
    "Response",
    "Series",
    "SeriesLink",
    "Source",
    "Transfer",
    "VolumeCover",
    "Wishes",
    "attribute",
    "broken_sources",
    "chapter_at",
    "in_browser",
    "load_sources",
    "names_in",
    "picture",
    "picture_address",
    "pictures",
    "read",
    "source_named",
    "text",
    "text_or_none",
    "theme_named",
    "web_address",
]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a site publishes as bearable for one of its hosts, or for a part of it ("host/path")."""

    concurrency: int | None = None
    per_second: float | None = None
    per_minute: int | None = None


RATINGS = ("safe", "suggestive", "erotica", "pornographic")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants that the site has to be told.

    ``languages`` are BCP 47 tags in order of preference; empty means that none was named.
    ``is_small`` asks for smaller pictures where the site has them, ``rating`` is the strongest
    content that may be listed, one of `RATINGS`.
    """

    languages: tuple[str, ...] = ()
    is_small: bool = False
    rating: str = "suggestive"

    @property
    def ratings(self) -> tuple[str, ...]:
        """All ratings that may be listed."""
        return RATINGS[: RATINGS.index(self.rating) + 1]


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
    login: ClassVar[str] = "not needed"
    """What `scrapy sources` says of it; any source takes one, see docs/sources.md."""
    limits: ClassVar[Mapping[str, Limit]] = {}
    is_pagewise: ClassVar[bool] = False
    """Whether each reader page shows one image, so that a response never yields many items."""
    lists_pages: ClassVar[bool] = False
    """Whether the list of chapters names their pages, so that it has to be read in every run."""
    is_growing: ClassVar[bool] = False
    """Whether chapters and pages are found on the way, so that the last page is read again."""
    needs_browser: ClassVar[bool] = False
    """Whether its pages show what they hold only in a browser; `in_browser` says it of one."""
    example: ClassVar[str | None] = None
    """The id of a series that is likely to stay: `scrapy probe` crawls a chapter of it."""
    closed: ClassVar[str | None] = None
    """Since when the site is no more; None while it is there."""

    def __init__(self, base_url: str | None = None, wishes: Wishes | None = None) -> None:
        if base_url is not None:
            self.base_url = base_url
        self.wishes = wishes or Wishes()

    @property
    def key(self) -> str:
        """What names the site in the ledger: the source's id, or a theme's host."""
        return self.id if type(self).base_url else urlsplit(self.base_url).netloc.lower()

    @property
    def origins(self) -> tuple[str, ...]:
        """Addresses of the hosts that a login is for: the site and its API, never image hosts."""
        return (self.base_url,)

    def series_key(self, series_id: str) -> str:
        """What names a series of this source in the output folder and its ledger."""
        return safe_key(f"{self.key}-{series_id}")

    def series_id(self, url: str) -> str:
        """The id of the series at a URL: here the last part of its path."""
        return urlsplit(url).path.rstrip("/").rpartition("/")[2] or urlsplit(url).netloc

    def id_from_name(self, name: str) -> str | None:
        """The id that a series of this name most likely has; None if only a search tells."""
        return slug(name)

    def url_request(self, url: str) -> Request:
        """What to ask for when a person names a series by the address of its page."""
        return Request(url)

    def series_request(self, series_id: str) -> Request:
        """The page of a series."""
        return Request(f"{self.base_url}/{series_id}")

    def search_request(self, query: str) -> Request | None:
        """A page whose `parse_search` yields series like the query; None if the site has none."""
        return None

    def chapters_request(self, series: Series) -> Request | None:
        """The page that lists the chapters; None if the series' own page does."""
        return None

    def pages_request(self, chapter: Chapter) -> Request | None:
        """The page that shows a chapter, or its first page; None if the list named its pages."""
        return None if chapter.pages else Request(chapter.url)

    def covers_request(self, series: Series) -> Request | None:
        """The page that lists the covers of the volumes, for `parse_covers`; None if there is none.

        It is asked for only while a volume lacks its cover; what it does not bring is done without.
        """
        return None

    def report_request(self, transfer: Transfer) -> Request | None:
        """What tells the site how an image came, where it asks for that; None: it does not."""
        return None

    def expected_sha256(self, image_url: str) -> str | None:
        """The hash that an image's address promises; None if it promises none."""
        return None

    @abstractmethod
    def parse_series(self, response: Response) -> Series:
        """The series whose page this is."""

    @abstractmethod
    def parse_chapters(self, response: Response) -> Iterator[Chapter | Request]:
        """The chapters, oldest first."""

    @abstractmethod
    def parse_pages(
        self, response: Response, chapter: Chapter
    ) -> Iterator[Page | Chapter | Request]:
        """The pages of a chapter; raises ChapterUnavailable where the site does not show it.

        A Chapter with the same id replaces it (its page says more than the list did). One with
        another id begins at this page: it is read again for that chapter.
        """

    def parse_covers(self, response: Response) -> Iterator[VolumeCover | Request]:
        """The covers of the volumes; of several for one volume the first is taken."""
        return iter(())

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        """The series that a list or a search result names."""
        return iter(())

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        """Whether a page of a site that no source knows looks like this one."""
        return False

    def __init_subclass__(cls, *, is_base: bool = False) -> None:
        """Take the class among the sources or themes; raises TypeError where it cannot be one.

        Nothing is asked of a base, which is what several themes have in common.
        """
        super().__init_subclass__()
        if is_base:
            return
        registry = _SOURCES if cls.base_url else _THEMES
        if fault := _fault(cls, registry):
            raise TypeError(f"{cls.__name__} {fault}")
        registry[cls.id] = cls


_SOURCES: dict[str, type[Source]] = {}
_THEMES: dict[str, type[Source]] = {}


def _fault(cls: type[Source], registry: Mapping[str, type[Source]]) -> str | None:
    """Why a class cannot be a source or theme beside the others; None if it can."""
    id_ = vars(cls).get("id")
    if not isinstance(id_, str) or not id_:
        return "has no id of its own"
    missing = [
        name for name in sorted(Source.__abstractmethods__)
        if getattr(getattr(cls, name), "__isabstractmethod__", False)
    ]  # fmt: skip
    if missing:
        return f"lacks {', '.join(missing)}"
    if cls.base_url and not re.match(r"https?://[^/\s]+", cls.base_url):
        return f"has no address of the web as its base_url: {cls.base_url}"
    known = registry.get(id_)
    if known and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
        return f"has the id {id_}, which {known.__module__} has already"
    return None


def source_named(name: str) -> type[Source]:
    """The source with this id; raises ArgumentError with the ids there are."""
    return _named("source", name, _SOURCES)


def theme_named(name: str) -> type[Source]:
    """The theme with this id; raises ArgumentError with the ids there are."""
    return _named("theme", name, _THEMES)


def all_sources() -> list[type[Source]]:
    """Every source, then every theme."""
    return [*_SOURCES.values(), *_THEMES.values()]


def source_of_host(host: str) -> type[Source] | None:
    """The source whose site answers at this host; None if no source knows it."""
    bare = host.removeprefix("www.")
    for source in _SOURCES.values():
        if (urlsplit(source.base_url).hostname or "").removeprefix("www.") == bare:
            return source
    return None


def recognized(response: Response) -> type[Source] | None:
    """The source or theme that a page looks like; None if it looks like none."""
    for source in (*_THEMES.values(), *_SOURCES.values()):
        try:
            if read(response, lambda source=source: source.recognizes(response)):  # type: ignore[misc]
                return source
        except (LayoutError, LimitHit, Refused):
            continue
    return None


def _named(kind: str, name: str, registry: Mapping[str, type[Source]]) -> type[Source]:
    if name not in registry:
        raise ArgumentError(f"{kind}={name}: there is {', '.join(sorted(registry))}")
    return registry[name]


def slug(name: str) -> str:
    """A name as sites write it in URLs: lower case, words joined by hyphens."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "-"
