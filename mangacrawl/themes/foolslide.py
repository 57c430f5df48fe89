"""FoOlSlide, a reader of scanlation groups. Terms: each group's own."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from scrapy import FormRequest

from mangacrawl.errors import ChapterUnavailable, LayoutError, NotFound
from mangacrawl.parsing.indexed import oldest_first
from mangacrawl.parsing.numbering import plain_number, title_in
from mangacrawl.parsing.reading import Element, elements, said, text, within
from mangacrawl.parsing.site_words import (
    ARTIST,
    AUTHOR,
    STATUS,
    behind_label,
    release_date,
    status_in,
)
from mangacrawl.source import Chapter, Request, Response, Series, names_in, slug, web_address
from mangacrawl.themes.strip import Strip

_READ = re.compile(
    r"/read/[^/]+/(?P<id>(?P<language>[\w-]+)/(?P<volume>\d+)/(?P<chapter>\d+)"
    r"(?:/(?P<part>\d+))?[^?]*?)/?(?:page/\d+/?)?$"
)
_PAGES = re.compile(r"\bpages\s*=\s*(?:JSON\.parse\(\w+\([\"']([\w+/=]+)[\"']|(?=\[))")
_DAY = re.compile(r"\d{4}\.\d{2}\.\d{2}")
_API = "/api/reader/"
_ADULTS_ONLY = "for adults: rating=erotica allows it"


class FoolSlide(Strip):
    """Readers of FoOlSlide by their pages, or by the interface for programs where `url=` is of it.

    Its question whether the reader is an adult is answered if `rating=` allows that.
    """

    id = "foolslide"
    tested = "made-up pages only"

    title_css = ".comic h1.title"
    cover_css = ".thumbnail img"
    chapter_css = ".list .element"
    date_css = ".meta_r"
    hit_css = ".group > .title a[title]"

    def id_from_name(self, name: str) -> str:
        return slug(name).replace("-", "_")

    def url_request(self, url: str) -> Request:
        return self._request(url)

    def series_request(self, series_id: str) -> Request:
        return self._request(f"{self.base_url}/series/{series_id}/")

    def search_request(self, query: str) -> Request:
        return FormRequest(f"{self.base_url}/search/", formdata={"search": query})

    def pages_request(self, chapter: Chapter) -> Request:
        return self._request(chapter.url)

    def parse_series(self, response: Response) -> Series:
        answer = _answer(response)
        if answer is not None:
            return self._series(answer["comic"], response.url.partition(_API)[0])
        if _is_gate(response):
            raise NotFound(f"{text(response, self.title_css)} is {_ADULTS_ONLY}")
        rows = [said(each) for each in elements(response, ".info li")]
        found = super().parse_series(response)
        return replace(
            found,
            status=status_in(behind_label(rows, STATUS)),
            authors=names_in(behind_label(rows, AUTHOR)),
            artists=names_in(behind_label(rows, ARTIST)),
            summary=behind_label(rows, "description|synopsis|trama|sinopsis"),
            cover_url=_whole(found.cover_url),
        )

    def parse_chapters(self, response: Response) -> Iterator[Chapter | Request]:
        answer = _answer(response)
        if answer is None:
            yield from super().parse_chapters(response)
            return
        root = response.url.partition(_API)[0]
        found = (_listed(each, root) for each in answer["chapters"])
        yield from oldest_first([chapter for chapter in found if chapter])

    def parse_chapter(self, response: Response, row: Element, series: str) -> Chapter | None:
        anchor = self.find_link(row)
        url = None if anchor is None else web_address(response, anchor.get("href"))
        if url is None:
            return None
        teams = [said(each) for each in within(row, "a[href*='/team/']")]
        return _chapter(url, url, title_in(self.parse_label(row)), teams, self.parse_date(row))

    def parse_date(self, row: Element) -> date | None:
        """The day between the names of the teams and a link for editors."""
        days = [day for each in within(row, self.date_css) if (day := _DAY.search(said(each)))]
        return release_date(days[0][0]) if days else None

    def parse_images(self, response: Response) -> list[str]:
        answer = _answer(response)
        if answer is None and _is_gate(response):
            raise ChapterUnavailable(_ADULTS_ONLY)
        pages = _pages(response) if answer is None else answer["pages"]
        addresses = (web_address(response, page["url"]) for page in pages)
        return [address for address in addresses if address]

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(response.css(".large.comic h1.title") or response.json()["chapters"])

    @property
    def _allows_adults(self) -> bool:
        return "erotica" in self.wishes.ratings

    def _request(self, url: str) -> Request:
        if self._allows_adults and _API not in url:
            return FormRequest(url, formdata={"adult": "true"})
        return Request(url)

    def _series(self, comic: Any, root: str) -> Series:
        """A series as the interface below a root describes it."""
        if str(comic.get("adult")) == "1" and not self._allows_adults:
            raise NotFound(f"{comic['name']} is {_ADULTS_ONLY}")
        return Series(
            comic["stub"],
            comic["name"],
            f"{root}/series/{comic['stub']}/",
            authors=names_in(comic.get("author")),
            artists=names_in(comic.get("artist")),
            summary=comic.get("description") or None,
            cover_url=_whole(comic.get("thumb_url") or None),
        )


def _answer(response: Response) -> Any:
    """What the interface for programs says; None of a page for people."""
    return response.json() if response.body.lstrip()[:1] == b"{" else None


def _is_gate(response: Response) -> bool:
    """Whether a page only asks whether the reader is an adult."""
    return bool(elements(response, "form input[name=adult]"))


def _whole(cover: str | None) -> str | None:
    """The address of the cover that a thumbnail was made of."""
    return cover and re.sub(r"/thumb_(?=[^/]+$)", "/", cover)


def _listed(entry: Any, root: str) -> Chapter | None:
    """A chapter as the interface lists it."""
    chapter = entry["chapter"]
    teams = [team["name"] for team in entry.get("teams") or ()]
    url = f"{root}{_API}chapter/id/{chapter['id']}/"
    name = chapter.get("name") or None
    return _chapter(chapter["href"], url, name, teams, release_date(chapter.get("created")))


def _chapter(
    link: str, url: str, title: str | None, teams: list[str], released: date | None
) -> Chapter | None:
    """A chapter: the link to it says which one it is; None for a link of something else."""
    found = _READ.search(urlsplit(link).path)
    if found is None:
        return None
    return Chapter(
        found["id"],
        url,
        number=plain_number(f"{found['chapter']}.{found['part'] or 0}"),
        volume=found["volume"] if int(found["volume"]) else None,
        title=title,
        language=found["language"],
        group=" & ".join(team for team in teams if team != "Anonymous") or None,
        released=released,
    )


def _pages(response: Response) -> Any:
    """The list of pages in the reader's script; some sites encode it."""
    found = _PAGES.search(response.text)
    if found is None:
        raise LayoutError(f"found no list of pages in a script at {response.url}")
    if found[1]:
        return json.loads(b64decode(found[1]))
    return json.JSONDecoder().raw_decode(response.text, found.end())[0]
