"""What a writer of volumes is given: the planned volume and the stored pages that fill it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mangacrawl.errors import ConversionError
from mangacrawl.records import Chapter, Series


@dataclass(frozen=True, slots=True)
class BookPage:
    """A stored page: the file as the site served it, its sha256, and its size in pixels."""

    path: Path
    sha256: str
    width: int
    height: int
    bytes: int
    chapter: Chapter
    number: int

    @property
    def name(self) -> str:
        """The page as messages name it."""
        return f"chapter {self.chapter.label}, page {self.number}"

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
    where the source names one, as a decimal string. ``is_chapter`` tells a chapter that is a
    file of its own.
    """

    name: str
    title: str
    identity: str
    series: Series
    pages: tuple[BookPage, ...]
    notes: str
    number: str | None = None
    is_chapter: bool = False

    @property
    def is_right_to_left(self) -> bool:
        """Whether the source says that the pages turn from right to left."""
        return self.series.direction == "rtl"

    def chapter_starts(self) -> dict[int, Chapter]:
        """Index (from 0) of each page that begins a chapter in this volume, in order."""
        starts: dict[int, Chapter] = {}
        previous: str | None = None
        for index, page in enumerate(self.pages):
            if page.chapter.id != previous:
                starts[index] = page.chapter
                previous = page.chapter.id
        return starts


def original_bytes(page: BookPage) -> bytes:
    """A page's picture as it was fetched; raises ConversionError if the file is that no more."""
    content = page.path.read_bytes()
    if hashlib.sha256(content).hexdigest() != page.sha256:
        raise ConversionError(f"{page.name}: the stored file has changed since it was fetched")
    return content
