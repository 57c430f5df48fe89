"""What a site's index says of a series, and how to ask whether it still says so.

A site that sends validators (ETag, Last-Modified; RFC 9110, section 8.8) answers a conditional
request with a 304 and no body when nothing has changed (section 13).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from scrapy import Request
from scrapy.http import Response

from mangacrawl import __version__
from mangacrawl.errors import MangacrawlError
from mangacrawl.library.rows import series_of
from mangacrawl.records import Chapter, Series

FACT = "index"
"""Under which the ledger keeps the validators."""

NOT_MODIFIED = 304


class NothingKnown(MangacrawlError):
    """The site says that nothing has changed, but what it was is not in the ledger."""


@dataclass(frozen=True, slots=True)
class Index:
    """A series and its chapters; None are those that the ledger has: the site lists the same.

    ``validators`` is a text for the ledger, empty where the site sent none.
    """

    series: Series
    chapters: tuple[Chapter, ...] | None
    validators: str


@dataclass(frozen=True, slots=True)
class Validator:
    """What tells one state of a page from the next; at least one of them is there."""

    url: str
    etag: str | None
    modified: str | None

    @classmethod
    def of(cls, asked: Request, response: Response) -> Self | None:
        """That of a page; None if it has none, or if its address alone does not bring it again."""
        etag, modified = (_header(response, name) for name in ("ETag", "Last-Modified"))
        has_one = cls.is_plain(asked) and (etag or modified)
        return cls(asked.url, etag, modified) if has_one else None

    @staticmethod
    def is_plain(request: Request) -> bool:
        """Whether a request is nothing but its address."""
        return request.method == "GET" and not request.headers and not request.body

    def request(self) -> Request:
        """A request that is answered with a 304 if the page is still the same."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        sent = {name: value for name, value in headers.items() if value}
        return Request(self.url, headers=sent, meta={"handle_httpstatus_list": [NOT_MODIFIED]})


def as_fact(validators: Iterable[Validator | None], root: str) -> str:
    """Write down the validators of all pages of an index; empty if one of them has none.

    Addresses are kept relative to `root`, where the site is now.
    """
    pages = []
    for each in validators:
        if each is None:
            return ""
        pages.append([each.url.removeprefix(root), each.etag, each.modified])
    return json.dumps([__version__, pages])


def known_index(facts: Mapping[str, str], root: str) -> tuple[Series, list[Validator]] | None:
    """The series of a ledger and the validators of its index.

    None if there are none, if another version's parsers read the pages, or if they are damaged.
    """
    try:
        series = series_of(facts)
        version, pages = json.loads(facts.get(FACT) or "[null, []]")
        validators = [
            Validator(root + url if url[0] == "/" else url, *rest) for url, *rest in pages
        ]
    except (ValueError, TypeError, IndexError):
        return None
    return (series, validators) if series and validators and version == __version__ else None


def _header(response: Response, name: str) -> str | None:
    return (response.headers.get(name) or b"").decode("latin-1").strip() or None
