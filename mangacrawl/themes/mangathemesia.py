"""MangaThemesia, a WordPress theme of many sites. Terms: each site's own."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from w3lib.url import parse_data_uri

from mangacrawl.errors import ChapterUnavailable
from mangacrawl.parsing.reading import Element, elements, said, within
from mangacrawl.parsing.site_words import (
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
from mangacrawl.parsing.withheld import withheld
from mangacrawl.source import Request, Response, Series, names_in, text_or_none, web_address
from mangacrawl.themes.strip import Strip

_SERVERS = re.compile(r'"sources"\s*:\s*(?=\[\s*\{\s*"source"\s*:)')
_PREFERRED = re.compile(r'"defaultSource"\s*:\s*"([^"]*)"')


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
        """Those that the reader is told: images in the page beside it may be of another chapter."""
        servers = _servers(response)
        links = servers[0]["images"] if servers else ()
        addresses = (web_address(response, link) for link in links)
        found = list(dict.fromkeys(address for address in addresses if address))
        found = found or super().parse_images(response)
        if servers is not None and not found:
            raise ChapterUnavailable(withheld(response) or "not released yet")
        return found

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(response.css("#chapterlist .chapternum, .eplister .chapternum"))


def _servers(response: Response) -> list[Any] | None:
    """The servers that have a chapter's images, the site's own choice first; None if none told."""
    for script in _scripts(response):
        if found := _SERVERS.search(script):
            listed = json.JSONDecoder().raw_decode(script, found.end())[0]
            preferred = _PREFERRED.search(script)
            name = preferred[1] if preferred else None
            having = [server for server in listed if server["images"]]
            return sorted(having, key=lambda server: server["source"] != name)
    return None


def _scripts(response: Response) -> Iterator[str]:
    """The scripts of a page, those too that some sites put into their own address."""
    for script in elements(response, "script"):
        address = script.get("src", "")
        if not address:
            yield script.text or ""
        elif address.startswith("data:text/javascript;base64,"):
            with suppress(ValueError):
                yield parse_data_uri(address).data.decode(errors="replace")
