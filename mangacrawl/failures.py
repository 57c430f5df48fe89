"""What Scrapy reports of a failed request, in words for the user."""

import re
import traceback
import zlib
from gzip import BadGzipFile

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from mangacrawl.errors import (
    REFUSED,
    LimitHit,
    MangacrawlError,
    NotFound,
    Refused,
    Unreachable,
)
from mangacrawl.items import PageItem
from mangacrawl.library.rows import PageRow
from mangacrawl.parsing.challenges import names_obstacle
from mangacrawl.parsing.limits import names_limit
from mangacrawl.redaction import redacted

NO_PAGES = "the chapter has no pages"
TOO_LARGE = f"{REFUSED}too large"
_SAID = (
    CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError,
    DownloadTimeoutError, ResponseDataLossError,
)  # fmt: skip
"""Scrapy's, raised by our own downloader and handler with what the user should know."""

_WORDS = {
    DownloadCancelledError: TOO_LARGE,  # nothing but DOWNLOAD_MAXSIZE raises it
    BadGzipFile: "the site's answer cannot be unpacked",
    zlib.error: "the site's answer cannot be unpacked",
    NotSupported: f"{REFUSED}only http and https addresses are fetched",
}
_GONE = {404, 410}
_NOT_WANTED = {401, 403, 451}


def is_final(why: str | None) -> bool:
    """Whether a reason for a failed page leaves no hope in this run: asking again is rude."""
    statuses = {f"HTTP {status}" for status in _GONE | _NOT_WANTED}
    if why is None:
        return False
    return why in statuses or why.startswith(REFUSED) or names_obstacle(why) or names_limit(why)


def names_layout(why: str) -> bool:
    """Whether a reason is a page that its source could not read: a LayoutError's, or no pages."""
    return NO_PAGES in why or bool(re.search(r"(?: at|not on|cannot read) https?://", why))


def has_expired(page: PageItem | PageRow) -> bool:
    """Whether a page's image may be there under another address: its reader page will say."""
    statuses = {"HTTP 403", *(f"HTTP {status}" for status in _GONE)}
    return page.image_url is not None and page.error in statuses


def reason(failure: Failure) -> str:
    """Why a page could not be had, in a few words."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error):
        if error.__cause__:  # its frames hold what was decompressed till then
            traceback.clear_frames(error.__cause__.__traceback__)
        return TOO_LARGE
    if isinstance(error, MangacrawlError | IgnoreRequest):
        return str(error) or "not allowed"
    if isinstance(error, _SAID):
        return str(error)
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words
    return redacted(f"{type(error).__name__}: {error}")


def problem(failure: Failure, what: str) -> MangacrawlError:
    """What a failed index request means for the run; `what` says what was asked for."""
    error = failure.value
    if isinstance(error, MangacrawlError):
        return error
    if reason(failure) == TOO_LARGE:
        return LimitHit(f"{what}: {TOO_LARGE}")
    if isinstance(error, HttpError):
        status = error.response.status
        if status in _GONE:
            return NotFound(f"{what} does not exist (HTTP {status})")
        if status in _NOT_WANTED:
            return Refused(f"{what} is refused by the site (HTTP {status})")
    elif isinstance(error, IgnoreRequest):
        return Refused(f"{what}: {reason(failure)}")
    return Unreachable(f"{what} cannot be reached: {reason(failure)}")
