"""Sites that show all images of a chapter on one page. Terms: each site's own."""

from collections.abc import Iterator

from mangacrawl.errors import ChapterUnavailable, LayoutError
from mangacrawl.parsing.indexed import Indexed
from mangacrawl.parsing.reading import pictures
from mangacrawl.parsing.withheld import scrambled, withheld
from mangacrawl.source import Chapter, Page, Request, Response, SeriesLink


class Strip(Indexed):
    """A site whose chapters are one page each, with its images below one another.

    A site on it sets the selectors that its markup needs; `-a theme=strip -a url=…` tries the
    defaults.
    """

    id = "strip"
    tested = "recorded (2019, 2020), by their selectors"

    image_css = (
        "#reader img, .reader img, .reading-content img, .chapter-content img, .page-chapter img,"
        " .chapter-images img, .image-list img, img.page"
    )
    """The images of a chapter, in their order; one that is there twice counts once."""
    hit_css = ""
    """The links to series in a search result."""

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        return self.series_links(response, self.hit_css)

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page | Request]:
        if reason := scrambled(response):
            raise ChapterUnavailable(reason)
        addresses = self.parse_images(response)
        if not addresses:
            if reason := withheld(response):
                raise ChapterUnavailable(reason)
            raise LayoutError(f"found no pictures for {self.image_css!r} at {response.url}")
        for number, address in enumerate(addresses, start=1):
            yield Page(number, response.url, address)

    def parse_images(self, response: Response) -> list[str]:
        """The addresses of a chapter's images."""
        return pictures(response, self.image_css)
