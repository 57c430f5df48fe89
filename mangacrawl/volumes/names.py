"""File names of volumes and of the pages in them, as Komga, Kavita and Mihon parse them.

docs/outputs.md has the parsers' rules; tests/readers.py judges names by them.
"""

import re
from itertools import takewhile
from typing import Literal

from mangacrawl.chapters import padded_number
from mangacrawl.records import Chapter
from mangacrawl.safe import safe_name
from mangacrawl.volumes.plan import Volume

Parser = Literal["Kavita", "Mihon"]

SERIES_CHARS = 50
SERIES_BYTES = 150
"""Room for the series in a component, so that number and extension are never cut off."""

NAME_CHARS = 74
NAME_BYTES = 170
"""Room for a volume's name: with part, `PARTIAL` and extension 200 bytes, with the longest folder
180 characters.
"""

PARTIAL = "[partial]"
"""What the name of a volume with holes ends with."""

_NUMBER = re.compile(r"(?<=.)\s\d+([.-]\d+)?\b")
"""Kavita takes a number that stands alone behind a word for a chapter, unless one is tagged `c`."""

_CHAPTER = re.compile(r"\bch?\.?\s?\d", re.IGNORECASE)
_VOLUME = re.compile(r"s\d|\bv(ol\.?|olume)? ?\d|[卷册巻]|\d[권회화장]", re.IGNORECASE)
"""What Kavita takes for a chapter where it stands first, for a volume where it stands last."""


def series_name(title: str) -> str:
    """The series as a folder's name and as the beginning of its volumes' names."""
    return safe_name(title, SERIES_BYTES, SERIES_CHARS)


def volume_name(series: str, volume: Volume, mark: str = "") -> str:
    """A volume's file name without extension; `series` comes from `series_name`.

    `mark` tells volumes apart that would have the same name. Where it gets long the series is cut.
    """
    parts = []
    if volume.number:
        parts.append(f"v{padded_number(volume.number, 2)}")
    if volume.cut == "chapter":
        parts.append(chapter_tag(volume.slices[0].chapter))
    if volume.cut == "pages":
        last = volume.first_page + (volume.page_count or 1) - 1
        parts.append(f"p{volume.first_page:04}-{last:04}")
    needs_range = volume.cut == "borders" or (volume.cut != "chapter" and _NUMBER.search(series))
    if needs_range and (chapters := chapter_range(volume)):
        parts.append(f"({chapters})")
    own = " ".join([*parts, *([f"[{mark}]"] if mark else [])])
    room = NAME_BYTES - len(own.encode()) - 1, NAME_CHARS - len(own) - 1
    return safe_name(f"{safe_name(series, *room)} {own}")


def part_name(name: str, number: int, count: int) -> str:
    """The name of one of the files that a volume is split into where its device takes less."""
    return f"{name} [{number} of {count}]"


def part_count(file_name: str) -> int:
    """How many files the volume has that a file belongs to."""
    found = re.search(r" \[\d+ of (\d+)\]\.", file_name)
    return int(found[1]) if found else 1


def whole_name(file_name: str) -> str:
    """The name of the volume that a file belongs to: without extension, part and `PARTIAL`."""
    stem = re.sub(r"(\.kepub)?\.\w+$", "", file_name)
    return re.sub(r" \[\d+ of \d+\]$", "", stem).removesuffix(f" {PARTIAL}")


def misled(title: str, folder: str, name: str) -> list[Parser]:
    """Who reads volume or chapter out of the series' title in a volume's name.

    `title` is as ComicInfo.xml has it, `folder` as a name may have it, from `series_name`.
    """
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(folder, name, strict=False))
    series = folder[: sum(1 for _ in shared)]  # all of it but in names that are very long
    own = name[len(series) :]
    has_number = _NUMBER.search(series) and not _CHAPTER.search(own)
    has_volume = _VOLUME.search(series) and not _VOLUME.search(own)
    is_kavita = _CHAPTER.search(series) or has_number or has_volume
    # Mihon takes the title out of the name before it looks for numbers, if it is there as it is.
    is_mihon = re.search(r"\d", series.lower().replace(title.lower(), ""))
    parsers: dict[Parser, object] = {"Kavita": is_kavita, "Mihon": is_mihon}
    return [parser for parser, is_misled in parsers.items() if is_misled]


def chapter_range(volume: Volume) -> str:
    """The chapters a volume holds, "c001-013"; empty where none of them has a number."""
    numbers = [each.chapter.number for each in volume.slices if each.chapter.number]
    if not numbers:
        return ""
    first, last = padded_number(numbers[0]), padded_number(numbers[-1])
    return f"c{first}" if first == last else f"c{first}-{last}"


def entry_name(index: int, chapter: Chapter, number: int, extension: str) -> str:
    """A page's name in an archive: the sequence sorts, the rest tells a person where he is."""
    return f"{index + 1:04}_{chapter_tag(chapter)}_p{number:03}{extension}"


def cover_entry(extension: str) -> str:
    """The cover's name in an archive: before all pages, and no page's."""
    return f"0000_cover{extension}"


def chapter_tag(chapter: Chapter) -> str:
    """The chapter in the names of volumes and entries, "c010.5"."""
    if chapter.number:
        return f"c{padded_number(chapter.number)}"
    return safe_name(chapter.label, 60, 40)
