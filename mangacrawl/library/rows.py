"""What a ledger has rows of, and how they stand in its tables."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from mangacrawl.records import Chapter, Credit, Series


@dataclass(frozen=True, slots=True)
class ChapterRow:
    """What is known of a chapter.

    ``position`` is its place in reading order. ``page_count`` is None until its pages were
    listed; ``is_wanted`` says that the user has asked for it; ``unavailable`` is the reason why
    the site does not show it. ``is_listed`` is false where the site's list has it no longer.
    """

    chapter: Chapter
    position: int
    page_count: int | None = None
    is_wanted: bool = False
    unavailable: str | None = None
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class PageRow:
    """What is known of a page.

    ``path`` (relative to the output folder, with ``/``), ``sha256``, ``width``, ``height`` (in
    pixels) and ``bytes`` are None until it is stored; ``error`` is the reason why it is not.
    ``entry`` is its name in the CBZ at ``path``, None if ``path`` is a file of its own.
    """

    chapter_id: str
    number: int
    url: str | None = None
    image_url: str | None = None
    path: str | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    fetched_at: str | None = None
    error: str | None = None
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class CoverRow:
    """What is known of the cover of a volume, or, where that is empty, of the series.

    ``path`` to ``bytes`` are as in `PageRow`; ``error`` is the reason why it could not be had.
    """

    volume: str
    path: str | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """A volume on disk; ``signature`` tells whether it still is what the plan asks for.

    ``path`` is relative to the output folder, with ``/``; ``bytes`` and ``pages`` are counts.
    """

    path: str
    signature: str
    bytes: int
    sha256: str
    pages: int
    is_partial: bool


def series_of(facts: Mapping[str, str]) -> Series | None:
    """The series as its source described it last; None in a ledger just begun."""
    if "series" not in facts:
        return None
    values: dict[str, Any] = json.loads(facts["series"])
    lists: dict[str, Any] = {k: tuple(v) for k, v in values.items() if isinstance(v, list)}
    return Series(**values | lists)


def volume_of(row: tuple[Any, ...]) -> VolumeRow:
    """A row of the table of volumes."""
    path, signature, size, sha256, pages, is_partial = row
    return VolumeRow(path, signature, size, sha256, pages, bool(is_partial))


def columns(row: PageRow | VolumeRow | CoverRow) -> tuple[Any, ...]:
    """The columns of a row, in order; `dataclasses.astuple` copies deep, at ten times the cost."""
    return tuple(getattr(row, name) for name in row.__slots__)


def chapter_text(chapter: Chapter) -> str:
    """A chapter's record for the table of chapters."""
    return json.dumps(asdict(chapter), default=date.isoformat)


def chapter_of(text: str) -> Chapter:
    """A chapter as the table of chapters keeps its record."""
    values = json.loads(text) | {"pages": ()}
    values["credits"] = tuple(Credit(**each) for each in values.get("credits", ()))
    values["released"] = values["released"] and date.fromisoformat(values["released"])
    return Chapter(**values)
