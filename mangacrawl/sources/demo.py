"""The built-in demo site, a child process of the crawl: drawn samples in MangaReader's markup."""

from dataclasses import replace
from urllib.parse import urlsplit

from mangacrawl.source import Response, Series
from mangacrawl.themes.mangareader import MangaReader


class Demo(MangaReader):
    id = "demo"
    base_url = "http://demo.invalid"  # where the child listens is known when it has started
    tested = "live (it is part of this program)"

    def parse_series(self, response: Response) -> Series:
        """The child's port is another one in each run, but the metadata stays the same."""
        return replace(super().parse_series(response), url=f"{Demo.base_url}{_path(response)}")


def _path(response: Response) -> str:
    return urlsplit(response.url).path
