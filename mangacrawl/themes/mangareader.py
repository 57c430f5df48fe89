"""MangaReader.net as it was from 2011 to 2019: index, chapter, one image per reader page."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from mangacrawl.errors import ChapterUnavailable, LayoutError
from mangacrawl.numbering import plain_number
from mangacrawl.records import Direction, Status
from mangacrawl.source import (
    Chapter,
    Page,
    Request,
    Response,
    Series,
    SeriesLink,
    Source,
    names_in,
    picture,
    text,
    text_or_none,
    web_address,
)

_OLD_CHAPTER = re.compile(r"/\d+-\d+-\d+/[^/]+/chapter-(\d+(?:\.\d+)?)\.html$")
_NEW_CHAPTER = re.compile(r"/[^/]+/(\d+(?:\.\d+)?)$")
_STATUS: dict[str | None, Status] = {"Ongoing": "ongoing", "Completed": "completed"}
_DIRECTION: dict[str | None, Direction] = {"Right to Left": "rtl", "Left to Right": "ltr"}


class MangaReader(Source):
    """Sites with the markup of the old MangaReader.net and its sister mangapanda.com.

    Chapters are identified by their number, since one index mixes two styles of chapter URLs.
    """

    id = "mangareader"
    language = "en"
    tested = "recorded (2014 to 2019)"
    is_pagewise = True

    def series_id(self, url: str) -> str:
        return super().series_id(url).removesuffix(".html")

    def search_request(self, query: str) -> Request:
        """The list of all series: the site's own search finds no misspelled name."""
        return Request(f"{self.base_url}/alphabetical")

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        for link in response.css("ul.series_alpha a, .mangaresultitem .manga_name a"):
            href = link.attrib.get("href", "")
            if href.startswith("/"):
                url = response.urljoin(href)
                title = " ".join("".join(link.css("::text").getall()).split())
                yield SeriesLink(self.series_id(url), title, url)

    def parse_series(self, response: Response) -> Series:
        properties = {
            _folded(row.css("td.propertytitle ::text").getall()): row.css("td")[1:]
            for row in response.css("#mangaproperties tr")
        }

        def value(label: str) -> str | None:
            return _folded(properties[label].css("::text").getall()) if label in properties else ""

        heading = text(response, "#mangaproperties h1").removesuffix(" Manga")
        year = value("Year of Release:") or ""
        return Series(
            id=self.series_id(response.url),
            title=text_or_none(response, "#mangaproperties h2.aname") or heading,
            url=response.url,
            status=_STATUS.get(value("Status:")),
            authors=names_in(value("Author:")),
            artists=names_in(value("Artist:")),
            tags=tuple(response.css("#mangaproperties .genretags::text").getall()),
            alternative_titles=names_in(value("Alternate Name:")),
            summary=text_or_none(response, "#readmangasum p"),
            year=int(year) if year.isdecimal() else None,
            language=self.language,
            direction=_DIRECTION.get(value("Reading Direction:")),
            cover_url=response.css("#mangaimg img::attr(src)").get(),
        )

    def parse_chapters(self, response: Response) -> Iterator[Chapter]:
        rows = response.css("#chapterlist #listing tr:not(.table_head)")
        if not rows:
            raise LayoutError(f"found no chapters for '#chapterlist #listing tr' at {response.url}")
        series = self.series_id(response.url)
        for row in rows:
            href = row.css("a::attr(href)").get("")
            if f"/{series}/" not in href:
                continue  # of another series: something to read next
            title = _folded(row.xpath("td[1]/text()").getall()).removeprefix(":").strip()
            match = _OLD_CHAPTER.search(href) or _NEW_CHAPTER.search(href)
            number = plain_number(match[1]) if match else None
            yield Chapter(
                id=number or href,
                url=response.urljoin(href),
                number=number,
                title=title or None,
                language=self.language,
                released=_date(row.css("td:last-child::text").get("")),
            )

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        selected = text_or_none(response, "#selectpage #pageMenu option[selected]")
        if selected is None:
            if "is not released yet" in response.text:
                raise ChapterUnavailable("not released yet")
            raise LayoutError(f"found no pages for '#selectpage #pageMenu' at {response.url}")
        current = int(selected)
        yield Page(current, response.url, picture(response, "#imgholder img#img"))
        if current == 1:
            menu = response.css("#selectpage #pageMenu option")
            self._check_count(response, len(menu))
            for number, option in enumerate(menu[1:], start=2):
                address = web_address(response, option.attrib["value"])
                if _series_of(address or "") != _series_of(response.url):
                    raise LayoutError(f"page {number} is not of this series at {response.url}")
                yield Page(number, address)

    @staticmethod
    def _check_count(response: Response, listed: int) -> None:
        """The text behind the menu ("of 53") tells a menu that lost pages on the way."""
        said = re.search(r"of (\d+)", _folded(response.css("#selectpage::text").getall()))
        if said and int(said[1]) != listed:
            raise LayoutError(f"{listed} of {said[1]} pages in the menu at {response.url}")


def _series_of(url: str) -> str:
    """The series that a reader page belongs to, in either style of URL."""
    path = re.sub(r"^/\d+-\d+-\d+(?=/)", "", urlsplit(url).path)
    return path.strip("/").partition("/")[0]


def _folded(parts: list[str]) -> str:
    return " ".join(" ".join(parts).split())


def _date(text_: str) -> date | None:
    try:
        return datetime.strptime(text_.strip(), "%m/%d/%Y").replace(tzinfo=UTC).date()
    except ValueError:
        return None
