"""MangAdventure v2, a reader of scanlation groups. Terms: each group's own."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from mangacrawl.errors import Refused
from mangacrawl.numbering import number_or_none
from mangacrawl.records import Status
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

_STATUS: dict[str, Status] = {"ongoing": "ongoing", "hiatus": "ongoing", "completed": "completed"}


class MangAdventure(Source):
    """Sites of MangAdventure, by the interface that it has for programs.

    It answers a client 200 times a minute, then 429 with Retry-After.
    """

    id = "mangadventure"

    def series_id(self, url: str) -> str:
        parts = urlsplit(url).path.strip("/").split("/")
        return parts[1] if parts[0] == "reader" and len(parts) > 1 else parts[-1]

    def url_request(self, url: str) -> Request:
        return self.series_request(self.series_id(url))

    def series_request(self, series_id: str) -> Request:
        return Request(f"{self.base_url}/api/v2/series/{series_id}")

    def search_request(self, query: str) -> Request:
        return Request(f"{self.base_url}/api/v2/series?{urlencode({'title': query, 'limit': 100})}")

    def chapters_request(self, series: Series) -> Request:
        return Request(f"{self.base_url}/api/v2/series/{series.id}/chapters")

    def pages_request(self, chapter: Chapter) -> Request:
        return Request(f"{self.base_url}/api/v2/chapters/{chapter.id}/pages")

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        for each in response.json()["results"]:
            yield SeriesLink(each["slug"], each["title"], response.urljoin(each["url"]))

    def parse_series(self, response: Response) -> Series:
        found = response.json()
        if found["licensed"]:
            raise Refused(f"{found['title']} is licensed: the site no longer shows it")
        return Series(
            found["slug"],
            found["title"],
            response.urljoin(found["url"]),
            status=_STATUS.get(found["status"]),
            authors=tuple(found["authors"]),
            artists=tuple(found["artists"]),
            tags=tuple(found["categories"]),
            alternative_titles=tuple(found["aliases"]),
            summary=found["description"] or None,
            cover_url=found["cover"],
        )

    def parse_chapters(self, response: Response) -> Iterator[Chapter]:
        for each in reversed(response.json()["results"]):
            yield Chapter(
                str(each["id"]),
                response.urljoin(each["url"]),
                number=number_or_none(each["number"]),
                volume=number_or_none(each["volume"]),
                title=each["title"] or None,
                group=" & ".join(each["groups"]) or None,
                released=datetime.fromisoformat(each["published"]).date(),
            )

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        for page in response.json()["results"]:
            yield Page(page["number"], image_url=web_address(response, page["image"]))

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(response.css("#series-title") and response.css("#series-chapters"))
