"""Volume, number and version of a chapter, in every spelling that sites use."""

import re
import unicodedata
from dataclasses import dataclass

_N = r"(\d{1,6}(?:\.\d{1,3})?)"
_VERSION = r"(?:\s*\(?v(\d{1,2})\)?)?"
_VOLUME = re.compile(
    rf"\b(?:volume|vol|tome|tomo|band|v)[.:\s]*{_N}|第?\s*{_N}\s*[巻卷]|{_N}\s*권",
    re.IGNORECASE,
)
_KEYWORD = re.compile(
    r"\b(?:chapter|chapitre|capítulo|capitulo|cap|kapitel|chap|ch|c|episode|epis[oó]dio|ep|глава)"
    rf"[.:\s#]*{_N}{_VERSION}",
    re.IGNORECASE,
)
_COUNTER = re.compile(rf"第?\s*{_N}\s*[話话回章화]{_VERSION}", re.IGNORECASE)
_LEADING = re.compile(rf"^[\W_]*{_N}{_VERSION}(?=\s*$|\s*[-:\u2013\u2014]|\.\s)", re.IGNORECASE)
_TRAILING = re.compile(rf"(?<![\d.]){_N}{_VERSION}\W*$", re.IGNORECASE)
_RANGE = re.compile(r"^(?:[-\u2013~]\d+(?:\.\d+)?)+")
_EXTRA = re.compile(r"\b(?:extra|bonus|omake|special|side|afterword)|番外|おまけ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbering:
    """Where a chapter stands; ``volume`` and ``number`` are decimal strings, None if unsaid."""

    volume: str | None
    number: str | None
    version: int = 1


def numbering(label: str) -> Numbering:
    """Read a label such as "Vol.1 Ch.3v2", "第12話", "10.5" or "Extra" (which has no number).

    Of a range ("Ch. 1-2") the first counts. A number without a word counts where it begins or
    ends the label, so that "100 Days of Summer" stays without one.
    """
    volume, chapter = _found(_folded(label))
    if chapter is None:
        return Numbering(_plain(volume), None)
    return Numbering(_plain(volume), plain_number(chapter[1]), int(chapter[2] or 1))


def title_in(label: str) -> str | None:
    """What a label says beside volume and number, as in "Vol.1 Ch.3: Arrival"; None if nothing."""
    text = _folded(label)
    _, chapter = _found(text)
    rest = text if chapter is None else _RANGE.sub("", chapter.string[chapter.end() :])
    return rest.strip(" \t:.,|~-\u2013\u2014") or None


def number_or_none(value: object) -> str | None:
    """A number as JSON has it (10.0, "010.5", "None", "", null) as a decimal string, or None."""
    text = str(value).strip()
    return plain_number(text) if re.fullmatch(_N, text) else None


def plain_number(text: str) -> str:
    """A chapter number without padding: "010.50" becomes "10.5"; what is no number stays."""
    if not re.fullmatch(r"\d+(?:\.\d+)?", text):
        return text
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


def _folded(label: str) -> str:
    """Plain forms of letters and digits, and single spaces: patterns take long for runs of them."""
    return " ".join(unicodedata.normalize("NFKC", label).split())


def _found(text: str) -> "tuple[re.Match[str] | None, re.Match[str] | None]":
    """Where a label names its volume and its chapter."""
    volume = _VOLUME.search(text)
    chapter = _KEYWORD.search(text) or _COUNTER.search(text)
    if volume and chapter and volume.start() > chapter.start():
        volume = None  # the "v2" of "Ch.3v2" is its version
    rest = text[volume.end() :] if volume else text
    if chapter is None and not _EXTRA.search(rest):
        chapter = _LEADING.search(rest) or _TRAILING.search(rest)
    return volume, chapter


def _plain(match: "re.Match[str] | None") -> str | None:
    return plain_number(next(filter(None, match.groups()))) if match else None
