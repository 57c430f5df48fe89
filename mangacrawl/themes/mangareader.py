"""MangaReader.net as it was from 2011 to 2020: index, chapter, one image per reader page."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from mangacrawl.errors import LayoutError
from mangacrawl.parsing.numbering import plain_number
from mangacrawl.parsing.reading import Element, elements, labelled, said, within
from mangacrawl.parsing.site_words import status_in
from mangacrawl.records import Direction
from mangacrawl.source import (
    Chapter,
    Page,
    Request,
    Response,
    Series,
    SeriesLink,
    names_in,
    text_or_none,
    web_address,
)
from mangacrawl.themes.pagewise import Pagewise

_OLD_CHAPTER = re.compile(r"/\d+-\d+-\d+/[^/]+/chapter-(\d+(?:\.\d+)?)\.html$")
_NEW_CHAPTER = re.compile(r"/[^/]+/(\d+(?:\.\d+)?)$")
_MARK = b'document["mj"]'
_SCRIPT = re.compile(rb'document\["mj"\]\s*=\s*(?={)')
_DIRECTION: dict[str | None, Direction] = {"Right to Left": "rtl", "Left to Right": "ltr"}


class MangaReader(Pagewise):
    """Sites with the markup of the old MangaReader.net and its sister mangapanda.com.

    Chapters are identified by their number, since one index mixes two styles of chapter URLs.
    """

    id = "mangareader"
    language = "en"
    tested = "recorded (2014 to 2020)"

    title_css = "#mangaproperties h2.aname"
    tag_css = "#mangaproperties .genretags"
    summary_css = "#readmangasum p"
    cover_css = "#mangaimg img"
    chapter_css = "#chapterlist #listing tr:not(.table_head)"
    date_css = "td:last-child"
    next_css = ""
    # With the names of their elements, since lxml is much faster at names than at ids.
    page_css = "div#selectpage select#pageMenu option"
    image_css = "div#imgholder img#img"
    date_formats = ("%m/%d/%Y",)

    def search_request(self, query: str) -> Request:
        """The list of all series: the site's own search finds no misspelled name."""
        return Request(f"{self.base_url}/alphabetical")

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        return self.series_links(response, "ul.series_alpha a, .mangaresultitem .manga_name a")

    def parse_series(self, response: Response) -> Series:
        facts = labelled(response, "#mangaproperties tr", "td.propertytitle")
        year = facts.get("Year of Release", "")
        return replace(
            super().parse_series(response),
            status=status_in(facts.get("Status")),
            authors=names_in(facts.get("Author")),
            artists=names_in(facts.get("Artist")),
            alternative_titles=names_in(facts.get("Alternate Name")),
            year=int(year) if year.isdecimal() else None,
            direction=_DIRECTION.get(facts.get("Reading Direction")),
        )

    def parse_title(self, response: Response) -> str | None:
        name = super().parse_title(response)
        heading = text_or_none(response, "#mangaproperties h1")
        return name or (heading and heading.removesuffix(" Manga"))

    def parse_chapter(self, response: Response, row: Element, series: str) -> Chapter | None:
        """What is of another series is something to read next."""
        found = super().parse_chapter(response, row, series)
        path = urlsplit(found.url).path if found else ""
        if found is None or f"/{self.series_id(response.url)}/" not in path:
            return None
        match = _OLD_CHAPTER.search(path) or _NEW_CHAPTER.search(path)
        number = plain_number(match[1]) if match else None
        return replace(found, id=number or path, number=number)

    def parse_name(self, row: Element, label: str) -> str | None:
        """It stands behind the link."""
        words = " ".join(said(cell, without="a") for cell in within(row, "td:first-child"))
        return words.removeprefix(":").strip() or None

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page | Request]:
        """In 2020, its last year, a script on the chapter's page named all images."""
        script = _SCRIPT.search(response.body) if _MARK in response.body else None
        if script is None:
            yield from super().parse_pages(response, chapter)
            return
        told = json.JSONDecoder().raw_decode(response.body[script.end() :].decode())[0]
        for each in told["im"]:
            yield Page(int(each["p"]), response.url, web_address(response, each["u"]))

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(elements(response, "#mangaproperties"))

    def parse_menu(self, response: Response, entries: Sequence[Element]) -> list[str]:
        """The text behind the menu ("of 53") tells a menu that lost pages on the way."""
        around = [said(each, without="select") for each in elements(response, "div#selectpage")]
        said_of = re.search(r"of (\d+)", " ".join(around))
        if said_of and int(said_of[1]) != len(entries):
            counts = f"{len(entries)} of {said_of[1]}"
            raise LayoutError(f"{counts} pages in the menu at {response.url}")
        found = super().parse_menu(response, entries)
        series = _series_of(response.url)
        for number, address in enumerate(found, start=2):
            if _series_of(address) != series:
                raise LayoutError(f"page {number} is not of this series at {response.url}")
        return found


def _series_of(url: str) -> str:
    """The series that a reader page belongs to, in either style of URL."""
    path = re.sub(r"^/\d+-\d+-\d+(?=/)", "", urlsplit(url).path)
    return path.strip("/").partition("/")[0]
