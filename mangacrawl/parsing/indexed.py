"""Index pages read by CSS selectors: what the themes for whole families of sites have in common."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar
from urllib.parse import urlsplit

from mangacrawl.errors import LayoutError
from mangacrawl.parsing.numbering import Numbering, numbering, title_in
from mangacrawl.parsing.reading import Element, elements, link, pictures, said, texts, within
from mangacrawl.parsing.site_words import DATE_FORMATS, is_said, release_date, status_in
from mangacrawl.parsing.withheld import PAID, withheld
from mangacrawl.source import (
    Chapter,
    Request,
    Response,
    Series,
    SeriesLink,
    Source,
    slug,
    text,
    text_or_none,
    web_address,
)

_BEHIND_SERIES = re.compile(r"/(?:page/\d+|index\.\w+)/?$")
_MOST_IN_ADDRESS = 9999
"""Greater numbers in an address count the site's rows, not the series' chapters."""


class Indexed(Source, is_base=True):
    """A theme whose index is what its ``*_css`` attributes find; the defaults suit plain sites.

    Title and chapters must be there, the rest may be; an empty selector finds nothing. A theme
    has at most twelve of them: what they cannot say a method says that is overridden.
    """

    title_css = "h1"
    author_css = "[itemprop=author], .author, .authors a"
    status_css = "[itemprop=creativeWorkStatus], .status, #status"
    summary_css = "[itemprop=description], .summary, #summary, .description"
    tag_css = "[itemprop=genre], .genres a, .tags a"
    cover_css = "img.cover, .cover img"
    chapter_css = (
        "#chapters li, .chapters li, #chapterlist li, .chapter-list li, #chapters tr, .chapters tr,"
        " #chapterlist tr, .chapter-list tr, li.chapter, tr.chapter, a.chapter"
    )
    """The row of each chapter: it holds a link, or is one."""
    date_css = "time, .date"
    """In a row, when the chapter came out."""
    locked_css = ".locked, .premium, .paid, .coin, .fa-lock"
    """In a row, or the row itself: what marks a chapter that is not shown to everyone."""
    next_css = "a[rel~=next], .pagination .next a, a.next"
    """The link to the next page of the list."""

    folder = ""
    """Below which part of the site its series are, such as "manga"; empty where below none."""
    date_formats: ClassVar[Sequence[str]] = DATE_FORMATS

    def series_id(self, url: str) -> str:
        """The last part of the path that does not count pages of the list."""
        path = _BEHIND_SERIES.sub("", urlsplit(url).path)
        return super().series_id(urlsplit(url)._replace(path=path).geturl()).removesuffix(".html")

    def series_request(self, series_id: str) -> Request:
        path = f"{self.folder}/{series_id}/" if self.folder else series_id
        return Request(f"{self.base_url}/{path}")

    def parse_series(self, response: Response) -> Series:
        return Series(
            id=self.series_id(response.url),
            title=self.parse_title(response) or text(response, self.title_css),
            url=response.url,
            status=status_in(text_or_none(response, self.status_css)),
            authors=tuple(filter(is_said, texts(response, self.author_css))),
            tags=texts(response, self.tag_css),
            summary=text_or_none(response, self.summary_css),
            language=self.language,
            cover_url=next(iter(pictures(response, self.cover_css)), None),
        )

    def series_links(self, response: Response, css: str) -> Iterator[SeriesLink]:
        """The series that the links of a list or a search result name."""
        for anchor in elements(response, css):
            url = web_address(response, anchor.get("href"))
            title = anchor.get("title") or said(anchor)
            if url and title:
                yield SeriesLink(self.series_id(url), title, url)

    def parse_title(self, response: Response) -> str | None:
        """What the page calls its series; None if it does not."""
        return text_or_none(response, self.title_css)

    def parse_chapters(self, response: Response) -> Iterator[Chapter | Request]:
        series = self.parse_title(response) or ""
        found: dict[str, Chapter] = {}
        for row in elements(response, self.chapter_css):
            chapter = self.parse_chapter(response, row, series)
            if chapter and (chapter.id not in found or found[chapter.id].number is None):
                found[chapter.id] = chapter  # a cover's link to it says nothing
        if not found:
            why = withheld(response)
            said_so = f", which says: {why}" if why else ""
            where = f"{self.chapter_css!r} at {response.url}{said_so}"
            raise LayoutError(f"found no chapters for {where}")
        yield from oldest_first(list(found.values()))
        following = link(response, self.next_css)
        if following:
            yield Request(following)

    def parse_chapter(self, response: Response, row: Element, series: str) -> Chapter | None:
        """The chapter of a row of the list; None if the row is of something else."""
        anchor = self.find_link(row)
        url = None if anchor is None else web_address(response, anchor.get("href"))
        if url == response.url:  # "#", where a script opens what leads on
            url = None
        is_locked = bool(within(row, self.locked_css))
        label = _without_series(self.parse_label(row), series)
        if url is None and not is_locked:
            return None
        key = self.chapter_id(response, url) if url else slug(label)
        found = self.number(label, key)
        return Chapter(
            id=key,
            url=url or response.url,
            number=found.number,
            volume=found.volume,
            version=found.version,
            title=self.parse_name(row, label),
            language=self.language,
            released=self.parse_date(row),
            unavailable=PAID if is_locked else None,
        )

    def find_link(self, row: Element) -> Element | None:
        """The link to a row's chapter: the first with words in it, else the first; None if none."""
        links = within(row, "a[href]")
        return next((each for each in links if said(each)), links[0] if links else None)

    def parse_label(self, row: Element) -> str:
        """What a row calls its chapter: the text of its link, without a date in it."""
        anchor = self.find_link(row)
        return said(row if anchor is None else anchor, without=self.date_css)

    def parse_name(self, row: Element, label: str) -> str | None:
        """The title of a row's chapter; None if it has none."""
        return title_in(label)

    def parse_date(self, row: Element) -> date | None:
        """When the chapter of a row came out; None if the row does not say on which day."""
        for element in within(row, self.date_css):
            day = release_date(element.get("datetime") or said(element), self.date_formats)
            if day:
                return day
        return None

    def chapter_id(self, response: Response, url: str) -> str:
        """What names a chapter in its series: what its address has behind that of the series.

        Where that is nothing all of its path; with the query where only that tells chapters apart.
        """
        parts = urlsplit(url)
        path = f"/{parts.path.strip('/')}"
        behind = path.rpartition(f"/{self.series_id(response.url)}/")[2].strip("/")
        is_told_by_query = parts.query and not re.search(r"\d", behind)
        return f"{behind}?{parts.query}" if is_told_by_query else behind

    def number(self, label: str, chapter_id: str) -> Numbering:
        """Where a chapter stands: as its label says, else as its address does."""
        found = numbering(label)
        written = numbering(re.sub(r"[-_/+]|%20", " ", chapter_id))
        number = found.number or written.number
        if found.number is None and number and Decimal(number) > _MOST_IN_ADDRESS:
            number = None
        return replace(found, number=number, volume=found.volume or written.volume)


def _without_series(label: str, series: str) -> str:
    """A label without the series' name before it, if anything is left of it then."""
    rest = label[len(series) :]
    is_named = label[: len(series)].lower() == series.lower() and not rest[:1].isalnum()
    return (is_named and rest.strip(" :-\u2013")) or label


def oldest_first(chapters: list[Chapter]) -> list[Chapter]:
    """The chapters of a list in the order they came out, as their numbers or else their dates tell.

    One that tells nothing stays as it is.
    """
    numbers = [Decimal(each.number) for each in chapters if each.number]
    days = [Decimal(each.released.toordinal()) for each in chapters if each.released]
    for marks in (numbers, days):
        steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(marks)]
        if sum(steps):
            return chapters if sum(steps) > 0 else chapters[::-1]
    return chapters
