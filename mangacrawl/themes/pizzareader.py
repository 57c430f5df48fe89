"""PizzaReader, a reader of scanlation groups. Terms: each group's own."""

from collections.abc import Iterator
from typing import Any

from mangacrawl.parsing.api import ApiSource, joined, pages_of
from mangacrawl.parsing.numbering import number_or_none
from mangacrawl.source import Chapter, Page, Response, Series, SeriesLink, names_in


class PizzaReader(ApiSource):
    """Sites of PizzaReader: the address of a page is that of its answer but for /api before it."""

    id = "pizzareader"
    folders = ("comics", "read")
    search_path = "/api/search/{query}"
    series_path = "/api/comics/{id}"
    pages_path = "/api/{id}"

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        yield from map(self._link, response.json()["comics"])

    def parse_series(self, response: Response) -> Series:
        found = response.json()["comic"]
        link = self._link(found)
        return Series(
            link.id,
            link.title,
            link.url,
            authors=names_in(found.get("author")),
            artists=names_in(found.get("artist")),
            tags=tuple(genre["name"] for genre in found.get("genres") or ()),
            summary=found.get("description") or None,
            cover_url=found.get("thumbnail"),
        )

    def parse_chapters(self, response: Response) -> Iterator[Chapter]:
        for each in reversed(response.json()["comic"]["chapters"]):
            part = f".{each['subchapter']}" if each.get("subchapter") is not None else ""
            yield Chapter(
                each["url"].strip("/"),
                f"{self.base_url}{each['url']}",
                number=number_or_none(f"{each.get('chapter')}{part}"),
                volume=number_or_none(each.get("volume")),
                title=each.get("title") or None,
                language=each.get("language"),
                group=joined(team["name"] for team in each.get("teams") or () if team),
            )

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        return pages_of(response, response.json()["chapter"]["pages"])

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return "comic" in response.json()

    def _link(self, found: Any) -> SeriesLink:
        address = found["url"]
        return SeriesLink(self.series_id(address), found["title"], f"{self.base_url}{address}")
