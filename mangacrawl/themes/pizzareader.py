"""PizzaReader, a reader of scanlation groups. Terms: each group's own."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from mangacrawl.numbering import number_or_none
from mangacrawl.source import (
    Chapter,
    Page,
    Request,
    Response,
    Series,
    SeriesLink,
    Source,
    names_in,
    web_address,
)


class PizzaReader(Source):
    """Sites of PizzaReader: the address of a page is that of its answer but for /api before it."""

    id = "pizzareader"

    def series_id(self, url: str) -> str:
        parts = urlsplit(url).path.strip("/").split("/")
        return parts[1] if parts[0] in {"comics", "read"} and len(parts) > 1 else parts[-1]

    def url_request(self, url: str) -> Request:
        return self.series_request(self.series_id(url))

    def series_request(self, series_id: str) -> Request:
        return Request(f"{self.base_url}/api/comics/{series_id}")

    def search_request(self, query: str) -> Request:
        return Request(f"{self.base_url}/api/search/{quote(query, safe='')}")

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        for each in response.json()["comics"]:
            yield self._link(each)

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
            teams = [team["name"] for team in each.get("teams") or () if team]
            yield Chapter(
                each["url"].strip("/"),
                f"{self.base_url}{each['url']}",
                number=number_or_none(f"{each.get('chapter')}{part}"),
                volume=number_or_none(each.get("volume")),
                title=each.get("title") or None,
                language=each.get("language"),
                group=" & ".join(teams) or None,
            )

    def pages_request(self, chapter: Chapter) -> Request:
        return Request(f"{self.base_url}/api/{chapter.id}")

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        for number, image in enumerate(response.json()["chapter"]["pages"], start=1):
            yield Page(number, image_url=web_address(response, image))

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return "comic" in response.json()

    def _link(self, found: Any) -> SeriesLink:
        address = found["url"]
        return SeriesLink(self.series_id(address), found["title"], f"{self.base_url}{address}")
