"""How far a site is followed before it is taken for a trap."""

import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import inf
from threading import current_thread, main_thread
from time import thread_time
from typing import TypeVar

from scrapy import Request
from scrapy.http import Response

from mangacrawl.errors import LimitHit
from mangacrawl.records import MAX_PAGES, Chapter

T = TypeVar("T")

MAX_TAGS = 300_000
"""A chapter of 10,000 pages has a tenth of them; a tree of more takes hundreds of megabytes."""

MOST_SECONDS = 5.0
"""Reading a page takes thousandths of a second; what takes longer is made to."""

_LOOK_SECONDS = 0.5

_MOST_BARREN = 3
"""Answers in a row that bring nothing new: the site leads in circles, under new addresses."""

_LIMIT = "it is not followed any further"


def names_limit(why: str) -> bool:
    """Whether a reason for a chapter without pages is a limit: asking again meets it again."""
    return why.endswith(_LIMIT)


def check_tags(response: Response) -> None:
    """Raise LimitHit for a page that would fill the memory once it is parsed."""
    if len(response.body) > MAX_TAGS and response.body.count(b"<") > MAX_TAGS:
        raise LimitHit(f"{response.url} has more than {MAX_TAGS:,} tags: {_LIMIT}")


def bounded(response: Response, parse: Callable[[], T]) -> T:
    """Run a parser; raises LimitHit if it takes more, of this thread's own time, than MOST_SECONDS.

    It runs in the event loop's thread, where all else waits for it. A thread of its own would not
    help: a regular expression that backtracks for ever never lets go of the interpreter, but it
    does look for signals. Where there is no such alarm (Windows, another thread) nothing bounds it.
    """
    if current_thread() is not main_thread() or not _alarm_is_ours():
        return parse()
    _reading.url, _reading.since = response.url, thread_time()
    signal.setitimer(signal.ITIMER_REAL, _LOOK_SECONDS, _LOOK_SECONDS)
    try:
        return parse()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _reading.since = inf


@dataclass(slots=True)
class _Reading:
    """The page that is being read, and since when, in this thread's own time."""

    url: str = ""
    since: float = inf


_reading = _Reading()


@cache
def _alarm_is_ours() -> bool:
    """Take the alarm, once and for good; false where there is none."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _look)
    return hasattr(signal, "setitimer")


def _look(*_: object) -> None:
    if thread_time() - _reading.since > MOST_SECONDS:
        raise LimitHit(f"{_reading.url} takes more than {MOST_SECONDS:g} s to read: {_LIMIT}")


class Trail:
    """What a list that goes on over many answers has brought so far."""

    def __init__(self, what: str, most: int, hint: str = "") -> None:
        self._what = what
        self._most = most
        self._hint = hint
        self._seen: set[str] = set()
        self._asked: set[tuple[str, bytes]] = set()
        self._answers = 0
        self._barren = 0

    def note(self, marks: Iterable[str]) -> None:
        """Count what an answer brought, by what tells its parts apart; raises LimitHit."""
        before = len(self._seen)
        self._seen.update(marks)
        self._answers += 1
        self._barren = 0 if len(self._seen) > before else self._barren + 1
        found = f"{len(self._seen):,} {self._what} on {self._answers:,} of the site's pages"
        if len(self._seen) >= self._most:
            raise LimitHit(f"the list goes on after {found}{self._hint}: {_LIMIT}")
        if self._barren >= _MOST_BARREN:
            raise LimitHit(f"the list goes in circles after {found}: {_LIMIT}")

    def leads_on(self, request: Request) -> bool:
        """Whether a request has not been sent for this list yet."""
        asked = (request.url, request.body)
        is_new = asked not in self._asked
        self._asked.add(asked)
        return is_new


def page_trail() -> Trail:
    """The trail of a chapter's pages."""
    return Trail("pages", MAX_PAGES)


def cover_trail() -> Trail:
    """The trail of the covers of a series' volumes."""
    return Trail("covers", MAX_PAGES)


class ChapterList:
    """The chapters of an index, read over as many answers as it has."""

    def __init__(self, most: int) -> None:
        self.chapters: list[Chapter] = []
        hint = "; if it really has more, raise MANGA_MAX_CHAPTERS"
        self._trail = Trail("chapters", most, hint)

    def take(self, found: Iterable[Chapter | Request]) -> Request | None:
        """Add what an answer names; the request for the next one, None at the end.

        Raises LimitHit.
        """
        following = None
        named: list[Chapter] = []
        for each in found:
            if isinstance(each, Chapter):
                named.append(each)
            elif self._trail.leads_on(each):
                following = each
        self._trail.note(chapter.id for chapter in named)
        is_older = max(_numbers(named), default=0) < min(_numbers(self.chapters), default=0)
        place = 0 if is_older else len(self.chapters)  # lists of the newest first go back in time
        self.chapters[place:place] = named
        return following


def _numbers(chapters: Iterable[Chapter]) -> list[Decimal]:
    return [Decimal(each.number) for each in chapters if each.number]
