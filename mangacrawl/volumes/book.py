"""What a writer of volumes is given: the planned volume and the stored pages that fill it."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath

from mangacrawl.errors import ConversionError
from mangacrawl.records import Chapter, Role, Series
from mangacrawl.volumes.originals import read_original

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_POSITION = re.compile(r"\d{1,6}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class BookPage:
    """A stored page as the site served it: its place, its sha256, and its size in pixels.

    ``path`` is the page's own file, or, with an ``entry``, the CBZ that holds it under that name.
    """

    path: Path
    sha256: str
    width: int
    height: int
    bytes: int
    chapter: Chapter
    number: int
    entry: str | None = None

    @property
    def extension(self) -> str:
        """What its file is named after: its content, with the dot."""
        return PurePath(self.entry or self.path).suffix

    @property
    def is_cover(self) -> bool:
        """Whether it is the volume's cover, which belongs to no chapter: pages count from 1."""
        return self.number == 0

    @property
    def name(self) -> str:
        """The page as messages name it."""
        return "the cover" if self.is_cover else f"chapter {self.chapter.label}, page {self.number}"

    @property
    def is_spread(self) -> bool:
        """Whether the picture is a double page: wider than it is high."""
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Book:
    """A volume ready to be written; ``pages`` are in reading order.

    ``name`` is the safe file name without extension and ``title`` what a reader shows.
    ``identity`` is stable over runs and unique to the volume (for document ids).
    ``notes`` says how the volume was cut and what it lacks. ``number`` is the volume's number
    where the source names one, as a decimal string, and ``place`` its place among the series'
    volumes, which may be our own count. ``is_chapter`` tells a chapter that is a file of its own.
    ``cover`` is a picture that the source has apart from the pages.
    """

    name: str
    title: str
    identity: str
    series: Series
    pages: tuple[BookPage, ...]
    notes: str
    number: str | None = None
    is_chapter: bool = False
    place: str | None = None
    cover: BookPage | None = None

    @property
    def pictures(self) -> tuple[BookPage, ...]:
        """The cover, if it has one, and the pages."""
        return (*([self.cover] if self.cover else []), *self.pages)

    @property
    def is_right_to_left(self) -> bool:
        """Whether the source says that the pages turn from right to left."""
        return self.series.direction == "rtl"

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters that it holds, in reading order."""
        return tuple({page.chapter.id: page.chapter for page in self.pages}.values())

    def credited(self, role: Role) -> tuple[str, ...]:
        """Who did that in the series or one of its chapters, each once; groups have translated."""
        groups = (each.group for each in self.chapters if each.group)
        of_series: dict[Role, Iterable[str]] = {
            "writer": self.series.authors, "artist": self.series.artists, "translator": groups,
        }  # fmt: skip
        credits_ = (each for chapter in self.chapters for each in chapter.credits)
        names = [*of_series[role], *(each.name for each in credits_ if each.role == role)]
        return tuple(dict.fromkeys(names))

    @property
    def language(self) -> str | None:
        """The BCP 47 tag of its first chapter or of the series; None if it is none."""
        tag = self.chapters[0].language or self.series.language
        return tag if tag and _LANGUAGE.fullmatch(tag) else None

    @property
    def released(self) -> date | None:
        """When its newest chapter came out; None where the source does not say."""
        return max((each.released for each in self.chapters if each.released), default=None)

    @property
    def position(self) -> str | None:
        """Its place in the series as a number, the only kind that e-readers sort by."""
        is_number = self.place is not None and _POSITION.fullmatch(self.place)
        return self.place if is_number else None


def original_bytes(page: BookPage) -> bytes:
    """A page's picture as it was fetched; raises ConversionError if that is not there any more."""
    try:
        content = read_original(page.path, page.entry, page.bytes)
    except FileNotFoundError:
        raise ConversionError(f"{page.name}: the stored file is gone") from None
    except OSError as error:
        why = error.strerror or error
        raise ConversionError(f"{page.name}: the stored file cannot be read: {why}") from error
    if hashlib.sha256(content).hexdigest() != page.sha256:
        raise ConversionError(f"{page.name}: the stored file has changed since it was fetched")
    return content
