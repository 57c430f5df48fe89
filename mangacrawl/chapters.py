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


def plain_number(text: str) -> str:
    """A chapter number without padding: "010.50" becomes "10.5"; what is no number stays."""
    if not re.fullmatch(_NUMBER, text):
        return text
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


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
class Selection:
    """Which chapters the user wants: by number, never by place in a list."""

    text: str
    ranges: tuple[_Range, ...]
    latest: int = 0

    @classmethod
    def parse(cls, text: str) -> "Selection":
        """Read `1-5,10.5,20-,latest:3`; raises ArgumentError with the allowed forms."""
        ranges = []
        latest = 0
        for term in text.replace(" ", "").split(","):
            kind, colon, count = term.partition(":")
            if colon and kind == "latest" and count.isdecimal() and int(count) > 0:
                latest = int(count)
            else:
                ranges.append(_range(term, text))
        return cls(text, tuple(ranges), latest)

    def pick(self, chapters: Sequence[Chapter]) -> list[Chapter]:
        """The chosen ones of chapters in reading order, in that order."""
        latest = {chapter.id for chapter in chapters[-self.latest :]} if self.latest else set()
        return [
            chapter for chapter in chapters if chapter.id in latest or self._covers(chapter.number)
        ]

    def _covers(self, number: str | None) -> bool:
        if number is None:
            return False
        value = Decimal(number)
        return any(each.first <= value <= each.last for each in self.ranges)


def _range(term: str, text: str) -> _Range:
    match = _TERM.fullmatch(term)
    if not match or not (match[1] or match[3]):
        raise ArgumentError(f"chapters={text}: {_SELECTION_HELP}")
    first = Decimal(match[1] or 0)
    last = Decimal(match[3]) if match[3] else (_LAST if match[2] else first)
    if last < first:
        raise ArgumentError(f"chapters={text}: {term} ends before it begins; {_SELECTION_HELP}")
    return _Range(first, last)
