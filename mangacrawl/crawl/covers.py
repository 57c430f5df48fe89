"""The covers of a series and its volumes: fetched once and kept as they were served.

A cover is no page: it has no item, is in no count, and where it cannot be had nothing else fails.
"""

import logging
from collections.abc import Callable, Iterator
from decimal import Decimal

from scrapy import Request
from scrapy.http import Response as AnyResponse
from twisted.python.failure import Failure

from mangacrawl import atomic
from mangacrawl.crawl.pending import Pending
from mangacrawl.errors import MangacrawlError, Stopped
from mangacrawl.failures import reason
from mangacrawl.library.rows import CoverRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.middlewares.verify import PICTURE_ONLY, picture_of
from mangacrawl.parsing.limits import cover_trail
from mangacrawl.records import SERIES_COVER
from mangacrawl.safe import safe_key, visible
from mangacrawl.source import Response, VolumeCover, read
from mangacrawl.workers import Workers

logger = logging.getLogger(__name__)

_FIRST = 5
"""Priority: before the first chapter, for a volume waits for its cover."""

_KEEPERS = 2
_WRITE_SECONDS = 60.0

DiskFailed = Callable[[str, OSError], object]
"""Who is told what could not be done, and why."""


def keepers() -> Workers:
    """The threads that write covers, of all series of a run."""
    return Workers(_KEEPERS, _WRITE_SECONDS)


class Covers:
    """Asks for the covers that a series lacks.

    One that failed is asked for again when there is something else to ask for, so that a finished
    series stays without a request.
    """

    def __init__(
        self, crawl: SeriesCrawl, pending: Pending, keepers: Workers, disk_failed: DiskFailed
    ) -> None:
        self.crawl = crawl
        self._pending = pending
        self._keepers = keepers
        self._disk_failed = disk_failed
        self._trail = cover_trail()
        self._unlisted: set[str] = set()

    def begin(self) -> Iterator[Request]:
        """Requests for what is not there: the series' cover, and the list of the volumes'."""
        crawl = self.crawl
        has_news = any(crawl.missing())
        if crawl.series.cover_url and self._is_due(SERIES_COVER, has_news=has_news):
            yield from self._ask(SERIES_COVER, crawl.series.cover_url)
        due = {volume for volume in self._volumes() if self._is_due(volume, has_news=has_news)}
        request = crawl.source.covers_request(crawl.series) if due else None
        if request is not None:
            self._unlisted = due
            crawl.awaited_covers |= due
            yield self._list_request(request)

    def parse_list(self, response: Response) -> Iterator[Request]:
        """Ask for the covers of volumes that lack them."""
        source = self.crawl.source
        try:
            found = read(response, lambda: list(source.parse_covers(response)))
            covers = [each for each in found if isinstance(each, VolumeCover)]
            self._trail.note(cover.url for cover in covers)
        except MangacrawlError as error:
            self._give_up_unlisted(str(error))
            return
        for cover in covers:
            if cover.volume is not None and cover.volume in self._unlisted:
                self._unlisted.remove(cover.volume)
                yield from self._ask(cover.volume, cover.url)
        following = [each for each in found if isinstance(each, Request)]
        if self._unlisted and following and self._trail.leads_on(following[-1]):
            yield self._list_request(following[-1])
        else:
            self._give_up_unlisted("the site shows none")

    def list_failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, Stopped):  # it has not failed, it was not asked for
            self._give_up_unlisted(reason(failure))

    async def parse(self, response: AnyResponse, volume: str) -> None:
        """Keep a cover."""
        if response.status != 200:
            self._lack(f"HTTP {response.status}", volume)
            return
        picture, size = picture_of(response), len(response.body)
        name = f"v{safe_key(volume)}" if volume else "series"
        path = self.crawl.output / "covers" / self.crawl.key / f"{name}{picture.extension}"
        try:
            sha256 = await self._keepers.run(atomic.store, path, response.body)
        except TimeoutError:
            self._lack(f"the disk takes over {_WRITE_SECONDS:.0f} s to write it", volume)
            return
        except OSError as error:  # a fault of ours, not the cover's: the next run asks again
            self._disk_failed(f"write {path}", error)
            return
        except Exception as error:
            logger.debug("storing %s", path, exc_info=True)
            self._lack(f"it cannot be stored ({error!r})", volume)
            return
        place = path.relative_to(self.crawl.output).as_posix()
        row = CoverRow(volume, place, sha256, picture.width, picture.height, size)
        self.crawl.ledger.save_cover(row, path.parent)
        self.crawl.awaited_covers.discard(volume)

    def failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, Stopped):
            asked = failure.request.cb_kwargs  # type: ignore[attr-defined]
            self._lack(reason(failure), asked["volume"])

    def _volumes(self) -> set[str]:
        """The site's volumes that are going to be bound."""
        if self.crawl.choices.bundle.kind not in {"auto", "site"}:
            return set()
        return {row.chapter.volume for row in self.crawl.wanted() if row.chapter.volume}

    def _is_due(self, volume: str, *, has_news: bool) -> bool:
        row = self.crawl.ledger.covers.get(volume, CoverRow(volume))
        return row.path is None and (row.error is None or has_news)

    def _ask(self, volume: str, url: str) -> Iterator[Request]:
        try:
            request = Request(url, meta=dict(PICTURE_ONLY))
        except ValueError:  # Scrapy's word for what no address can be made of
            self._lack("it has no address of the web", volume)
            return
        self.crawl.awaited_covers.add(volume)
        yield self._pending.request(
            request, self.parse, self.failed, priority=_FIRST, volume=volume
        )

    def _list_request(self, request: Request) -> Request:
        self._trail.leads_on(request)
        return self._pending.request(request, self.parse_list, self.list_failed, priority=_FIRST)

    def _give_up_unlisted(self, why: str) -> None:
        if self._unlisted:
            self._lack(why, *sorted(self._unlisted, key=Decimal))
            self._unlisted = set()

    def _lack(self, why: str, *volumes: str) -> None:
        whose = "the series" if volumes == (SERIES_COVER,) else f"volume {', '.join(volumes)}"
        words = self.crawl.series.title, whose, why
        logger.info("%s: no cover for %s: %s", *map(visible, words))
        for volume in volumes:
            self.crawl.ledger.save_cover(CoverRow(volume, error=why))
        self.crawl.awaited_covers.difference_update(volumes)
