"""AutoThrottle that moves how many requests are in flight, not how long to wait between them."""

from time import monotonic

from scrapy import Request, Spider
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from mangacrawl.downloader import BoundedDownloader
from mangacrawl.window import Window

SPARED = "is_spared"
"""Key in the meta of a refused request: its window still falls, so the try does not count."""

_OVERLOAD_STATUSES = {429, 503}
_OVERLOAD_ERRORS = (DownloadTimeoutError, DownloadConnectionRefusedError)


class Throttle(AutoThrottle):
    """Gives each slot the window its site bears.

    Stock AutoThrottle paces by delay, reaches 0.7 of its target and hears of no failure. The
    windows live here, since Scrapy drops a slot that was idle for a minute.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.cap = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.windows: dict[str, Window] = {}
        self._held: dict[str, float] = {}

    def _spider_opened(self, spider: Spider) -> None:
        downloader = self.crawler.engine.downloader
        if isinstance(downloader, BoundedDownloader):
            downloader.observer = self

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        """Nothing: the downloader tells `finished` more, and of failures too."""

    def opened(self, key: str, slot: Slot) -> None:
        if key not in self.windows:
            self.windows[key] = Window(min(self.cap, slot.concurrency))
        slot.concurrency = self.windows[key].slots

    def held_until(self, key: str) -> float:
        """When the site may be asked again; the past if it has not asked for a pause."""
        return self._held.get(key, 0.0)

    def hold(self, key: str, seconds: float) -> None:
        """Send nothing to a site for so long."""
        self._held[key] = max(self.held_until(key), monotonic() + seconds)
        self.crawler.stats.inc_value("manga/throttle/pauses")

    def finished(
        self, key: str, slot: Slot, request: Request, sent: float, outcome: Response | Exception
    ) -> None:
        window = self.windows[key]
        now = monotonic()
        if isinstance(outcome, Response) and outcome.status not in _OVERLOAD_STATUSES:
            latency = request.meta.get("download_latency", now - sent)
            window.succeeded(sent, now, latency, len(slot.transferring))
        elif isinstance(outcome, (Response, *_OVERLOAD_ERRORS)):
            window.overloaded(sent, now)
            request.meta[SPARED] = isinstance(outcome, Response) and window.is_falling
            self.crawler.stats.inc_value("manga/throttle/overloads")
        slot.concurrency = window.slots
