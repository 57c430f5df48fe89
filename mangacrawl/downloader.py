"""The bounded pool: the one place that decides which request may be on the wire.

Scrapy 2.19 starts a task for each queued request before it counts the first, so its own bound of
50 lets hundreds through; and it looks for slots by host, which redirects and image hosts escape.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, Protocol, TypeVar

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.asyncio import AsyncioLoopingCall, call_later
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.python import global_object_name
from twisted.internet.defer import Deferred

from mangacrawl.errors import MangacrawlError, Stopped
from mangacrawl.middlewares.chain import Chain
from mangacrawl.source import Limit
from mangacrawl.wire.bodies import Bodies
from mangacrawl.wire.watchdog import LOOK_SECONDS, Watchdog

T = TypeVar("T")

SOURCE = "source"
"""Key in a request's meta: the site it belongs to, whichever host it goes to."""

SITES = "sites"
"""Key in the meta of a request for a page: the sites it may be on; see `Offsite`."""

ITEM = "item"
"""Key in the meta of an image's request: the item that waits for it."""

SECONDS = "transfer_seconds"
"""Key in the meta of a request that was on the wire: how long, whatever came of it."""

SETTLING = 1
"""So many images may be on their way to the disk beside a full pool. What is beyond counts as in
flight: a kill must never cost more than the pool and one per cent, be the disk ever so slow, and
that is one page of a series of a hundred.
"""


class TransferObserver(Protocol):
    """Who is told of every transfer and may hold a slot back; times are monotonic seconds."""

    def opened(self, key: str, slot: Slot) -> None: ...

    def held_until(self, key: str) -> float: ...

    def sent(self, key: str) -> None: ...

    def finished(
        self, key: str, slot: Slot, request: Request, sent: float, outcome: Response | Exception
    ) -> None: ...


class BoundedDownloader(Downloader):
    """A downloader whose slots belong to sites and never hold more than their bound."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.middleware = Chain(*self.middleware.middlewares, crawler=crawler)
        self.observer: TransferObserver | None = None
        self.peak = 0
        """The most transfers that one slot ever had at once."""
        self._transfers: dict[Request, asyncio.Task[Any]] = {}
        self._settling: dict[int, str] = {}
        self._limited: dict[str, list[str]] = {}
        """By host, the keys of slots that limits have made."""
        self.bodies = Bodies()
        self._watchdog = Watchdog(self.bodies)
        self._watch = AsyncioLoopingCall(self._cut_stalled)
        self._stopped = asyncio.Event()

    def fetch(self, request: Request) -> Deferred[Response | Request]:  # type: ignore[override]
        """As Scrapy's, in one step for the engine instead of two."""
        self.active.add(request)
        fetching = self.middleware.download_async(self._enqueue_request, request)
        fetched = Deferred.fromFuture(asyncio.ensure_future(fetching))
        return fetched.addBoth(self._fetched, request)

    def _fetched(self, answer: T, request: Request) -> T:
        self.active.remove(request)
        return answer

    def get_slot_key(self, request: Request) -> str:
        """The source a request belongs to, anew on every hop; never a copied ``download_slot``.

        Hosts that the source names in its limits have slots of their own, and so have parts of
        them ("host/path"). Requests of no source (the shell's) fall back to their host.
        """
        url = urlparse_cached(request)
        host = url.hostname or ""
        for key in self._limited.get(host, ()):
            if f"{host}{url.path}".startswith(key):
                return key
        return str(request.meta.get(SOURCE) or host)

    def limit(self, limits: Mapping[str, Limit]) -> None:
        """Give hosts, and parts of them, that a source names in its limits slots of their own."""
        for key in sorted(limits, reverse=True):  # parts of a host before the host
            cap = min(limits[key].concurrency or self.domain_concurrency, self.domain_concurrency)
            self.per_slot_settings[key] = {"concurrency": cap, "delay": 0, "jitter": 0}
            self._limited.setdefault(key.partition("/")[0], []).append(key)

    def stop(self) -> None:
        """Fail what is queued and cut what is on the wire; nothing is sent any more."""
        self._stopped.set()
        for key in self.slots:
            self.drop(key, Stopped("stopped before it was sent"))
        for transfer in list(self._transfers.values()):
            transfer.cancel()

    def drop(self, key: str, why: MangacrawlError) -> None:
        """Fail what is queued for a slot."""
        queue = _turns(self.slots[key])
        while queue:
            _, turn = queue.popleft()
            if not turn.done():
                turn.set_exception(why)

    def close(self) -> None:
        if self._watch.running:
            self._watch.stop()
        super().close()

    def settled(self, item: object) -> None:
        """An image that has arrived is stored or refused, or is going to be asked for again."""
        slot = self.slots.get(self._settling.pop(id(item), ""))
        if slot:
            self._process_queue(slot)

    def send_queued(self, slot: Slot) -> None:
        """Look again at what waits in a slot that may hold more now."""
        self._process_queue(slot)

    async def rest(self, seconds: float) -> None:
        """Wait, but not beyond the stop; raises Stopped then."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)
            raise Stopped("stopped before it was sent again")

    async def unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of some work that is no transfer; cut at the stop, raises Stopped then."""
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            raise Stopped("stopped on its way")
        finally:
            working.cancel()
            stopping.cancel()

    def _get_slot(self, request: Request) -> tuple[str, Slot]:  # type: ignore[override]
        if not self._watch.running:
            self._watch.start(LOOK_SECONDS, now=False)
        known = len(self.slots)
        key, slot = super()._get_slot(request)
        if len(self.slots) > known and self.observer:
            self.observer.opened(key, slot)
        return key, slot

    async def _enqueue_request(self, request: Request) -> Response:
        """Wait for a turn and transfer in one task; Scrapy has two, and a Deferred between them."""
        key, slot = self._get_slot(request)
        request.meta[self.DOWNLOAD_SLOT] = key
        slot.active.add(request)
        self._tell(signals.request_reached_downloader, request=request)
        turn = asyncio.get_running_loop().create_future()
        _turns(slot).append((request, turn))
        self._process_queue(slot)
        try:
            await turn
            return await self._download(slot, request)
        finally:
            slot.active.remove(request)
            if request in slot.transferring:  # cancelled when its turn had just come
                slot.transferring.remove(request)
                self._process_queue(slot)

    def _process_queue(self, slot: Slot) -> None:
        """Start what may start; each request counts before the next is looked at."""
        if self._stopped.is_set():
            self.stop()
        while slot.queue and not slot.latercall and self._has_room(slot):
            key = slot.queue[0][0].meta[self.DOWNLOAD_SLOT]
            now = monotonic()
            wait = max(slot.lastseen + slot.delay if slot.delay else 0.0, self._held(key)) - now
            if wait > 0:
                slot.latercall = call_later(wait, self._latercall, slot)
                return
            request, turn = _turns(slot).popleft()
            if turn.done():  # nobody waits for it any more
                continue
            turn.set_result(None)
            slot.lastseen = now
            slot.transferring.add(request)
            self._settling.pop(id(request.meta.get(ITEM)), None)
            self.peak = max(self.peak, len(slot.transferring))
            if self.observer:
                self.observer.sent(key)

    def _has_room(self, slot: Slot) -> bool:
        key = slot.queue[0][0].meta[self.DOWNLOAD_SLOT]
        settling = list(self._settling.values()).count(key)
        return bool(slot.free_transfer_slots() > max(0, settling - SETTLING))

    def _held(self, key: str) -> float:
        return self.observer.held_until(key) if self.observer else 0.0

    async def _download(self, slot: Slot, request: Request) -> Response:
        sent = monotonic()
        try:
            response = await self._transfer(request)
        except Exception as error:
            self._finish(slot, request, sent, error)
            raise
        self._tell(signals.response_downloaded, response=response, request=request)
        self._finish(slot, request, sent, response)
        return response

    def _finish(
        self, slot: Slot, request: Request, sent: float, outcome: Response | Exception
    ) -> None:
        request.meta[SECONDS] = monotonic() - sent
        if self.observer:
            key = request.meta[self.DOWNLOAD_SLOT]
            self.observer.finished(key, slot, request, sent, outcome)
        slot.transferring.remove(request)
        if isinstance(outcome, Response) and outcome.status == 200 and ITEM in request.meta:
            self._settling[id(request.meta[ITEM])] = request.meta[self.DOWNLOAD_SLOT]
        self._count(outcome)
        self._process_queue(slot)
        self._tell(signals.request_left_downloader, request=request)

    def _count(self, outcome: Response | Exception) -> None:
        """Count what came of a transfer, by the names of Scrapy's DownloaderStats."""
        count = self.crawler.stats.inc_value
        count("downloader/request_count")
        if isinstance(outcome, Response):
            count("downloader/response_count")
            count(f"downloader/response_status_count/{outcome.status}")
            count("downloader/response_bytes", len(outcome.body))
        else:
            count("downloader/exception_count")
            count(f"downloader/exception_type_count/{global_object_name(type(outcome))}")

    async def _transfer(self, request: Request) -> Response:
        if self._stopped.is_set():
            raise Stopped("stopped before it was sent")
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for mypy
        self._transfers[request] = task
        try:
            return await self.handlers.download_request_async(request)
        except asyncio.CancelledError:
            task.uncancel()
            if self._stopped.is_set():
                raise Stopped("stopped on its way") from None
            raise DownloadTimeoutError("no answer in time") from None
        finally:
            del self._transfers[request]

    def _cut_stalled(self) -> None:
        for request in list(self._watchdog.stalled()):
            self._transfers[request].cancel()

    def _tell(self, signal: object, **details: object) -> None:
        self.signals.send_catch_log(signal=signal, spider=self.crawler.spider, **details)


def _turns(slot: Slot) -> "deque[tuple[Request, asyncio.Future[None]]]":
    """What waits in a slot, each with its turn; Scrapy keeps Deferreds of responses there."""
    return slot.queue  # type: ignore[return-value]


def downloader_of(crawler: Crawler) -> BoundedDownloader:
    """The crawler's downloader, which is ours by the settings."""
    downloader = crawler.engine.downloader
    if not isinstance(downloader, BoundedDownloader):
        raise TypeError(f"{downloader} is not the DOWNLOADER of mangacrawl's settings")
    return downloader


def bodies_of(crawler: Crawler) -> Bodies:
    """The bodies that a crawl has in memory."""
    return downloader_of(crawler).bodies
