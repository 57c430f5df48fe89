"""What the crawler knows of a series, its chapters and pages: plain records, free of Scrapy."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["ongoing", "completed"]
Direction = Literal["rtl", "ltr"]
AgeRating = Literal["Everyone", "Teen", "Mature 17+", "Adults Only 18+"]
"""Four of ComicInfo's ratings, from none of it to all of it."""
Role = Literal["writer", "artist", "translator"]


@dataclass(frozen=True, slots=True)
class Series:
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


@dataclass(frozen=True, slots=True)
class VolumeCover:
    """Where a site has a volume's cover; ``volume`` is that of the volume's chapters ("10.5")."""

    volume: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a chapter.

    ``url`` is the reader page that shows it. ``image_url`` is None while only the reader page is
    known: the spider then reads that page with ``parse_pages``. ``number`` counts from 1; None
    means "the next in walking order".
    """

    number: int | None = None
    url: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Who did what in a chapter."""

    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as its source lists it.

    ``number`` and ``volume`` are decimal strings ("10.5"), None where the source names none;
    ``version`` counts re-releases ("v2"); a later ``released`` is one too, so it is None where the
    site says only how long ago that was. ``language`` is a BCP 47 tag, ``group`` the scanlation
    group, several of them joined by " & ". ``unavailable`` is why the site lists the chapter but
    does not show it (it is elsewhere, licensed, paid). ``pages`` are those that the list of
    chapters names already; empty means that ``parse_pages`` finds them.
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

    @property
    def label(self) -> str:
        """The shortest name a person knows the chapter by."""
        return self.number or self.title or self.id


@dataclass(frozen=True, slots=True)
class SeriesLink:
    """A series in a list or a search result: enough to name it and to crawl it."""

    id: str
    title: str
    url: str
    alternative_titles: tuple[str, ...] = ()
