"""Everything that can go wrong and be said in one sentence.

MangacrawlError             1  a fault of ours
├── ArgumentError           2  the user's arguments are wrong
├── Incomplete              3  something is missing from the output; run again
├── Unreachable             4  the site does not answer
├── NotFound                5  the site has no such series or chapter
│   ├── Ambiguous           5  the site has several of that name
│   └── LayoutError         5  the page is not what the source expects
├── Refused                 6  robots.txt, a login or a challenge stands in the way
│   └── Withheld            6  the site shows no chapter that was asked for
├── DiskError               7  the output cannot be written
│   ├── DiskFull            7  … since it is full
│   └── DamagedLedger       7  a ledger cannot be read; the next crawl rebuilds it
├── LimitHit                8  a limit of ours ended the crawl
├── AlreadyRunning          9  another crawl has the series
├── Stopped               130  a signal ended the crawl; it can be resumed
├── ChapterUnavailable         the site lists a chapter that it does not show
├── PageError                  a page that cannot be had
└── ConversionError            a stored page that cannot be converted

The last three cost a chapter, a page or a volume, never the run: they carry no exit code of their
own and surface as Incomplete.
"""

import errno
import sqlite3
from collections.abc import Iterable

from mangacrawl.redaction import redacted

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

REFUSED = "refused: "
"""How the reason begins where we do not fetch an address, whatever the site says."""


class MangacrawlError(Exception):
    """The root: its text is one sentence for the user, without secrets.

    ``details`` are lines that go before it.
    """

    exit_code = 1
    details: tuple[str, ...] = ()

    def __init__(self, text: str = "") -> None:
        super().__init__(redacted(text))


class ArgumentError(MangacrawlError):
    """An argument is wrong; the text names the allowed values."""

    exit_code = 2


class Incomplete(MangacrawlError):
    """Something is missing from the output that another run may bring."""

    exit_code = 3


class Unreachable(MangacrawlError):
    """The site does not answer: DNS, refused connection, TLS, time-out."""

    exit_code = 4


class NotFound(MangacrawlError):
    """The site has no such series or chapter."""

    exit_code = 5


class Ambiguous(NotFound):
    """Several series have the name; ``details`` lists them."""

    def __init__(self, text: str, details: tuple[str, ...]) -> None:
        super().__init__(text)
        self.details = details


class LayoutError(NotFound):
    """A page lacks what its source cannot do without; the text names selector and URL."""


class Refused(MangacrawlError):
    """The site does not want this: robots.txt, a login page, a challenge."""

    exit_code = 6


class Withheld(Refused):
    """The site lists what was asked for and shows none of it: paid, or not released yet."""


class DiskError(MangacrawlError):
    """The output cannot be written: full, read-only, broken."""

    exit_code = 7

    @classmethod
    def of(cls, doing: str, error: Exception) -> "DiskError":
        """What the system, SQLite or Python says of something that could not be done."""
        words = getattr(error, "strerror", None) or str(error)
        code = getattr(error, "sqlite_errorcode", None)
        is_full = getattr(error, "errno", None) in _FULL or code == sqlite3.SQLITE_FULL
        return (DiskFull if is_full else DiskError)(f"cannot {doing}: {words}")


class DiskFull(DiskError):
    """There is no room left, or the user's share of it is used up."""


class DamagedLedger(DiskError):
    """A series' state of record is no database or does not read as one of ours."""


class LimitHit(MangacrawlError):
    """A limit of ours ended the crawl before its end."""

    exit_code = 8


class AlreadyRunning(MangacrawlError):
    """Another crawl holds the series."""

    exit_code = 9


class Stopped(MangacrawlError):
    """A signal ended the crawl; the same command goes on where it stopped."""

    exit_code = 130


class ChapterUnavailable(MangacrawlError):
    """The site lists a chapter but does not show it: not released, licensed, paid."""


class PageError(MangacrawlError):
    """A page could not be had; the text is the reason."""


class ConversionError(MangacrawlError):
    """A stored page cannot be converted; the text names it."""


_PRECEDENCE = (2, 1, 7, 9, 6, 4, 5, 8, 130, 3)


def worst(problems: Iterable[MangacrawlError]) -> MangacrawlError | None:
    """The problem that decides how a run ends, the first of its kind; None if there is none."""
    return min(problems, key=lambda each: _PRECEDENCE.index(each.exit_code), default=None)
