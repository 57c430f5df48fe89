"""What readers make of a volume's file name, in small rules of our own.

They are the facts that docs/outputs.md states of Kavita and Mihon, as far as names of the kind that
we write can meet them. Komga parses no name: it sorts them.
"""

import re

_TAGGED_VOLUME = re.compile(r"\bv(?:ol\.?|olume)? ?(\d+(?:\.\d)?(?:-\d+(?:\.\d)?)?)", re.IGNORECASE)
_SEASON = re.compile(r"s(\d+)", re.IGNORECASE)
_TAGGED_CHAPTER = re.compile(r"\bch?\.?\s?(\d+(?:\.\d)?(?:-\d+(?:\.\d)?)?)", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"(?<=.)\s(?:\d\s)?(\d+(?:[.-]\d+)?)\b")
_PARTS = re.compile(r"(\d+)")


def kavita(name: str) -> tuple[str | None, str | None]:
    """Volume and chapter: the last tagged `v`, or a season; the first tagged `c`, or a number."""
    volumes = _TAGGED_VOLUME.findall(name) or _SEASON.findall(name)
    chapter = _TAGGED_CHAPTER.search(name) or _BARE_NUMBER.search(name)
    return (
        _unpadded(volumes[-1]) if volumes else None,
        _unpadded(chapter[1]) if chapter else None,
    )


def mihon(series: str, name: str) -> float | None:
    """The first number: without the title, and without `v` tags where there are more."""
    rest = name.lower().replace(series.lower(), "").strip().replace(",", ".").replace("-", ".")
    found = re.findall(r"\d+(?:\.\d+)?", rest)
    if len(found) > 1:
        rest = re.sub(r"\b(?:v|vol|volume|season|s|ver|version)[^a-z]?\d+", "", rest)
        found = re.findall(r"(?<=ch\.) *(\d+(?:\.\d+)?)", rest)
        found = found or re.findall(r"\d+(?:\.\d+)?", rest) or re.findall(r"\d+", name)
    return float(found[0]) if found else None


def komga(names: list[str]) -> list[str]:
    """Files in the order of a series' books: natural, without regard to case."""
    return sorted(
        names,
        key=lambda name: [int(p) if p.isdecimal() else p for p in _PARTS.split(name.lower())],
    )


def _unpadded(number: str) -> str:
    return "-".join(part.lstrip("0") or "0" for part in number.split("-"))
