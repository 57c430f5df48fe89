"""The markup that MangaFox had until 2017: volumes of chapters, one image per reader page."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mangacrawl.parsing.reading import Element, elements, said, texts, within
from mangacrawl.source import (
    Chapter,
    Request,
    Response,
    Series,
    SeriesLink,
    slug,
    text_or_none,
    web_address,
)
from mangacrawl.themes.pagewise import Pagewise

_KIND = re.compile(r" (?:Manga|Manhwa|Manhua)$")


class MangaFox(Pagewise):
    """Sites with the old MangaFox's markup; a chapter's address names its volume, if it has one."""

    id = "mangafox"
    language = "en"
    tested = "recorded (2015)"
    folder = "manga"

    title_css = "#title h1"
    author_css = "#title td:nth-child(2) a"
    status_css = "#series_info .data span"
    summary_css = "#title p.summary"
    tag_css = "#title td:nth-child(4) a"
    cover_css = "#series_info .cover img"
    chapter_css = "#chapters ul.chlist li"
    date_css = "span.date"
    locked_css = ""
    next_css = ""
    page_css = "#top_bar select.m option"
    image_css = "#viewer img#image"

    def id_from_name(self, name: str) -> str:
        return slug(name).replace("-", "_")

    def search_request(self, query: str) -> Request:
        """The list of all series."""
        return Request(f"{self.base_url}/manga/")

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        return self.series_links(response, "a.series_preview")

    def parse_series(self, response: Response) -> Series:
        others = (text_or_none(response, "#title h3") or "").split(";")
        year = text_or_none(response, "#title td:nth-child(1) a") or ""
        return replace(
            super().parse_series(response),
            artists=texts(response, "#title td:nth-child(3) a"),
            alternative_titles=tuple(name.strip() for name in others if name.strip()),
            year=int(year) if year.isdecimal() else None,
        )

    def parse_title(self, response: Response) -> str | None:
        heading = super().parse_title(response)
        return heading and _KIND.sub("", heading)

    def parse_chapter(self, response: Response, row: Element, series: str) -> Chapter | None:
        """The address is that of the first page: the last part is no part of the chapter's id."""
        found = super().parse_chapter(response, row, series)
        return found and replace(found, id=re.sub(r"/\d+\.html$", "", found.id))

    def find_link(self, row: Element) -> Element | None:
        return next(iter(within(row, "a.tips")), None)

    def parse_name(self, row: Element, label: str) -> str | None:
        return next((said(each) or None for each in within(row, "span.title")), None)

    def page_address(self, response: Response, entry: Element) -> str | None:
        """The menu has the pages' numbers only."""
        return web_address(response, f"{entry.get('value')}.html")

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(elements(response, cls.title_css) and elements(response, cls.chapter_css))
