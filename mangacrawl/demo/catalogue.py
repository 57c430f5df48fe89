"""What the demo site offers: three series with their chapters and pages, as plain records."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Literal
from zlib import crc32

Encoding = Literal["jpeg", "progressive", "png", "webp"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page; its extension is the one in its URL, which need not be that of its encoding."""

    number: int
    image_id: int
    encoding: Encoding = "jpeg"
    extension: str = "jpg"
    is_wide: bool = False
    is_colour: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter; without pages it is listed but not released yet.

    ``key`` is the site's own number of it, which stands in URLs of the old style.
    """

    number: str
    key: int
    title: str
    added: date
    pages: tuple[Page, ...]
    has_old_url: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A series, its chapters in reading order."""

    number: int
    slug: str
    title: str
    alternative_titles: str
    year: int
    status: Literal["Ongoing", "Completed"]
    author: str
    artist: str
    direction: Literal["Right to Left", "Left to Right"]
    genres: tuple[str, ...]
    summary: str
    chapters: tuple[Chapter, ...]

    @property
    def oldest_first(self) -> list[Chapter]:
        """The chapters as the index lists them: in the order in which they were added."""
        return sorted(self.chapters, key=lambda chapter: chapter.added)

    def chapter(self, number: str) -> Chapter | None:
        """The chapter of that number; None if the index lists none."""
        return next((each for each in self.chapters if each.number == number), None)

    def after(self, chapter: Chapter) -> Chapter | None:
        """The chapter that follows in reading order; None after the last."""
        return next((after for each, after in pairwise(self.chapters) if each == chapter), None)

    def before(self, chapter: Chapter) -> Chapter | None:
        """The chapter that precedes in reading order; None before the first."""
        return next((before for before, each in pairwise(self.chapters) if each == chapter), None)


@dataclass(frozen=True, slots=True)
class Picture:
    """Which page an image shows."""

    series: Series
    chapter: Chapter
    page: Page


# 2,200 in all; whole chapters in volumes of at most 250 pages give ten, the first with 240.
_AKIRA_COUNTS = """
    15 14 23 20 17 15 16 20 24 20 16 20 20 12 20 21 16 17 24 23 16 25 19 22 16 24 15 13 13 16
    14 18 13 19 13 20 16 18 15 25 18 19 18 21 14 14 21 15 24 19 24 21 17 15 18 16 12 19 16 16
    13 19 14 15 17 23 20 19 16 16 13 25 20 14 20 16 23 26 19 13 12 19 21 12 16 12 17 24 15 23
    24 16 22 23 19 22 18 25 12 14 18 13 25 18 23 13 20 24 23 24 20 12 15 13 25 21 16 22 25 23
"""
_AKIRA_FIRST_IMAGE = 1564773
_AKIRA_MOODS = "Quiet Crooked Patient Borrowed Paper Second Hollow Restless Silver Late Tiny Last"
_AKIRA_THINGS = "Harbour Bicycle Neighbour Signal Rooftop Noodle Bridge Umbrella Letter Train"


@cache
def catalogue() -> dict[str, Series]:
    """All series by their slugs."""
    return {series.slug: series for series in (_akira(), _sampler(), _traps())}


@cache
def pictures() -> dict[int, Picture]:
    """What each image shows, by the number in its URL."""
    return {
        page.image_id: Picture(series, chapter, page)
        for series in catalogue().values()
        for chapter in series.chapters
        for page in chapter.pages
    }


def _akira() -> Series:
    chapters = []
    image_id = _AKIRA_FIRST_IMAGE
    for index, count in enumerate(map(int, _AKIRA_COUNTS.split())):
        number = str(index + 1)
        pages = tuple(
            Page(page, image_id + 2 * page - 2, is_wide=_is_spread(number, page, count))
            for page in range(1, count + 1)
        )
        image_id = pages[-1].image_id + 2
        # Keys ran ahead of the numbers where the old site had dropped chapters.
        key = index + 1 if index < 7 else index + 6
        added = date(2009, 7, 4) + timedelta(weeks=index)
        has_old_url = index < 60
        chapters.append(Chapter(number, key, _akira_title(index), added, pages, has_old_url))
    return Series(
        number=93,
        slug="akira",
        title="Akira (demo)",
        alternative_titles="???,Akira drawn sample",
        year=2015,
        status="Completed",
        author="Pencil, Paula (Story & Art)",
        artist="Paula Pencil",
        direction="Right to Left",
        genres=("Action", "Sci-Fi", "Seinen"),
        summary=(
            "A drawn sample that borrows a famous name for its length alone: a courier, a "
            "motorbike & five friends cross a city of flat greys in 120 chapters. No page of it "
            "is from the real book; a program draws them all while you wait."
        ),
        chapters=tuple(chapters),
    )


def _is_spread(number: str, page: int, count: int) -> bool:
    """Whether two pages are one picture: about one in forty, never the first or the last."""
    return 1 < page < count and crc32(f"{number}-{page}".encode()) % 36 == 0


def _akira_title(index: int) -> str:
    if index == 4:
        return "Ink & Paper"
    if index % 40 == 39:
        return ""
    moods, things = _AKIRA_MOODS.split(), _AKIRA_THINGS.split()
    return f"The {moods[index % 12]} {things[index // 12]}"


def _sampler() -> Series:
    # 10.5 was added after 11, so the order of the index is not the order of reading.
    listed = (
        ("1", "One of Each", date(2012, 3, 1)),
        ("2", "A File That Lies", date(2012, 3, 8)),
        ("10.5", "In Between", date(2012, 3, 22)),
        ("11", "", date(2012, 3, 15)),
    )
    chapters = []
    for index, (number, title, added) in enumerate(listed):
        pages = _sampler_pages(2600001 + 100 * index)
        if number == "2":
            pages = (*pages[:2], replace(pages[2], extension="jpg"), *pages[3:])
        chapters.append(Chapter(number, index + 1, title, added, pages))
    return Series(
        number=2896,
        slug="sampler",
        title="Sampler (demo)",
        alternative_titles="One of each",
        year=2012,
        status="Completed",
        author="Bruno Brush",
        artist="Bruno Brush",
        direction="Right to Left",
        genres=("Comedy", "Slice of Life"),
        summary=(
            "A drawn sample with every kind of picture file a comic site serves: baseline and "
            "progressive JPEG, PNG, WebP, colour, and pages as wide as two."
        ),
        chapters=tuple(chapters),
    )


def _sampler_pages(first_image: int) -> tuple[Page, ...]:
    return (
        Page(1, first_image),
        Page(2, first_image + 2, "progressive"),
        Page(3, first_image + 4, "png", "png"),
        Page(4, first_image + 6, "webp", "webp"),
        Page(5, first_image + 8, is_colour=True),
        Page(6, first_image + 10, is_wide=True),
    )


def _traps() -> Series:
    titles = (
        '<script>alert("page 1")</script> & sons',
        "endless " * 37 + "end.",
        "CON: salt & pepper, AUX/NUL. ",
        "Soon",
    )
    chapters = []
    for index, title in enumerate(titles):
        first_image = 3100007 + 10 * index
        pages = tuple(Page(page, first_image + 2 * page) for page in (1, 2, 3))
        added = date(2014, 2, 27) + timedelta(days=index)
        is_released = title != "Soon"
        chapter = Chapter(str(index + 1), index + 1, title, added, pages if is_released else ())
        chapters.append(chapter)
    return Series(
        number=5294,
        slug="traps",
        title="../../Ev*il: <b>\"Traps\" & 'more'</b>?\u202e (demo).",
        alternative_titles='Tr\u00e4ps & "quotes",???',
        year=2014,
        status="Ongoing",
        author="O'Nib & Daughters",
        artist="<i>Nib</i>",
        direction="Left to Right",
        genres=("Horror", "Sci-Fi & Fantasy"),
        summary=(
            "A drawn sample whose names were written to break things: file names, markup, "
            "sorting & you. Its last chapter is listed but not there."
        ),
        chapters=tuple(chapters),
    )
