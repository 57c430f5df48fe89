"""The item of the feeds: one page of a series, exported once, when its fate is settled."""

from dataclasses import dataclass
from typing import Any

from mangacrawl.records import Chapter, Series


@dataclass(slots=True)
class PageItem:
    """A page; the fields, their order and their names are a public interface.

    Absent is None. ``chapter`` is a decimal string, ``path`` relative to the output folder with
    ``/``, ``width`` and ``height`` are pixels, ``status`` is ``fetched``, ``stored`` (an earlier
    run had it) or ``failed`` with its reason in ``error``; ``fetched_at`` is UTC, ISO 8601.
    An item whose ``status`` is None is on its way through the pipelines.
    """

    source: str
    series_id: str
    series: str
    language: str | None
    group: str | None
    volume: str | None
    chapter_id: str
    chapter: str | None
    chapter_title: str | None
    page: int
    page_count: int | None = None
    page_url: str | None = None
    image_url: str | None = None
    path: str | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    status: str | None = None
    error: str | None = None
    fetched_at: str | None = None


@dataclass(slots=True)
class SeriesItem:
    """A series, for feeds that ask for it with ``item_classes``; counts are those of the library.

    ``status`` is ``ongoing`` or ``completed``, ``direction`` ``rtl`` or ``ltr``; absent is None.
    ``missing`` counts the pages that are known but not stored.
    """

    source: str
    series_id: str
    series: str
    url: str
    status: str | None
    direction: str | None
    language: str | None
    year: int | None
    authors: list[str]
    artists: list[str]
    tags: list[str]
    summary: str | None
    chapters: int
    pages: int
    missing: int
    volumes: int


@dataclass(slots=True)
class ChapterItem:
    """A chapter that was asked for, for feeds that ask for it with ``item_classes``.

    ``page_count`` is None until its pages were listed, ``unavailable`` the reason why the site does
    not show it, ``released`` an ISO 8601 date.
    """

    source: str
    series_id: str
    series: str
    volume: str | None
    chapter_id: str
    chapter: str | None
    chapter_title: str | None
    language: str | None
    group: str | None
    released: str | None
    page_count: int | None
    stored: int
    unavailable: str | None


@dataclass(slots=True)
class VolumeItem:
    """A volume on disk, for feeds that ask for it with ``item_classes``.

    ``path`` is relative to the output folder with ``/``; a partial volume has holes.
    """

    source: str
    series_id: str
    series: str
    path: str
    format: str
    pages: int
    bytes: int
    sha256: str
    is_partial: bool


def about(source: str, series: Series, chapter: Chapter) -> dict[str, Any]:
    """What every item that belongs to a chapter says of it."""
    return {
        "source": source,
        "series_id": series.id,
        "series": series.title,
        "language": chapter.language,
        "group": chapter.group,
        "volume": chapter.volume,
        "chapter_id": chapter.id,
        "chapter": chapter.number,
        "chapter_title": chapter.title,
    }
