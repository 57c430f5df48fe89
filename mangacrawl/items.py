"""The item of the feeds: one page of a series, exported once, when its fate is settled."""

from dataclasses import dataclass


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
