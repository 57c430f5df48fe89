"""xkcd by Randall Munroe. Terms: CC BY-NC 2.5, so credit him and sell nothing."""

import re
from collections.abc import Iterator
from datetime import date

from mangacrawl.errors import ChapterUnavailable, LayoutError
from mangacrawl.parsing.api import OneSeries, pages_of
from mangacrawl.source import Chapter, Page, Response, Series


class Xkcd(OneSeries):
    id = "xkcd"
    base_url = "https://xkcd.com"
    example = "xkcd"
    language = "en"
    tested = "recorded (2014 to 2017)"
    title = "xkcd"
    series_path = "/archive/"
    pages_path = "/{id}/info.0.json"

    def parse_series(self, response: Response) -> Series:
        return Series(
            self.id, self.title, self.base_url, "ongoing", ("Randall Munroe",), language="en",
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

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        image = response.json()["img"].replace("http://imgs.", "https://imgs.")  # of old answers
        if not re.search(r"\.\w+$", image):
            raise ChapterUnavailable("it is a program, not a picture")
        yield from pages_of(response, [image])
