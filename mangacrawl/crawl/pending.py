"""What a series still waits for, so that its end is known while other series go on."""

from collections.abc import AsyncIterator, Callable, Iterator
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any

from scrapy import Request

from mangacrawl.downloader import SITES, SOURCE
from mangacrawl.items import PageItem
from mangacrawl.parsing.links import as_it_is
from mangacrawl.target import Target
from mangacrawl.wire.browser import IN_BROWSER
from mangacrawl.wire.sites import site_of

Output = PageItem | Request


class Pending:
    """Counts a series' requests until their answers are read, and its items until they are settled.

    ``settled`` is called each time that none is left. Who sees an item settled calls `end`.
    """

    def __init__(self, target: Target, settled: Callable[[], object]) -> None:
        self.target = target
        self._settled = settled
        self._elsewhere: set[str] = set()
        self._whose: dict[str, object] | None = None
        self._count = 0

    def aim(self, target: Target) -> None:
        """Go on with what has become known of the target."""
        self.target = target
        self._whose = None

    def spread_to(self, url: str) -> None:
        """Count the site of an address to the series': its index is there."""
        self._elsewhere.add(site_of(url))
        self._whose = None

    def request(
        self,
        request: Request | str,
        callback: Callable[..., Any],
        errback: Callable[..., Any],
        *,
        priority: int = 0,
        **details: Any,
    ) -> Request:
        """A source's request made ours, or one for an address.

        `details` are its callback's keyword arguments. Raises ValueError for what is no address.
        """
        if self._whose is None:  # not before the first request: only then has the demo an address
            sites = self.target.sites | self._elsewhere
            self._whose = {SOURCE: self.target.source.key, SITES: sites}
        meta = as_it_is(request) if isinstance(request, str) else request.meta
        meta = meta | self._whose
        if self.target.source.needs_browser:
            meta = {IN_BROWSER: ""} | meta
        ours: dict[str, Any] = {
            "callback": self._counted(callback),
            "errback": self._counted(errback),
            "cb_kwargs": details,
            "meta": meta,
            "priority": priority,
            "dont_filter": True,
        }
        made = Request(request, **ours) if isinstance(request, str) else request.replace(**ours)
        self._count += 1
        return made

    def take(self, output: Output) -> Output:
        """Count an item that is on its way to the pipelines; requests are counted when made."""
        self._count += isinstance(output, PageItem)
        return output

    def end(self) -> None:
        """One less is awaited."""
        self._count -= 1
        if self._count == 0:
            self._settled()

    def _counted(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        def outputs(*args: Any, **details: Any) -> Iterator[Output]:
            try:
                for output in callback(*args, **details) or ():
                    yield self.take(output)
            finally:
                self.end()

        async def async_outputs(*args: Any, **details: Any) -> AsyncIterator[Output]:
            try:
                async for output in callback(*args, **details):
                    yield self.take(output)
            finally:
                self.end()

        async def nothing(*args: Any, **details: Any) -> None:
            try:
                await callback(*args, **details)
            finally:
                self.end()

        if isasyncgenfunction(callback):
            return async_outputs
        return nothing if iscoroutinefunction(callback) else outputs
