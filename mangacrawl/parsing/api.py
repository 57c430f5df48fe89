"""What sources have in common that are read by a site's interface for programs."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import ClassVar
from urllib.parse import quote, urlsplit

from mangacrawl.source import (
    Chapter,
    Page,
    Request,
    Response,
    Series,
    SeriesLink,
    Source,
    web_address,
)


class ApiSource(Source, is_base=True):
    """A source of whose sites' addresses only a series' id counts: what is asked is an interface.

    The ``*_path`` are what it is asked for, below the site's address, with ``{id}`` for that of the
    series or chapter and ``{query}`` for what is searched for; empty where there is no such call.
    ``folders`` are those that stand before the id of a series in an address.
    """

    folders: ClassVar[tuple[str, ...]] = ()
    search_path: ClassVar[str] = ""
    series_path: ClassVar[str]
    chapters_path: ClassVar[str] = ""
    pages_path: ClassVar[str] = ""

    def series_id(self, url: str) -> str:
        parts = urlsplit(url).path.strip("/").split("/")
        behind = (part for folder, part in pairwise(parts) if folder in self.folders)
        return next(behind, super().series_id(url))

    def url_request(self, url: str) -> Request:
        return self.series_request(self.series_id(url))

    def series_request(self, series_id: str) -> Request:
        return self._asked(self.series_path, id=series_id)

    def search_request(self, query: str) -> Request | None:
        path = self.search_path
        return self._asked(path, query=quote(query, safe="")) if path else None

    def chapters_request(self, series: Series) -> Request | None:
        return self._asked(self.chapters_path, id=series.id) if self.chapters_path else None

    def pages_request(self, chapter: Chapter) -> Request | None:
        if not self.pages_path:
            return super().pages_request(chapter)
        return self._asked(self.pages_path, id=chapter.id)

    def _asked(self, path: str, **values: str) -> Request:
        return Request(self.base_url + path.format(**values))


class OneSeries(ApiSource, is_base=True):
    """A site with one series, called ``title``, whose id is the source's."""

    title: ClassVar[str]

    def series_id(self, url: str) -> str:
        return self.id

    def id_from_name(self, name: str) -> str:
        return self.id

    def search_request(self, query: str) -> Request:
        return self.series_request(self.id)

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        yield SeriesLink(self.id, self.title, self.base_url, (self.title.replace("&", " and "),))


def pages_of(response: Response, images: Iterable[str]) -> Iterator[Page]:
    """The pages of a chapter by the addresses of their images, in order."""
    for number, image in enumerate(images, start=1):
        yield Page(number, image_url=web_address(response, image))


def joined(groups: Iterable[str]) -> str | None:
    """Groups that made a chapter together, as `Chapter.group` has them."""
    return " & ".join(groups) or None
