"""AutoThrottle that moves how many requests are in flight, not how long to wait between them."""

import asyncio
import logging
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from mangacrawl.downloader import BoundedDownloader
from mangacrawl.library.state import state_folder
from mangacrawl.wire.lease import RENEW_SECONDS, Lease, LocalLease, Share
from mangacrawl.wire.rates import Rates, lineage
from mangacrawl.wire.window import Window, read_windows, write_windows

logger = logging.getLogger(__name__)

SPARED = "is_spared"
"""Key in the meta of a refused request: its window still falls, so the try does not count."""

_OVERLOAD_STATUSES = {429, 503}
_OVERLOAD_ERRORS = (DownloadTimeoutError, DownloadConnectionRefusedError)


@dataclass(frozen=True, slots=True)
class Pool:
    """A site's pool at a moment; ``latency`` in seconds, 0 before the first answer."""

    in_flight: int
    window: float
    latency: float


class Throttle(AutoThrottle):
    """Gives each slot the window its site bears, and holds it back when the site asks for it.

    Stock AutoThrottle paces by delay, reaches 0.7 of its target and hears of no failure. Windows,
    pauses and paces live here by the slot's key, since Scrapy drops a slot that was idle for a
    minute. The pool, and a pace or limit too, is shared with the machine's other crawls of the
    site. With AUTOTHROTTLE_DEBUG each answer is a line: window, in flight, latency.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # The downloader tells `finished` more, and of failures too.
        crawler.signals.disconnect(self._response_downloaded, signals.response_downloaded)
        self.cap = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.windows: dict[str, Window] = {}
        state = state_folder(crawler.settings)
        self._file = state / "windows.json"
        self._lease: Lease = LocalLease(state)
        self._shares: dict[str, Share] = {}
        self._has_opened = asyncio.Event()
        self._leasing: asyncio.Task[None] | None = None
        self._remembered = read_windows(self._file)
        self._held: dict[str, float] = {}
        self._paces: dict[str, float] = {}
        self._rates = Rates()
        crawler.signals.connect(self._spider_closed, signals.spider_closed)

    def _spider_opened(self, spider: Spider) -> None:
        downloader = self.crawler.engine.downloader
        if isinstance(downloader, BoundedDownloader):
            downloader.observer = self
            sources = getattr(spider, "sources", [])
            for source in sources:
                self._rates.limit(source.limits)
            downloader.limit(self._rates.limits)
            if sources:
                self._leasing = asyncio.ensure_future(self._keep_shares(downloader))

    async def _spider_closed(self) -> None:
        if self._leasing:
            self._leasing.cancel()
            await asyncio.to_thread(self._lease.close)
        write_windows(self._file, self.windows)

    def opened(self, key: str, slot: Slot) -> None:
        if key not in self.windows:
            cap = min(self.cap, slot.concurrency)
            self.windows[key] = Window(cap, size=self._remembered.get(key, Window.START))
            self._has_opened.set()
        self._fit(key, slot)

    def _fit(self, key: str, slot: Slot) -> None:
        """Let a slot have what the site bears and others leave; nothing until that is known."""
        share = self._shares.get(key, Share(0, 1)) if self._leasing else Share(self.cap, 1)
        slot.concurrency = min(self.windows[key].slots, share.slots)
        slot.delay = self._paces.get(key, 0.0) * share.crawls

    async def _keep_shares(self, downloader: BoundedDownloader) -> None:
        """Renew this crawl's shares of the pools, at once where a slot has opened."""
        while True:
            self._has_opened.clear()
            for key in list(self.windows):
                self._shares[key] = await self._renewed(key, downloader)
                if slot := downloader.slots.get(key):
                    self._fit(key, slot)
                    downloader.send_queued(slot)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._has_opened.wait(), RENEW_SECONDS)

    async def _renewed(self, key: str, downloader: BoundedDownloader) -> Share:
        cap = self.windows[key].cap
        slot = downloader.slots.get(key)
        in_flight, queued = (len(slot.transferring), len(slot.queue)) if slot else (0, 0)
        share = self._shares.get(key, Share(0, 1))
        held = max(share.slots, in_flight)
        wanted = min(cap, in_flight + queued)
        try:
            return await asyncio.to_thread(self._lease.renew, key, cap, held, wanted)
        except (sqlite3.Error, OSError) as error:
            if not share.slots:
                logger.warning("other crawls cannot be heeded: %s", error)
            return Share(cap, 1)

    def look(self, key: str) -> Pool:
        """The pool of a slot as it is now."""
        slot = self.crawler.engine.downloader.slots.get(key)
        window = self.windows.get(key, Window(self.cap))
        return Pool(len(slot.transferring) if slot else 0, window.size, window.latency)

    def held_until(self, key: str) -> float:
        """When the site may be asked again; the past if nothing holds it back."""
        keys = lineage(key)
        crawls = max(self._shares.get(each, Share(0, 1)).crawls for each in keys)
        held = (self._held.get(each, 0.0) for each in keys)
        return max(self._rates.free_at(key, crawls), *held)

    def sent(self, key: str) -> None:
        self._rates.sent(key, monotonic())

    def hold(self, key: str, seconds: float) -> None:
        """Send nothing to a site for so long, nor to a host of which only a part has said so."""
        key = lineage(key)[-1]
        now = monotonic()
        held = max(self._held.get(key, 0.0), now)
        self._held[key] = max(held, now + seconds)
        self.crawler.stats.inc_value("manga/throttle/pauses")
        milliseconds = round(1000 * (self._held[key] - held))
        self.crawler.stats.inc_value("manga/throttle/pause_milliseconds", milliseconds)

    def pace(self, key: str, seconds: float) -> None:
        """Keep so many seconds between requests to a site, in this run."""
        self._paces[key] = max(self._paces.get(key, 0.0), seconds)
        self.crawler.stats.max_value("manga/throttle/pace_seconds", seconds)
        slot = self.crawler.engine.downloader.slots.get(key)
        if slot:
            self._fit(key, slot)

    def finished(
        self, key: str, slot: Slot, request: Request, sent: float, outcome: Response | Exception
    ) -> None:
        window = self.windows[key]
        now = monotonic()
        if isinstance(outcome, Response) and outcome.status not in _OVERLOAD_STATUSES:
            latency = request.meta.get("download_latency", now - sent)
            window.succeeded(sent, now, latency, len(slot.transferring))
        elif isinstance(outcome, (Response, *_OVERLOAD_ERRORS)):
            resume = window.overloaded(sent, now, len(slot.transferring))
            self._held[key] = max(self._held.get(key, 0.0), resume)
            request.meta[SPARED] = isinstance(outcome, Response) and window.is_falling
            self.crawler.stats.inc_value("manga/throttle/overloads")
        self._fit(key, slot)
        if self.debug:
            flying, latency = len(slot.transferring), window.latency
            logger.info("%s: window %.2f, %d in flight, %.3f s", key, window.size, flying, latency)
