"""From the chapters of a series to the items of their pages: what is asked for, and when."""

import logging
from collections.abc import Iterable, Iterator

from mangacrawl.crawl.listings import Listings, requests_first
from mangacrawl.crawl.pending import Output, Pending
from mangacrawl.crawl.reader_pages import ReaderPages
from mangacrawl.failures import has_expired, is_final
from mangacrawl.library.rows import ChapterRow, PageRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.safe import visible

logger = logging.getLogger(__name__)


class PageWalk:
    """Asks for what a series lacks, earlier chapters first, so volumes close early."""

    def __init__(self, crawl: SeriesCrawl, pending: Pending) -> None:
        self.crawl = crawl
        self._readers = ReaderPages(crawl, pending)
        self._listings = Listings(crawl, self._readers, pending)

    def begin(self) -> Iterator[Output]:
        """Requests for all that is missing, then the items of what is there."""
        rows = [row for row in self.crawl.roster.rows() if self._may_be_shown(row)]
        last = self.crawl.roster.last() if self.crawl.source.is_growing else None
        if last and last not in rows:
            rows.append(last)
        outputs = [
            output
            for row in rows
            for output in (self._listings.resume(row) if row is last else self._begin(row))
        ]
        yield from requests_first(outputs)

    def again(self) -> Iterator[Output]:
        """Requests for what has failed and is not beyond hope: what shows it is read again."""
        self._readers.is_second_round = True
        yield from self._listings.again()
        for row, pages in self.crawl.missing():
            failed = [p for p in pages if p.error and (not is_final(p.error) or has_expired(p))]
            is_strip = _is_strip(self.crawl.pages(row.chapter.id))
            unread = {page.number for page in failed if is_strip or not page.url}
            others = (page for page in failed if page.number not in unread)
            yield from (self._readers.request(row, page) for page in others)
            if unread:
                yield from self._listings.renew(row, unread)

    def _may_be_shown(self, row: ChapterRow) -> bool:
        """Whether it makes sense to ask for a chapter: what was not shown before may be now."""
        if row.is_listed or row.unavailable is None:
            return row.chapter.unavailable is None
        words = self.crawl.series.title, row.chapter.label, row.unavailable
        logger.warning("%s: chapter %s: %s", *map(visible, words))
        return False

    def _begin(self, row: ChapterRow) -> Iterator[Output]:
        pages = list(self.crawl.pages(row.chapter.id))
        missing = [page for page in pages if page.path is None]
        is_strip = bool(missing) and _is_strip(pages)
        if not pages or is_strip or any(page.url is None for page in missing):
            yield from self._listings.begin(row)
            return
        for page in pages:
            if page.path is None:
                yield self._readers.request(row, page)
            else:
                yield self.crawl.item(row.chapter, page.number)


def _is_strip(pages: Iterable[PageRow]) -> bool:
    """Whether one page of the site shows all pages of a chapter: to read it once is enough."""
    return len({page.url for page in pages}) == 1
