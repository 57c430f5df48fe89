"""MangAdventure v2, a reader of scanlation groups. Terms: each group's own."""

from collections.abc import Iterator

from mangacrawl.errors import Refused
from mangacrawl.parsing.api import ApiSource, joined
from mangacrawl.parsing.numbering import number_or_none
from mangacrawl.parsing.site_words import release_date, status_in
from mangacrawl.source import Chapter, Page, Response, Series, SeriesLink, web_address


class MangAdventure(ApiSource):
    """Sites of MangAdventure; a client gets 200 answers a minute, then 429 with Retry-After."""

    id = "mangadventure"
    folders = ("reader", "series")
    search_path = "/api/v2/series?title={query}&limit=100"
    series_path = "/api/v2/series/{id}"
    chapters_path = "/api/v2/series/{id}/chapters"
    pages_path = "/api/v2/chapters/{id}/pages"

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
            status=status_in(found["status"]),
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
                group=joined(each["groups"]),
                released=release_date(each["published"]),
            )

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        for page in response.json()["results"]:
            yield Page(page["number"], image_url=web_address(response, page["image"]))

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(response.css("#series-title") and response.css("#series-chapters"))
