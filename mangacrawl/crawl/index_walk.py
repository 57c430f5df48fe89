"""From an address to a series and its chapters: the callbacks of index pages."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Protocol

from scrapy import Request
from scrapy.http import TextResponse
from twisted.python.failure import Failure

from mangacrawl.crawl.finding import found_by_name, nearest
from mangacrawl.crawl.index import NOT_MODIFIED, Index, Validator, as_fact, known_index
from mangacrawl.crawl.pending import Output, Pending
from mangacrawl.errors import Ambiguous, LayoutError, LimitHit, MangacrawlError, NotFound, Refused
from mangacrawl.failures import problem
from mangacrawl.library.whereabouts import has_moved, moved
from mangacrawl.parsing.limits import ChapterList
from mangacrawl.records import Series
from mangacrawl.source import Response, Source, read, recognized
from mangacrawl.target import Target

logger = logging.getLogger(__name__)

Begin = Callable[[Index], AsyncIterator[Output]]
Recall = Callable[[Target], Awaitable[tuple[Target, Mapping[str, str]]]]
"""Brings a target as its ledger knows it, and what that remembers."""


class Run(Protocol):
    """Whose index it is."""

    target: Target
    pending: Pending
    problems: list[MangacrawlError]

    def aim(self, target: Target) -> None: ...


class IndexWalk:
    """Finds the index of a run and hands it to `begin`; adds to the run's problems why it cannot.

    A known index is asked for conditionally, page by page: if none has changed nothing is read.
    """

    def __init__(self, run: Run, begin: Begin, recall: Recall, most_chapters: int) -> None:
        self._run = run
        self._is_unknown = False
        self._pending = run.pending
        self._problems = run.problems
        self._begin = begin
        self._recall = recall
        self._facts: Mapping[str, str] = {}
        self._has_moved = False
        self._validators: list[Validator | None] = []
        self._series: Series | None = None
        self._known = ChapterList(most_chapters)

    @property
    def target(self) -> Target:
        return self._run.target

    @property
    def source(self) -> Source:
        return self._run.target.source

    async def start(self) -> AsyncIterator[Output]:
        """The first request, or what a file on this computer brings."""
        target = self.target
        if target.file is not None:
            body = await asyncio.to_thread(target.file.read_bytes)
            response = TextResponse(target.file.resolve().as_uri(), body=body)
            async for output in self.parse_series(response, Request(response.url)):
                yield self._pending.take(output)
        elif target.url is None and target.series_id is None:
            search = self.source.search_request(target.asked_for)
            assert search is not None  # noqa: S101 - checked with the arguments
            yield self._pending.request(search, self.parse_names, self.failed)
        else:
            yield await self._request()

    def anew(self) -> Request:
        """The first request, whatever is known of the index."""
        return self._index_request(self.target.request(), self.parse_series)

    async def _request(self) -> Request:
        """The first request for a series whose id or address is known."""
        await self._remember()
        return self._first_request()

    async def _remember(self) -> bool:
        """Go on with what the series' ledger remembers; whether there is one."""
        target, self._facts = await self._recall(self.target)
        self._run.aim(target)
        return bool(self._facts)

    def _moves(self, asked: str, response: Response) -> bool:
        """Whether the site has led on from the series' page for good; the target follows, once."""
        target = self.target
        is_ours = asked.startswith(f"{target.source.base_url}/")
        if self._has_moved or not is_ours or not has_moved(response):
            return False
        self._has_moved = True
        ledger = target.key if self._facts else None
        self._run.aim(moved(target, asked, response.url, ledger))
        return True

    def _first_request(self) -> Request:
        first = self.target.request()
        self._pending.spread_to(first.url)
        known = known_index(self._facts, self.source.base_url)
        is_there = self._facts.get("base_url", "") in {"", self.source.base_url}
        is_read_so = self._facts.get("theme", "") in {"", self.source.id}
        is_plain = Validator.is_plain(first) and not self.source.lists_pages
        if known and known[1][0].url == first.url and is_plain and is_there and is_read_so:
            return self._conditional_request(*known, 0)
        return self.anew()

    async def parse_unchanged(
        self, response: Response, known: list[Validator], series: Series, position: int
    ) -> AsyncIterator[Output]:
        """Go on to the next page while nothing has changed; else read the index anew."""
        self._pending.spread_to(response.url)  # where it was redirected to
        if response.status != NOT_MODIFIED and position == 0:
            async for output in self.parse_series(response, Request(known[0].url)):
                yield output
        elif response.status != NOT_MODIFIED or self._moves(known[position].url, response):
            yield self.anew()
        elif position + 1 < len(known):
            yield self._conditional_request(series, known, position + 1)
        else:
            validators = as_fact(known, self.source.base_url)
            async for output in self._begin(Index(series, None, validators)):
                yield output

    async def parse_series(self, response: Response, asked: Request) -> AsyncIterator[Output]:
        self._pending.spread_to(response.url)
        if self._moves(asked.url, response):
            asked = asked.replace(url=response.url)
            if not self._facts and await self._remember():
                yield self._first_request()
                return
        if self.target.is_guess and self._recognize(response):
            yield await self._request()
            return
        self._validators.append(Validator.of(asked, response))
        try:
            series = read(response, lambda: self.source.parse_series(response))
            request = read(response, lambda: self.source.chapters_request(series))
        except MangacrawlError as error:
            self._not_read(error)
            return
        self._series = series
        if request is None:
            async for output in self._read_chapters(response, series):
                yield output
        else:
            yield self._index_request(request, self.parse_chapters)

    async def parse_chapters(self, response: Response, asked: Request) -> AsyncIterator[Output]:
        self._pending.spread_to(response.url)
        self._validators.append(Validator.of(asked, response))
        if self._series:
            async for output in self._read_chapters(response, self._series):
                yield output

    async def parse_names(self, response: Response) -> AsyncIterator[Output]:
        """Go on with the series that the name means, or say what there is instead."""
        target = self.target
        try:
            links = read(response, lambda: list(self.source.parse_search(response)))
            link = found_by_name(links, target.asked_for, unless=target.series_id)
        except Ambiguous as error:
            self._problems.append(error)
        except (LayoutError, LimitHit, Refused):
            self._unknown(nearest([], target.asked_for))
        except NotFound as error:
            self._unknown(str(error))
        else:
            self._run.aim(target.named(link.id))
            yield await self._request()

    def failed(self, failure: Failure) -> Iterator[Request]:
        search = self.source.search_request(self.target.asked_for)
        found = problem(failure, self.target.asked_for)
        if isinstance(found, NotFound) and self.target.series_id and search:
            yield self._pending.request(search, self.parse_names, self.names_failed)
        else:
            self._problems.append(found)

    def names_failed(self, _: Failure) -> None:
        self._unknown(nearest([], self.target.asked_for))

    def _unknown(self, what: str) -> None:
        self._problems.append(NotFound(self.target.unknown(what)))

    def _recognize(self, response: Response) -> bool:
        """Settle what the site is by one of its pages; whether it is to be asked for anew."""
        target = self.target
        found = recognized(response)
        self._is_unknown = found is None
        self._run.aim(target.at(found or type(target.source)))
        logger.info("no source knows %s: reading it as theme=%s", target.source.key, self.source.id)
        anew = self.target.request()
        return found is not None and (anew.method, anew.url) != ("GET", response.url)

    async def _read_chapters(self, response: Response, series: Series) -> AsyncIterator[Output]:
        try:
            found = read(response, lambda: list(self.source.parse_chapters(response)))
            following = self._known.take(found)
        except MangacrawlError as error:
            self._not_read(error)
            return
        if following is not None:
            yield self._index_request(following, self.parse_chapters)
        elif not self._known.chapters:
            self._not_read(LayoutError(f"found no chapters at {response.url}"))
        else:
            validators = as_fact(self._validators, self.source.base_url)
            chapters = tuple(self._known.chapters)
            async for output in self._begin(Index(series, chapters, validators)):
                yield output

    def _index_request(self, request: Request, callback: Callable[..., object]) -> Request:
        return self._pending.request(request, callback, self.failed, asked=request)

    def _conditional_request(
        self, series: Series, known: list[Validator], position: int
    ) -> Request:
        return self._pending.request(
            known[position].request(),
            self.parse_unchanged,
            self.failed,
            known=known,
            series=series,
            position=position,
        )

    def _not_read(self, error: MangacrawlError) -> None:
        if isinstance(error, LayoutError):
            hint = f"the site's layout may have changed, or it is not theme={self.source.id}"
            if self._is_unknown:
                hint = "no theme looks like it, but theme=strip or theme=pagewise may read it"
            error = LayoutError(f"{error}; {hint}")
        self._problems.append(error)
