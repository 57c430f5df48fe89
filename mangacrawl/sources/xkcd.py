"""xkcd by Randall Munroe. Terms: CC BY-NC 2.5, so credit him and sell nothing."""

import re
from collections.abc import Iterator
from datetime import date

from mangacrawl.errors import ChapterUnavailable, LayoutError
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


class Xkcd(Source):
    id = "xkcd"
    base_url = "https://xkcd.com"
    example = "xkcd"
    language = "en"
    tested = "recorded (2014 to 2017)"

    def series_id(self, url: str) -> str:
        return self.id

    def url_request(self, url: str) -> Request:
        return self.series_request(self.id)

    def series_request(self, series_id: str) -> Request:
        return Request(f"{self.base_url}/archive/")

    def search_request(self, query: str) -> Request:
        return self.series_request(self.id)

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        yield SeriesLink(self.id, "xkcd", self.base_url)

    def parse_series(self, response: Response) -> Series:
        return Series(
            self.id, "xkcd", self.base_url, "ongoing", ("Randall Munroe",), language="en",
            direction="ltr",
        )  # fmt: skip

    def parse_chapters(self, response: Response) -> Iterator[Chapter]:
        """The archive, newest first; there is no 404."""
        links = response.css("#middleContainer a[href]")
        if not links:
            raise LayoutError(f"found no comics for '#middleContainer a' at {response.url}")
        for link in reversed(links):
            number = link.attrib["href"].strip("/")
            year, month, day = map(int, link.attrib["title"].split("-"))
            yield Chapter(
                number,
                f"{self.base_url}/{number}/",
                number=number,
                title=link.xpath("string()").get(),
                language="en",
                released=date(year, month, day),
            )

    def pages_request(self, chapter: Chapter) -> Request:
        return Request(f"{chapter.url}info.0.json")

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        image = response.json()["img"].replace("http://imgs.", "https://imgs.")  # of old answers
        if not re.search(r"\.\w+$", image):
            raise ChapterUnavailable("it is a program, not a picture")
        yield Page(1, image_url=web_address(response, image))
