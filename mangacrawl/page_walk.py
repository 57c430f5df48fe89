"""From the chapters of a series to the items of their pages: the callbacks of reader pages."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scrapy import Request
from twisted.python.failure import Failure

from mangacrawl.errors import ChapterUnavailable, LayoutError, LimitHit, Refused, Stopped
from mangacrawl.failures import is_final, reason
from mangacrawl.items import PageItem
from mangacrawl.ledger import ChapterRow, PageRow
from mangacrawl.limits import Trail, page_trail
from mangacrawl.pending import Output, Pending
from mangacrawl.records import Page
from mangacrawl.safe import visible
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.source import Response, read

logger = logging.getLogger(__name__)

_CHAPTER_STEP = 10
"""Priority between chapters: wider than what retries and redirects add or take."""


@dataclass(slots=True)
class _Listing:
    """The pages of a chapter being listed: over several responses where the source says so."""

    row: ChapterRow
    trail: Trail = field(default_factory=page_trail)
    outstanding: int = 1
    last: int = 0


class PageWalk:
    """Asks for what a series lacks and reads it; earlier chapters first, so volumes close early."""

    def __init__(self, crawl: SeriesCrawl, pending: Pending) -> None:
        self.crawl = crawl
        self.pending = pending
        self.source = crawl.source

    def begin(self) -> Iterator[Output]:
        """Requests for all that is missing, then the items of what is there."""
        stored: list[PageItem] = []
        unavailable = self.crawl.unavailable()
        for row in unavailable:
            if not row.is_listed:
                logger.warning("chapter %s: %s", visible(row.chapter.label), row.unavailable)
        for row in [*self.crawl.wanted(), *(row for row in unavailable if row.is_listed)]:
            pages = list(self.crawl.pages(row.chapter.id))
            if not pages or any(page.path is None and page.url is None for page in pages):
                yield self._listing_request(row)
                continue
            for page in pages:
                if page.path is None:
                    yield self._page_request(row, page)
                else:
                    stored.append(self.crawl.item(row.chapter, page.number))
        yield from stored

    def again(self) -> Iterator[Request]:
        """Requests for what has failed and is not beyond hope."""
        for row, pages in self.crawl.missing():
            if not pages and not is_final(self.crawl.page_error(row.chapter, 1)):
                yield self._listing_request(row)
            for page in pages:
                if page.error and page.url and not is_final(page.error):
                    yield self._page_request(row, page)

    def parse_listing(self, response: Response, listing: _Listing) -> Iterator[Output]:
        """Read a page that lists a chapter's pages, or the first of its reader pages."""
        chapter = listing.row.chapter
        try:
            found = read(response, lambda: list(self.source.parse_pages(response, chapter)))
            listing.trail.note(_marks(found))
        except ChapterUnavailable as error:
            self.crawl.mark_unavailable(chapter, str(error))
            logger.warning("chapter %s: %s", visible(chapter.label), error)
            return
        except (LayoutError, LimitHit, Refused) as error:
            yield self.crawl.failed_item(chapter, 1, str(error))
            return
        pages = []
        for each in found:
            if isinstance(each, Page):
                number = each.number or listing.last + 1
                listing.last = max(listing.last, number)
                pages.append((self.crawl.list_page(chapter, each, number), each))
            elif listing.trail.leads_on(each):
                listing.outstanding += 1
                yield self._more_request(each, listing)
        listing.outstanding -= 1
        if not listing.outstanding and listing.last:
            self.crawl.count_pages(chapter, listing.last)
        elif not listing.outstanding:
            yield self.crawl.failed_item(chapter, 1, "the chapter has no pages")
        yield from self._listed(listing.row, pages)

    def parse_page(self, response: Response, row: ChapterRow, number: int) -> Iterator[Output]:
        """Read one reader page of a chapter whose pages are listed."""
        chapter = row.chapter
        try:
            found = read(response, lambda: list(self.source.parse_pages(response, chapter)))
        except (LayoutError, Refused, ChapterUnavailable) as error:
            yield self.crawl.failed_item(chapter, number, str(error))
            return
        for page in found:
            if isinstance(page, Page) and page.image_url and page.number in {number, None}:
                self.crawl.list_page(chapter, page, number)
                yield self.crawl.item(chapter, number)
                return
        yield self.crawl.failed_item(chapter, number, f"its image is not on {response.url}")

    def listing_failed(self, failure: Failure) -> Iterator[PageItem]:
        listing: _Listing = failure.request.cb_kwargs["listing"]  # type: ignore[attr-defined]
        yield from self._failed(failure, listing.row, 1)

    def page_failed(self, failure: Failure) -> Iterator[PageItem]:
        yield from self._failed(failure, **failure.request.cb_kwargs)  # type: ignore[attr-defined]

    def _failed(self, failure: Failure, row: ChapterRow, number: int) -> Iterator[PageItem]:
        if not isinstance(failure.value, Stopped):  # it has not failed, it was not asked for
            yield self.crawl.failed_item(row.chapter, number, reason(failure))

    def _listed(self, row: ChapterRow, pages: list[tuple[PageRow, Page]]) -> Iterator[Output]:
        """Requests first: an item holds up what follows it until it is settled."""
        items = []
        for known, page in pages:
            if known.path is None and page.image_url is None and page.url:
                yield self._page_request(row, known)
            else:
                items.append(self.crawl.item(row.chapter, known.number))
        yield from items

    def _listing_request(self, row: ChapterRow) -> Request:
        request, listing = self.source.pages_request(row.chapter), _Listing(row)
        listing.trail.leads_on(request)
        return self._more_request(request, listing)

    def _more_request(self, request: Request, listing: _Listing) -> Request:
        return self.pending.request(
            request,
            self.parse_listing,
            self.listing_failed,
            priority=_priority(listing.row),
            listing=listing,
        )

    def _page_request(self, row: ChapterRow, page: PageRow) -> Request:
        return self.pending.request(
            Request(self.crawl.address(page.url) or ""),
            self.parse_page,
            self.page_failed,
            priority=_priority(row),
            row=row,
            number=page.number,
        )


def _marks(found: Iterable[Page | Request]) -> Iterator[str]:
    """What tells pages apart: the image, or the reader page that will show it."""
    for each in found:
        if isinstance(each, Page):
            yield each.image_url or each.url or ""


def _priority(row: ChapterRow) -> int:
    return -_CHAPTER_STEP * row.position
