"""Pages that recur in several chapters: credits of a scanlation group, advertisements, notices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import sub

from PIL import Image

from mangacrawl.errors import ConversionError
from mangacrawl.volumes.book import Book, BookPage, original_bytes
from mangacrawl.volumes.decode import opened, shrunk

_CHAPTERS = 3
"""In how many chapters a page must be to recur: a recap is in two."""

_EDGE = 2
"""How many pages at either end of a chapter are looked at for likeness."""

_SIDE = 16
"""Likeness is judged at 16x16 greys, where small print, such as a chapter's number, is gone."""

_UNLIKE = 0.04
"""How much of what stands out from the paper may differ in pages that are alike."""

_BLANK = 2 * _SIDE * _SIDE
"""Where less stands out, in levels of grey, nothing could be recognised."""


@dataclass(frozen=True, slots=True)
class _Print:
    """A tiny version of a page, the sum of its tones, and how much stands out from the paper."""

    tones: bytes
    total: int
    mass: int

    def is_like(self, other: "_Print") -> bool:
        """Whether two pages look alike; what their sums tell already is not looked at."""
        most = _UNLIKE * min(self.mass, other.mass)
        if abs(self.total - other.total) > most:
            return False
        unlike: int = sum(map(abs, map(sub, self.tones, other.tones)))
        return unlike <= most


def identical_pages(chapters: Iterable[Sequence[BookPage]]) -> list[BookPage]:
    """The pages, in order, whose bytes are in several chapters."""
    pages = [page for chapter in chapters for page in chapter]
    found: dict[str, set[str]] = {}
    for page in pages:
        found.setdefault(page.sha256, set()).add(page.chapter.id)
    return [page for page in pages if len(found[page.sha256]) >= _CHAPTERS]


def similar_pages(chapters: Iterable[Sequence[BookPage]]) -> list[BookPage]:
    """The first and last pages, in order, that look like those of several other chapters."""
    edges = [page for each in chapters for page in (*each[:_EDGE], *each[_EDGE:][-_EDGE:])]
    prints = [(page, _print(page)) for page in edges]
    groups: list[tuple[_Print, list[BookPage]]] = []
    for page, seen in prints:
        if seen is None:
            continue
        for first, members in groups:
            if first.is_like(seen):
                members.append(page)
                break
        else:
            groups.append((seen, [page]))
    alike = {
        page
        for _, members in groups
        if len({page.chapter.id for page in members}) >= _CHAPTERS
        for page in members
    }
    return [page for page in edges if page in alike]


def without(book: Book, left_out: Iterable[BookPage]) -> tuple[BookPage, ...]:
    """A book's pages but those; all of them where none would be left."""
    gone = set(left_out)
    return tuple(page for page in book.pages if page not in gone) or book.pages


def _print(page: BookPage) -> _Print | None:
    """None for a blank page and for one that cannot be decoded: the volume that has it will say."""
    try:
        with opened(original_bytes(page)) as image:
            pixels = shrunk(image, "L", (_SIDE * 8, _SIDE * 8))
    except ConversionError:
        return None
    tones = pixels.resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes()
    paper = sorted(tones)[len(tones) // 2]
    mass = sum(abs(tone - paper) for tone in tones)
    return _Print(tones, sum(tones), mass) if mass >= _BLANK else None
