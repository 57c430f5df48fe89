"""MangaThemesia, a WordPress theme of many sites. Terms: each site's own."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote_plus

from w3lib.url import parse_data_uri

from mangacrawl.errors import ChapterUnavailable
from mangacrawl.reading import Element, elements, said, within
from mangacrawl.site_words import (
    ALTERNATIVE,
    ARTIST,
    AUTHOR,
    STATUS,
    TYPE,
    behind_label,
    direction_in,
    status_in,
    titles_in,
)
from mangacrawl.source import Request, Response, Series, names_in, text_or_none, web_address
from mangacrawl.themes.strip import Strip
from mangacrawl.withheld import withheld

_SERVERS = re.compile(r'"sources"\s*:\s*(?=\[)')
_DEFAULT = re.compile(r'"defaultSource"\s*:\s*"([^"]*)"')
_ENCODED = "script[src^='data:text/javascript;base64,']"


class MangaThemesia(Strip):
    """Sites of MangaThemesia: images in the page, or in what its reader (ts_reader) is told.

    A site whose series are not below /manga sets `folder`.
    """

    id = "mangathemesia"
    tested = "recorded (2022)"
    folder = "manga"

    title_css = "h1.entry-title"
    summary_css = ".entry-content[itemprop=description], .desc"
    tag_css = ".mgen a, .gnr a, .seriestugenre a"
    cover_css = ".thumb img"
    chapter_css = "#chapterlist li, .eplister li, .bxcl li, .cl li"
    date_css = ".chapterdate"
    locked_css = ".locked, .locked-badge, .gem-price-icon, .fa-lock, [data-num*='🔒']"
    image_css = "#readerarea img"
    hit_css = ".listupd .bsx a[title], .soralist a.series"

    def series_request(self, series_id: str) -> Request:
        return Request(f"{self.base_url}/{self.folder}/{series_id}/")

    def search_request(self, query: str) -> Request:
        return Request(f"{self.base_url}/?s={quote_plus(query)}")

    def parse_series(self, response: Response) -> Series:
        rows = [said(each) for each in elements(response, ".imptdt, .infotable tr, .fmed")]
        others = text_or_none(response, ".alternative, .seriestualt, .alter")
        return replace(
            super().parse_series(response),
            status=status_in(behind_label(rows, STATUS)),
            authors=names_in(behind_label(rows, AUTHOR)),
            artists=names_in(behind_label(rows, ARTIST)),
            alternative_titles=titles_in(others or behind_label(rows, ALTERNATIVE)),
            direction=direction_in(behind_label(rows, TYPE)),
        )

    def parse_label(self, row: Element) -> str:
        names = within(row, ".chapternum")
        return (said(names[0]) if names else super().parse_label(row)).rstrip("🔒 ")

    def parse_images(self, response: Response) -> list[str]:
        """Those of the reader's script, which a site may have without it in the page too."""
        told = next(filter(_SERVERS.search, _scripts(response)), None)
        links = [] if told is None else _of_one_server(told)
        addresses = (web_address(response, link) for link in links)
        found = list(dict.fromkeys(address for address in addresses if address))
        found = found or super().parse_images(response)
        if told is not None and not found:
            raise ChapterUnavailable(withheld(response) or "not released yet")
        return found

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(response.css("#chapterlist .chapternum, .eplister .chapternum"))


def _scripts(response: Response) -> Iterator[str]:
    """The scripts of a page, those too that some sites put into their own address."""
    for script in elements(response, "script"):
        yield script.text or ""
    for script in elements(response, _ENCODED):
        try:
            yield parse_data_uri(script.get("src", "")).data.decode(errors="replace")
        except ValueError:
            continue


def _of_one_server(script: str) -> list[str]:
    """The images as the server has them that the site prefers; of the first that has any."""
    found = _SERVERS.search(script)
    servers = json.JSONDecoder().raw_decode(script, found.end() if found else 0)[0]
    having = [each for each in servers if each["images"]]
    preferred = _DEFAULT.search(script)
    having.sort(key=lambda each: bool(preferred and each["source"] != preferred[1]))
    return [*having[0]["images"]] if having else []
