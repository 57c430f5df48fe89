"""How a run stops: at the first SIGINT or SIGTERM nothing more is sent, at the second it ends."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from scrapy import signals
from scrapy.crawler import Crawler

from mangacrawl.errors import Stopped
from mangacrawl.spiders.manga import MangaSpider

_SIGNALS = [signal.SIGINT, signal.SIGTERM]
if hasattr(signal, "SIGBREAK"):
    _SIGNALS.append(signal.SIGBREAK)


class Stopping:
    """Heeds the signals for as long as a crawl takes, from before its engine is there.

    Scrapy's own handlers first fetch all that is queued, and after a signal that comes before the
    engine runs the crawl never ends.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._loop: asyncio.AbstractEventLoop | None = None
        self._has_come = False
        self._stopping: asyncio.Task[None] | None = None
        crawler.signals.connect(self._engine_started, signals.engine_started)

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Run the crawl within; returns when it is over, stopped or not."""
        before = {number: signal.signal(number, self._heed) for number in _SIGNALS}
        try:
            yield
        except KeyboardInterrupt:
            pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _heed(self, _: int, __: FrameType | None) -> None:
        if self._has_come:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            raise KeyboardInterrupt
        self._has_come = True
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop)

    def _engine_started(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._has_come:
            self._stop()

    def _stop(self) -> None:
        spider = self._crawler.spider
        if isinstance(spider, MangaSpider):
            spider.drop_requests(Stopped("stopped"))
        self._stopping = asyncio.ensure_future(self._stop_engine())

    async def _stop_engine(self) -> None:
        engine = self._crawler.engine
        if engine.running:
            await self._crawler.stop_async()
        else:  # it is about to run, and the crawler's would do nothing; or it runs no more
            with suppress(RuntimeError):
                await engine.stop_async()
