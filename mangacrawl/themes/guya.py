"""Guya, the reader that scanlation groups run for their own series. Terms: each group's own."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from mangacrawl.parsing.api import ApiSource
from mangacrawl.parsing.numbering import number_or_none
from mangacrawl.source import Chapter, Page, Response, Series, SeriesLink, names_in, web_address


class Guya(ApiSource):
    """Guya's JSON, in which a chapter has an entry for each group that made it.

    A group's value is a list of file names or addresses, a list of objects with ``src``, or the
    path of another answer that is such a list: Cubari has all three.
    """

    id = "guya"
    lists_pages = True
    folders = ("manga", "series")
    search_path = "/api/get_all_series/"
    series_path = "/api/series/{id}/"

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        for title, each in response.json().items():
            yield SeriesLink(each["slug"], title, f"{self.base_url}/read/manga/{each['slug']}/")

    def parse_series(self, response: Response) -> Series:
        found = response.json()
        series_id = self.series_id(response.url)
        return Series(
            series_id,
            found["title"],
            self.series_url(response.url),
            authors=names_in(found.get("author")),
            artists=names_in(found.get("artist")),
            summary=found.get("description") or None,
            cover_url=response.urljoin(found["cover"]) if found.get("cover") else None,
        )

    def series_url(self, url: str) -> str:
        """The page for people, of the series whose answer is at this address."""
        return f"{self.base_url}/read/manga/{self.series_id(url)}/"

    def parse_chapters(self, response: Response) -> Iterator[Chapter]:
        found = response.json()
        names = found.get("groups", {})
        page = self.series_url(response.url)
        for number, chapter in found["chapters"].items():
            folder = f"/media/manga/{found.get('slug')}/chapters/{chapter.get('folder')}"
            for group, listed in chapter["groups"].items():
                is_elsewhere = isinstance(listed, str)
                yield Chapter(
                    f"{number}-{group}",
                    urljoin(f"{self.base_url}/", listed) if is_elsewhere else page,
                    number=number_or_none(number),
                    volume=number_or_none(chapter.get("volume")),
                    title=chapter.get("title") or None,
                    group=names.get(group, group),
                    pages=()
                    if is_elsewhere
                    else tuple(self._pages(response, listed, f"{folder}/{group}/")),
                )

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        yield from self._pages(response, response.json())

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        is_reader = urlsplit(response.url).path.startswith("/read/manga/")
        return is_reader or {"slug", "chapters", "groups"} <= set(response.json())

    def _pages(self, response: Response, listed: list[Any], folder: str = "/") -> Iterator[Page]:
        for each in listed:
            address = each["src"] if isinstance(each, dict) else each
            whole = urljoin(f"{self.base_url}{folder}", address)
            yield Page(image_url=web_address(response, whole))
