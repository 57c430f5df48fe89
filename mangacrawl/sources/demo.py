"""The built-in demo site, a child process of the crawl: drawn samples in MangaReader's markup."""

from dataclasses import replace
from urllib.parse import urlsplit

from mangacrawl.parsing.reading import Element
from mangacrawl.source import Chapter, Request, Response, Series
from mangacrawl.themes.mangareader import MangaReader


class Demo(MangaReader):
    """The child's port is another one in each run; what is kept and shown names none of them."""

    id = "demo"
    base_url = "http://demo.invalid"  # where the child listens is known when it has started
    example = "sampler"
    tested = "live (it is part of this program)"

    def pages_request(self, chapter: Chapter) -> Request | None:
        return super().pages_request(
            replace(chapter, url=f"{self.base_url}{urlsplit(chapter.url).path}")
        )

    def parse_series(self, response: Response) -> Series:
        return replace(super().parse_series(response), url=_portless(response.url))

    def parse_chapter(self, response: Response, row: Element, series: str) -> Chapter | None:
        found = super().parse_chapter(response, row, series)
        return found and replace(found, url=_portless(found.url))


def _portless(url: str) -> str:
    return f"{Demo.base_url}{urlsplit(url).path}"
