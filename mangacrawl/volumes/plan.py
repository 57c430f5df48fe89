"""Which chapters make which volume."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mangacrawl.errors import ArgumentError
from mangacrawl.records import Chapter

AUTO_PAGES = 250
"""How many pages a volume of our own making holds at most: the 2015 tool's figure."""

BUNDLES = "auto, site, chapter, pages:N, chapters:N"

_Kind = Literal["auto", "site", "chapter", "pages", "chapters"]
_PLAIN: dict[str, _Kind] = {"auto": "auto", "site": "site", "chapter": "chapter"}
_SIZED: dict[str, _Kind] = {"pages": "pages", "chapters": "chapters"}


@dataclass(frozen=True, slots=True)
class Bundle:
    """How the user wants volumes cut; ``size`` is the N of ``pages:N`` and ``chapters:N``."""

    kind: _Kind
    size: int = 0

    @classmethod
    def parse(cls, text: str) -> "Bundle":
        """Read the argument; raises ArgumentError with the allowed values."""
        kind, colon, size = text.partition(":")
        if kind in _PLAIN and not colon:
            return cls(_PLAIN[kind])
        if kind in _SIZED and size.isdecimal() and int(size) > 0:
            return cls(_SIZED[kind], int(size))
        raise ArgumentError(f"bundle={text}: use one of {BUNDLES} (N from 1)")

    def __str__(self) -> str:
        return f"{self.kind}:{self.size}" if self.size else self.kind


@dataclass(frozen=True, slots=True)
class CountedChapter:
    """A chapter and how many pages it has; None while that is not known."""

    chapter: Chapter
    page_count: int | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Pages ``first`` to ``last`` (from 1, both included) of a chapter; None: not known yet."""

    chapter: Chapter
    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Volume:
    """A planned volume.

    ``cut`` says whose it is: the ``site``'s, one ``chapter``, or our own cut at ``borders`` of
    chapters or after so many ``pages``. ``number`` counts our own cuts; for the site's volumes
    and chapters it is the site's volume number or None. ``first_page`` counts over the series.
    """

    cut: Literal["site", "chapter", "borders", "pages"]
    number: str | None
    slices: tuple[Slice, ...]
    first_page: int = 1

    @property
    def page_count(self) -> int | None:
        """How many pages it has; None while a chapter's count is not known."""
        counts = [each.last - each.first + 1 for each in self.slices if each.last is not None]
        return sum(counts) if len(counts) == len(self.slices) else None


def plan(
    chapters: Sequence[CountedChapter], bundle: Bundle, *, is_ongoing: bool, is_final: bool
) -> list[Volume]:
    """Cut chapters in reading order into volumes: every page in one volume, in order.

    Before the end of a crawl (``is_final`` false) only volumes are returned that later page
    counts cannot change. At the end all are; a chapter whose pages are still unknown closes
    its volume, which then cannot be complete. With ``auto``, the site's volumes win where it
    names any; else chapters are grouped up to `AUTO_PAGES`, and while the series is known to be
    ongoing the open tail stays chapter files, so that no volume ever changes after.
    """
    kind = bundle.kind
    if kind == "auto":
        kind = "site" if any(each.chapter.volume for each in chapters) else "auto"
    if kind == "chapter":
        return _decided(map(_single, chapters), is_final=is_final)
    if kind == "site":
        return _decided(_by_site(chapters), is_final=is_final)
    known = chapters if is_final else _known_prefix(chapters)
    if kind == "chapters":
        whole = len(known) if is_final else len(known) // bundle.size * bundle.size
        starts = range(0, whole, bundle.size)
        return _numbered(known[start : start + bundle.size] for start in starts)
    if kind == "pages":
        return list(_by_pages(known, bundle.size, is_final=is_final))
    closed, tail = _at_borders(known, AUTO_PAGES)
    volumes = _numbered(closed)
    if is_final and tail:
        volumes += map(_single, tail) if is_ongoing else _numbered([tail], len(closed) + 1)
    return volumes


def _slice(each: CountedChapter) -> Slice:
    return Slice(each.chapter, 1, each.page_count)


def _single(each: CountedChapter) -> Volume:
    return Volume("chapter", each.chapter.volume, (_slice(each),))


def _by_site(chapters: Sequence[CountedChapter]) -> Iterator[Volume]:
    members: dict[str, list[CountedChapter]] = {}
    for each in chapters:
        if each.chapter.volume:
            members.setdefault(each.chapter.volume, []).append(each)
    for number, group in members.items():
        yield Volume("site", number, tuple(map(_slice, group)))
    yield from (_single(each) for each in chapters if not each.chapter.volume)


def _decided(volumes: Iterable[Volume], *, is_final: bool) -> list[Volume]:
    return [volume for volume in volumes if is_final or volume.page_count is not None]


def _known_prefix(chapters: Sequence[CountedChapter]) -> Sequence[CountedChapter]:
    for index, each in enumerate(chapters):
        if each.page_count is None:
            return chapters[:index]
    return chapters


def _at_borders(
    chapters: Sequence[CountedChapter], limit: int
) -> tuple[list[list[CountedChapter]], list[CountedChapter]]:
    """Closed groups, each closed because the next chapter would not fit, and the open tail."""
    closed: list[list[CountedChapter]] = []
    group: list[CountedChapter] = []
    total = 0
    for each in chapters:
        count = each.page_count or 0
        if group and (total + count > limit or group[-1].page_count is None):
            closed.append(group)
            group, total = [], 0
        group.append(each)
        total += count
    return closed, group


def _numbered(groups: Iterable[Sequence[CountedChapter]], start: int = 1) -> list[Volume]:
    return [
        Volume("borders", str(number), tuple(map(_slice, group)))
        for number, group in enumerate(groups, start)
    ]


def _by_pages(chapters: Sequence[CountedChapter], size: int, *, is_final: bool) -> Iterator[Volume]:
    slices: list[Slice] = []
    number, room, first_page = 1, size, 1

    def close() -> Volume:
        nonlocal slices, number, room, first_page
        volume = Volume("pages", str(number), tuple(slices), first_page)
        slices, number, first_page, room = [], number + 1, first_page + size - room, size
        return volume

    for each in chapters:
        start, count = 1, each.page_count
        if count is None:
            slices.append(_slice(each))
            yield close()
            continue
        while start <= count:
            last = min(count, start + room - 1)
            slices.append(Slice(each.chapter, start, last))
            room -= last - start + 1
            start = last + 1
            if not room:
                yield close()
    if slices and is_final:
        yield close()
