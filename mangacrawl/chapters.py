"""Chapter numbers: how they are read, ordered and selected."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mangacrawl.errors import ArgumentError
from mangacrawl.records import Chapter

_LAST = Decimal("Infinity")
_NUMBER = r"\d+(?:\.\d+)?"
_TERM = re.compile(rf"({_NUMBER})?(-)?({_NUMBER})?")
_SELECTION_HELP = "use numbers, ranges and latest:N, such as 1-5,10.5 or 20- or latest:3"


def padded_number(number: str, width: int = 3) -> str:
    """A chapter number for file names, its whole part padded: "10.5" becomes "010.5"."""
    whole, dot, fraction = number.partition(".")
    return whole.zfill(width) + dot + fraction


def in_reading_order(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Sort by (volume, number, version); of one id only the latest version stays.

    A chapter without a number keeps its place after the chapter it follows on the site. One
    without a volume belongs to the volume of the next numbered chapter that has one; where none
    follows it comes last.
    """
    latest: dict[str, Chapter] = {}
    for chapter in chapters:
        known = latest.get(chapter.id)
        if known is None or known.version < chapter.version:
            latest[chapter.id] = chapter
    listed = list(latest.values())
    numbers = _numbers(listed)
    volumes = _volumes(listed, numbers)
    order = sorted(
        range(len(listed)),
        key=lambda index: (volumes[index], numbers[index], listed[index].version, index),
    )
    return [listed[index] for index in order]


def _numbers(chapters: Sequence[Chapter]) -> list[Decimal]:
    numbers: list[Decimal] = []
    previous = Decimal(-1)
    for chapter in chapters:
        previous = Decimal(chapter.number) if chapter.number else previous
        numbers.append(previous)
    return numbers


def _volumes(chapters: Sequence[Chapter], numbers: Sequence[Decimal]) -> list[Decimal]:
    volumes = [_LAST] * len(chapters)
    following = _LAST
    for index in sorted(range(len(chapters)), key=lambda i: (numbers[i], i), reverse=True):
        volume = chapters[index].volume
        following = Decimal(volume) if volume else following
        volumes[index] = following
    return volumes


@dataclass(frozen=True, slots=True)
class _Range:
    first: Decimal
    last: Decimal


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Some of the numbers of chapters or of volumes: ranges, and how many of the last."""

    text: str
    ranges: tuple[_Range, ...]
    latest: int

    @classmethod
    def parse(cls, name: str, text: str) -> "_Numbers":
        ranges = []
        latest = 0
        text = text.replace(" ", "")
        for term in text.split(","):
            kind, colon, count = term.partition(":")
            if colon and kind == "latest" and count.isdecimal() and int(count) > 0:
                latest = int(count)
            else:
                ranges.append(_range(term, f"{name}={text}"))
        return cls(text, tuple(ranges), latest)

    def covers(self, number: str | None) -> bool:
        if number is None:
            return False
        value = Decimal(number)
        return any(each.first <= value <= each.last for each in self.ranges)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which chapters the user wants: by number, never by place in a list.

    Where both chapters and volumes are named, a chapter has to be among both.
    """

    text: str
    chapters: _Numbers | None
    volumes: _Numbers | None

    @classmethod
    def parse(cls, chapters: str | None, volumes: str | None = None) -> "Selection | None":
        """Read `1-5,10.5,20-,latest:3`; None for all. Raises ArgumentError with the forms."""
        named = {"chapter": chapters, "volume": volumes}
        text = ", ".join(f"{kind} {value}" for kind, value in named.items() if value)
        if not text:
            return None
        return cls(
            text,
            _Numbers.parse("chapters", chapters) if chapters else None,
            _Numbers.parse("volumes", volumes) if volumes else None,
        )

    @classmethod
    def remembered(cls, typed: str) -> "Selection | None":
        """Read what `typed` wrote."""
        chapters, _, volumes = typed.partition(";")
        return cls.parse(chapters or None, volumes or None)

    @property
    def typed(self) -> str:
        """The selection for a ledger: chapters, and volumes behind a semicolon."""
        chapters, volumes = (each.text if each else "" for each in (self.chapters, self.volumes))
        return f"{chapters};{volumes}" if volumes else chapters

    def pick(self, chapters: Sequence[Chapter]) -> list[Chapter]:
        """The chosen ones of chapters in reading order, in that order."""
        chosen = list(chapters)
        if self.volumes:
            there = list(dict.fromkeys(each.volume for each in chapters if each.volume))
            last = there[-self.volumes.latest :] if self.volumes.latest else []
            chosen = [
                each for each in chosen if each.volume in last or self.volumes.covers(each.volume)
            ]
        if self.chapters:
            latest = chosen[-self.chapters.latest :] if self.chapters.latest else []
            ids = {chapter.id for chapter in latest}
            chosen = [
                each for each in chosen if each.id in ids or self.chapters.covers(each.number)
            ]
        return chosen


def _range(term: str, text: str) -> _Range:
    match = _TERM.fullmatch(term)
    if not match or not (match[1] or match[3]):
        raise ArgumentError(f"{text}: {_SELECTION_HELP}")
    first = Decimal(match[1] or 0)
    last = Decimal(match[3]) if match[3] else (_LAST if match[2] else first)
    if last < first:
        raise ArgumentError(f"{text}: {term} ends before it begins; {_SELECTION_HELP}")
    return _Range(first, last)
