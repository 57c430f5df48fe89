"""How the pages of a chapter become known: by the list of chapters, a page, a walk over many."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scrapy import Request
from twisted.python.failure import Failure

from mangacrawl.crawl.pending import Output, Pending
from mangacrawl.crawl.reader_pages import ReaderPages, priority
from mangacrawl.errors import REFUSED, ChapterUnavailable, LayoutError, LimitHit, Refused, Stopped
from mangacrawl.failures import NO_PAGES, is_final, reason
from mangacrawl.items import PageItem
from mangacrawl.library.rows import ChapterRow, PageRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.parsing.limits import Trail, page_trail
from mangacrawl.records import Chapter, Page
from mangacrawl.safe import visible
from mangacrawl.source import Response, read

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Listing:
    """The pages of a chapter being listed: over several responses where the source says so."""

    row: ChapterRow
    outstanding: int = 1
    last: int = 0
    failed: set[int] | None = None
    """The pages that are asked for again and were not listed yet; None: all, for the first time."""
    trail: Trail = field(default_factory=page_trail)


class Listings:
    """Lists the pages of chapters, and hands out what is to be fetched of them."""

    def __init__(self, crawl: SeriesCrawl, readers: ReaderPages, pending: Pending) -> None:
        self.crawl = crawl
        self.pending = pending
        self.source = crawl.source
        self._readers = readers
        self._failed: list[tuple[Request, _Listing]] = []

    def begin(self, row: ChapterRow) -> Iterator[Output]:
        """List all pages of a chapter."""
        yield from self._ask(_Listing(row))

    def resume(self, row: ChapterRow) -> Iterator[Output]:
        """Go on from the last page known of a chapter that may have grown."""
        pages = list(self.crawl.roster.known_pages(row.chapter.id))
        if not pages or not pages[-1].url:
            yield from self.begin(row)
            return
        before = [page for page in pages if page.url != pages[-1].url]
        request = Request(self.crawl.address(pages[-1].url) or "")
        yield self._request(request, _Listing(row, last=len(before)))
        if row.is_wanted:
            yield from (self.crawl.item(row.chapter, page.number) for page in before)

    def renew(self, row: ChapterRow, failed: set[int]) -> Iterator[Output]:
        """Ask where pages that failed are to be had now."""
        yield from self._ask(_Listing(row, failed=failed))

    def again(self) -> Iterator[Request]:
        """The requests that failed, once more."""
        for asked, listing in self._failed:
            yield self._request(asked, listing)
        self._failed = []

    def parse(self, response: Response, listing: _Listing, asked: Request) -> Iterator[Output]:
        """Read a page that lists a chapter's pages, or one of several that do."""
        chapter = self.crawl.roster.with_pages(listing.row.chapter)
        try:
            found = read(response, lambda: list(self.source.parse_pages(response, chapter)))
            listing.trail.note(_marks(found))
        except ChapterUnavailable as error:
            self.crawl.roster.mark_unavailable(chapter.id, str(error))
            words = self.crawl.series.title, chapter.label, str(error)
            logger.warning("%s: chapter %s: %s", *map(visible, words))
            return
        except (LayoutError, LimitHit, Refused) as error:
            yield from self._fail(listing, asked, str(error))
            return
        met: list[Output] = []
        for each in found:
            if isinstance(each, Request):
                met.extend(self._follow(each, listing))
            elif isinstance(each, Chapter):
                met.extend(self._meet(each, response, listing))
        listing.outstanding -= 1
        pages = self._note((each for each in found if isinstance(each, Page)), listing)
        yield from requests_first([*met, *self._close(listing, pages)])

    def failed(self, failure: Failure) -> Iterator[Output]:
        listing: _Listing = failure.request.cb_kwargs["listing"]  # type: ignore[attr-defined]
        if isinstance(failure.value, Stopped):  # it has not failed, it was not asked for
            return
        if self.crawl.roster.with_pages(listing.row.chapter).pages:  # only details are lost
            listing.outstanding -= 1
            yield from requests_first(self._close(listing))
        else:
            asked = failure.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
            yield from self._fail(listing, asked, reason(failure))

    def _ask(self, listing: _Listing) -> Iterator[Output]:
        chapter = self.crawl.roster.with_pages(listing.row.chapter)
        try:
            request = self.source.pages_request(chapter)
        except ValueError:  # Scrapy's word for what no address can be made of
            yield from self._not_listed(listing, f"{REFUSED}its page has no address of the web")
            return
        if request is None:
            listing.outstanding = 0
            yield from self._close(listing)
        else:
            listing.trail.leads_on(request)
            yield self._request(request, listing)

    def _follow(self, request: Request, listing: _Listing) -> Iterator[Request]:
        """The next page of a listing, unless the site leads in circles."""
        if listing.trail.leads_on(request):
            listing.outstanding += 1
            yield self._request(request, listing)

    def _meet(self, chapter: Chapter, response: Response, listing: _Listing) -> Iterator[Output]:
        """Take what a page says of its chapter, or begin the chapter that it belongs to."""
        if chapter.id == listing.row.chapter.id:
            listing.row = self.crawl.roster.update(chapter)
        elif chapter.id not in self.crawl.ledger.chapters:
            row = self.crawl.roster.add(chapter)
            yield from self.parse(response, _Listing(row), Request(response.url))

    def _note(self, pages: Iterable[Page], listing: _Listing) -> list[tuple[PageRow, Page]]:
        """Take down where pages are to be had; what was known of each before, and what is new."""
        noted = []
        for page in pages:
            number = page.number or listing.last + 1
            listing.last = max(listing.last, number)
            noted.append((self.crawl.page(listing.row.chapter, number), page))
            self.crawl.list_page(listing.row.chapter, page, number)
        return noted

    def _close(
        self, listing: _Listing, noted: Sequence[tuple[PageRow, Page]] = ()
    ) -> Iterator[Output]:
        """Hand out pages; with the last answer the chapter's pages can be counted."""
        chapter = self.crawl.roster.with_pages(listing.row.chapter)
        if not listing.outstanding:
            if not listing.last:
                noted = self._note(chapter.pages, listing)
            if listing.last:
                self.crawl.count_pages(chapter, listing.last)
            else:
                yield from self._not_listed(listing, NO_PAGES)
        yield from self._handed_out(listing, noted)
        if listing.failed and not listing.outstanding:
            yield from self._not_listed(listing, "the site lists it no longer")

    def _handed_out(
        self, listing: _Listing, noted: Sequence[tuple[PageRow, Page]]
    ) -> Iterator[Output]:
        chapter = listing.row.chapter
        for before, page in noted:
            if not listing.row.is_wanted:
                continue
            if listing.failed is not None and before.number not in listing.failed:
                continue
            if listing.failed is not None:
                listing.failed.discard(before.number)
            known = self.crawl.page(chapter, before.number)
            if known.path is None and page.image_url is None and page.url:
                yield self._readers.request(listing.row, known)
            else:
                yield self._readers.item(chapter, before)

    def _fail(self, listing: _Listing, asked: Request, why: str) -> Iterator[Output]:
        if not is_final(why) and not self._readers.is_second_round:
            self._failed.append((asked, listing))
        yield from self._not_listed(listing, why)

    def _not_listed(self, listing: _Listing, why: str) -> Iterator[PageItem]:
        """A chapter without a list fails as its next page, a known one as those it lacks."""
        for number in sorted(listing.failed or {listing.last + 1}):
            yield self.crawl.failed_item(listing.row.chapter, number, why)

    def _request(self, request: Request, listing: _Listing) -> Request:
        return self.pending.request(
            request,
            self.parse,
            self.failed,
            priority=priority(listing.row),
            listing=listing,
            asked=request,
        )


def _marks(found: Iterable[object]) -> Iterator[str]:
    """What tells pages apart: the image, or the reader page that will show it."""
    for each in found:
        if isinstance(each, Page):
            yield each.image_url or each.url or ""


def requests_first(outputs: Iterable[Output]) -> list[Output]:
    """An item holds up what follows it until it is settled."""
    return sorted(outputs, key=lambda each: isinstance(each, PageItem))
