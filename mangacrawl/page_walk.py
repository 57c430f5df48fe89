"""From the chapters of a series to the items of their pages: the callbacks of reader pages."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scrapy import Request
from twisted.python.failure import Failure

from mangacrawl.errors import ChapterUnavailable, LayoutError, LimitHit, Refused, Stopped
from mangacrawl.failures import has_expired, is_final, reason
from mangacrawl.items import PageItem
from mangacrawl.ledger import ChapterRow, PageRow
from mangacrawl.limits import Trail, page_trail
from mangacrawl.pending import Output, Pending
from mangacrawl.records import Chapter, Page
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
    failed: set[int] | None = None
    """The pages that are asked for again and were not listed yet; None: all, for the first time."""


class PageWalk:
    """Asks for what a series lacks and reads it; earlier chapters first, so volumes close early."""

    def __init__(self, crawl: SeriesCrawl, pending: Pending) -> None:
        self.crawl = crawl
        self.pending = pending
        self.source = crawl.source
        self._is_second_round = False

    def begin(self) -> Iterator[Output]:
        """Requests for all that is missing, then the items of what is there."""
        stored: list[PageItem] = []
        unavailable = self.crawl.unavailable()
        for row in unavailable:
            if not row.is_listed:
                self._say_unavailable(row.chapter, row.unavailable or "")
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
        """Requests for what has failed and is not beyond hope: what shows it is read again."""
        self._is_second_round = True
        for row, pages in self.crawl.missing():
            if not pages and not is_final(self.crawl.page(row.chapter, 1).error):
                yield self._listing_request(row)
            failed = [p for p in pages if p.error and (not is_final(p.error) or has_expired(p))]
            yield from (self._page_request(row, page) for page in failed if page.url)
            unread = {page.number for page in failed if not page.url}
            if unread:
                yield self._listing_request(row, unread)

    def parse_listing(self, response: Response, listing: _Listing) -> Iterator[Output]:
        """Read a page that lists a chapter's pages, or the first of its reader pages."""
        chapter = listing.row.chapter
        try:
            found = read(response, lambda: list(self.source.parse_pages(response, chapter)))
            listing.trail.note(_marks(found))
        except ChapterUnavailable as error:
            self.crawl.mark_unavailable(chapter, str(error))
            self._say_unavailable(chapter, str(error))
            return
        except (LayoutError, LimitHit, Refused) as error:
            yield from self._not_listed(listing, str(error))
            return
        pages = []
        for each in found:
            if isinstance(each, Page):
                number = each.number or listing.last + 1
                listing.last = max(listing.last, number)
                pages.append((number, each))
            elif listing.trail.leads_on(each):
                listing.outstanding += 1
                yield self._more_request(each, listing)
        listing.outstanding -= 1
        if not listing.outstanding and listing.last:
            self.crawl.count_pages(chapter, listing.last)
        elif not listing.outstanding:
            yield from self._not_listed(listing, "the chapter has no pages")
        yield from self._listed(listing, pages)

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
                before = self.crawl.page(chapter, number)
                self.crawl.list_page(chapter, page, number)
                yield self._item(row, before)
                return
        yield self.crawl.failed_item(chapter, number, f"its image is not on {response.url}")

    def listing_failed(self, failure: Failure) -> Iterator[PageItem]:
        listing: _Listing = failure.request.cb_kwargs["listing"]  # type: ignore[attr-defined]
        if not isinstance(failure.value, Stopped):  # it has not failed, it was not asked for
            yield from self._not_listed(listing, reason(failure))

    def page_failed(self, failure: Failure) -> Iterator[PageItem]:
        details = failure.request.cb_kwargs  # type: ignore[attr-defined]
        row: ChapterRow = details["row"]
        if not isinstance(failure.value, Stopped):
            yield self.crawl.failed_item(row.chapter, details["number"], reason(failure))

    def _say_unavailable(self, chapter: Chapter, why: str) -> None:
        words = self.crawl.series.title, chapter.label, why
        logger.warning("%s: chapter %s: %s", *map(visible, words))

    def _not_listed(self, listing: _Listing, why: str) -> Iterator[PageItem]:
        """A chapter without a list fails as its first page, a known one as those it lacks."""
        for number in sorted(listing.failed or {1}):
            yield self.crawl.failed_item(listing.row.chapter, number, why)

    def _item(self, row: ChapterRow, before: PageRow) -> PageItem:
        """The item of a page; a failed one if its image was refused at the same address before."""
        chapter, number = row.chapter, before.number
        is_same = self.crawl.page(chapter, number).image_url == before.image_url
        if self._is_second_round and is_same and has_expired(before):
            return self.crawl.failed_item(chapter, number, before.error or "")
        return self.crawl.item(chapter, number)

    def _listed(self, listing: _Listing, pages: list[tuple[int, Page]]) -> Iterator[Output]:
        """Requests first: an item holds up what follows it until it is settled."""
        items = []
        row, failed = listing.row, listing.failed
        for number, page in pages:
            before = self.crawl.page(row.chapter, number)
            listed = self.crawl.list_page(row.chapter, page, number)
            if failed is not None and number not in failed:
                continue
            if failed is not None:
                failed.discard(number)
            if listed.path is None and page.image_url is None and page.url:
                yield self._page_request(row, listed)
            else:
                items.append(self._item(row, before))
        yield from items
        if failed and not listing.outstanding:
            yield from self._not_listed(listing, "the site lists it no longer")

    def _listing_request(self, row: ChapterRow, failed: set[int] | None = None) -> Request:
        request, listing = self.source.pages_request(row.chapter), _Listing(row, failed=failed)
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
