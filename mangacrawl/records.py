"""What the crawler knows of a series, its chapters and pages: plain records, free of Scrapy."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from mangacrawl.parsing.numbering import number_or_none

Status = Literal["ongoing", "completed"]
Direction = Literal["rtl", "ltr"]
AgeRating = Literal["Everyone", "Teen", "Mature 17+", "Adults Only 18+"]
"""Four of ComicInfo's ratings, from none of it to all of it."""
Role = Literal["writer", "artist", "translator"]

MAX_PAGES = 10_000
"""A chapter that reaches so many pages is endless; files and entries sort with four digits."""

_SURROGATE = re.compile("[\ud800-\udfff]")


class Record:
    """What a parser returns. Raises TypeError where a value has not its field's type.

    A site's JSON may hold anything anywhere, and what is in a record is trusted from then on. A
    surrogate without its other half, which JSON can spell, is no character and becomes U+FFFD: no
    file, database or address takes it.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        for name, kinds in _kinds(type(self)).items():  # type: ignore[arg-type] # it is hashable
            value = getattr(self, name)
            parts = value if isinstance(value, tuple) else ()
            if not isinstance(value, kinds) or not all(isinstance(p, str | Record) for p in parts):
                raise TypeError(f"{name} is {value!r:.60}")
            whole = tuple(map(_whole, parts)) if parts else _whole(value)
            if whole != value:
                object.__setattr__(self, name, whole)


def _whole(value: object) -> object:
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


@lru_cache
def _kinds(record: type) -> dict[str, tuple[type, ...]]:
    """The classes that each field's value may have."""
    return {name: tuple(_classes(hint)) for name, hint in get_type_hints(record).items()}


def _classes(hint: Any) -> Iterator[type]:
    origin = get_origin(hint)
    if origin in {Union, UnionType}:
        for each in get_args(hint):
            yield from _classes(each)
    else:
        yield str if origin is Literal else origin or hint


@dataclass(frozen=True, slots=True)
class Series(Record):
    """A series as its source describes it; None and empty mean that the source does not say.

    ``id`` is the source's own stable identity of the series (a slug, a UUID): never its title or
    its URL, since both move.
    """

    id: str
    title: str
    url: str
    status: Status | None = None
    authors: tuple[str, ...] = ()
    artists: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    alternative_titles: tuple[str, ...] = ()
    summary: str | None = None
    year: int | None = None
    language: str | None = None
    direction: Direction | None = None
    cover_url: str | None = None
    age_rating: AgeRating | None = None
    publisher: str | None = None


SERIES_COVER = ""
"""In place of a volume: the cover is that of the series."""


@dataclass(frozen=True, slots=True)
class VolumeCover(Record):
    """Where a site has a volume's cover.

    ``volume`` is a decimal string as in `Chapter`, None where what the site names is no number:
    no volume has such a cover.
    """

    volume: str | None
    url: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        object.__setattr__(self, "volume", number_or_none(self.volume))


@dataclass(frozen=True, slots=True)
class Page(Record):
    """A page of a chapter.

    ``url`` is the reader page that shows it. ``image_url`` is None while only the reader page is
    known: the spider then reads that page with ``parse_pages``. ``number`` counts from 1; None
    means "the next in walking order". Raises ValueError for a number that no page has.
    """

    number: int | None = None
    url: str | None = None
    image_url: str | None = None

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if self.number is not None and not 0 < self.number <= MAX_PAGES:
            raise ValueError(f"page number {self.number}")


@dataclass(frozen=True, slots=True)
class Credit(Record):
    """Who did what in a chapter."""

    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class Chapter(Record):
    """A chapter as its source lists it.

    ``number`` and ``volume`` are decimal strings ("10.5"), None where the source names none, and
    where what it names is no number;
    ``version`` counts re-releases ("v2"); a later ``released`` is one too, so it is None where the
    site says only how long ago that was. ``language`` is a BCP 47 tag, ``group`` the scanlation
    group, several of them joined by " & ". ``unavailable`` is why the site lists the chapter but
    does not show it (it is elsewhere, licensed, paid). ``pages`` are those that the list of
    chapters names already; empty means that ``parse_pages`` finds them. ``page_count`` is what the
    list says of their number, for who only looks at it: the pages themselves count.
    """

    id: str
    url: str
    number: str | None = None
    volume: str | None = None
    title: str | None = None
    language: str | None = None
    group: str | None = None
    released: date | None = None
    version: int = 1
    credits: tuple[Credit, ...] = ()
    unavailable: str | None = None
    pages: tuple[Page, ...] = ()
    page_count: int | None = None

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        for name in ("number", "volume"):
            object.__setattr__(self, name, number_or_none(getattr(self, name)))

    @property
    def label(self) -> str:
        """The shortest name a person knows the chapter by."""
        return self.number or self.title or self.id


@dataclass(frozen=True, slots=True)
class SeriesLink(Record):
    """A series in a list or a search result: enough to name it and to crawl it."""

    id: str
    title: str
    url: str
    alternative_titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """How it went with an image: ``bytes`` came in ``seconds``, 0 where there was no answer.

    ``status`` is that of HTTP, None where there was no answer; ``cache`` the header X-Cache.
    """

    url: str
    status: int | None
    bytes: int
    seconds: float
    cache: str = ""
