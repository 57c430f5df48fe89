"""The pages of a chapter that are pages of the site too: each is read for its image."""

from collections.abc import Iterator

from twisted.python.failure import Failure

from mangacrawl.crawl.pending import Output, Pending
from mangacrawl.errors import REFUSED, ChapterUnavailable, LayoutError, LimitHit, Refused, Stopped
from mangacrawl.failures import has_expired, reason
from mangacrawl.items import PageItem
from mangacrawl.library.rows import ChapterRow, PageRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.records import Chapter, Page
from mangacrawl.source import Response, read

_CHAPTER_STEP = 10
"""Priority between chapters: wider than what retries and redirects add or take."""


class ReaderPages:
    """Asks for single reader pages of a chapter whose pages are listed."""

    def __init__(self, crawl: SeriesCrawl, pending: Pending) -> None:
        self.crawl = crawl
        self.pending = pending
        self.is_second_round = False
        """Whether what is asked for now has failed before."""

    def request(self, row: ChapterRow, page: PageRow) -> Output:
        """The request for a page's reader page; a failed item where it has no address."""
        try:
            return self.pending.request(
                self.crawl.address(page.url) or "",
                self.parse,
                self.failed,
                priority=priority(row),
                row=row,
                number=page.number,
            )
        except ValueError:  # Scrapy's word for what no address can be made of
            why = f"{REFUSED}its page has no address of the web"
            return self.crawl.failed_item(row.chapter, page.number, why)

    def parse(self, response: Response, row: ChapterRow, number: int) -> Iterator[PageItem]:
        """Find the page's image."""
        chapter = row.chapter
        source = self.crawl.source
        try:
            found = read(response, lambda: list(source.parse_pages(response, chapter)))
        except (LayoutError, LimitHit, Refused, ChapterUnavailable) as error:
            yield self.crawl.failed_item(chapter, number, str(error))
            return
        images = [each for each in found if isinstance(each, Page) and each.image_url]
        fitting = [page for page in images if page.number in {number, None}]
        if len(fitting) > 1:  # a post with several images
            known = self.crawl.item(chapter, number).image_url
            fitting = [page for page in fitting if page.image_url == known]
        if fitting:
            before = self.crawl.page(chapter, number)
            self.crawl.list_page(chapter, fitting[0], number)
            yield self.item(chapter, before)
        else:
            yield self.crawl.failed_item(chapter, number, f"its image is not on {response.url}")

    def item(self, chapter: Chapter, before: PageRow) -> PageItem:
        """The item of a page; a failed one if its image was refused at the same address before."""
        is_same = self.crawl.page(chapter, before.number).image_url == before.image_url
        if self.is_second_round and is_same and has_expired(before):
            return self.crawl.failed_item(chapter, before.number, before.error or "")
        return self.crawl.item(chapter, before.number)

    def failed(self, failure: Failure) -> Iterator[PageItem]:
        if not isinstance(failure.value, Stopped):  # it has not failed, it was not asked for
            asked = failure.request.cb_kwargs  # type: ignore[attr-defined]
            yield self.crawl.failed_item(asked["row"].chapter, asked["number"], reason(failure))


def priority(row: ChapterRow) -> int:
    """Earlier chapters first, so that volumes close early."""
    return -_CHAPTER_STEP * row.position
