"""From an address to a series and its chapters: the callbacks of index pages."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping

from scrapy import Request
from twisted.python.failure import Failure

from mangacrawl.errors import LayoutError, LimitHit, MangacrawlError, NotFound, Refused
from mangacrawl.failures import problem
from mangacrawl.index import NOT_MODIFIED, Index, Validator, as_fact, known_index
from mangacrawl.limits import ChapterList
from mangacrawl.pending import Output, Pending
from mangacrawl.records import Series
from mangacrawl.source import Response, read
from mangacrawl.target import Target

Begin = Callable[[Index], AsyncIterator[Output]]


class IndexWalk:
    """Reads the index of a target and hands it to `begin`; adds to `problems` why it cannot.

    A known index is asked for conditionally, page by page: if none has changed nothing is read.
    """

    def __init__(
        self,
        target: Target,
        pending: Pending,
        problems: list[MangacrawlError],
        begin: Begin,
        most_chapters: int,
    ) -> None:
        self.target = target
        self.source = target.source
        self._pending = pending
        self._problems = problems
        self._begin = begin
        self._validators: list[Validator | None] = []
        self._series: Series | None = None
        self._known = ChapterList(most_chapters)

    def request(self, facts: Mapping[str, str]) -> Request:
        """The first request; `facts` are those of the series' ledger, empty without one."""
        first = self._first()
        known = known_index(facts, self.source.base_url)
        if known and known[1][0].url == first.url and Validator.is_plain(first):
            return self._conditional_request(*known, 0)
        return self._index_request(first, self.parse_series)

    async def parse_unchanged(
        self, response: Response, known: list[Validator], series: Series, position: int
    ) -> AsyncIterator[Output]:
        """Go on to the next page while nothing has changed; else read the index anew."""
        if response.status != NOT_MODIFIED and position == 0:
            async for output in self.parse_series(response, Request(known[0].url)):
                yield output
        elif response.status != NOT_MODIFIED:
            yield self._index_request(self._first(), self.parse_series)
        elif position + 1 < len(known):
            yield self._conditional_request(series, known, position + 1)
        else:
            validators = as_fact(known, self.source.base_url)
            async for output in self._begin(Index(series, None, validators)):
                yield output

    async def parse_series(self, response: Response, asked: Request) -> AsyncIterator[Output]:
        self._validators.append(Validator.of(asked, response))
        try:
            self._series = read(response, lambda: self.source.parse_series(response))
        except (LayoutError, Refused) as error:
            self._not_read(error)
            return
        request = self.source.chapters_request(self._series)
        if request is None:
            async for output in self._read_chapters(response, self._series):
                yield output
        else:
            yield self._index_request(request, self.parse_chapters)

    async def parse_chapters(self, response: Response, asked: Request) -> AsyncIterator[Output]:
        self._validators.append(Validator.of(asked, response))
        if self._series:
            async for output in self._read_chapters(response, self._series):
                yield output

    def parse_names(self, response: Response) -> None:
        """Say which names of the site are like the one that it does not have."""
        try:
            links = read(response, lambda: list(self.source.parse_search(response)))
        except (LayoutError, Refused):
            links = []
        self._problems.append(NotFound(self.target.unknown(links)))

    def failed(self, failure: Failure) -> Iterator[Request]:
        search = self.source.search_request(self.target.asked_for)
        found = problem(failure, self.target.asked_for)
        if isinstance(found, NotFound) and self.target.series_id and search:
            yield self._pending.request(search, self.parse_names, self.names_failed)
        else:
            self._problems.append(found)

    def names_failed(self, _: Failure) -> None:
        self._problems.append(NotFound(self.target.unknown([])))

    async def _read_chapters(self, response: Response, series: Series) -> AsyncIterator[Output]:
        try:
            found = read(response, lambda: list(self.source.parse_chapters(response)))
            following = self._known.take(found)
        except (LayoutError, LimitHit, Refused) as error:
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

    def _first(self) -> Request:
        if self.target.url is not None:
            return Request(self.target.url)
        return self.source.series_request(self.target.series_id or "")

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

    def _not_read(self, error: LayoutError | LimitHit | Refused) -> None:
        if isinstance(error, LayoutError):
            hint = f"the site's layout may have changed, or it is not theme={self.source.id}"
            error = LayoutError(f"{error}; {hint}")
        self._problems.append(error)
