"""Madara, a WordPress theme of many sites. Terms: each site's own."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from w3lib.url import add_or_replace_parameter

from mangacrawl.errors import LayoutError
from mangacrawl.parsing.numbering import numbering
from mangacrawl.parsing.reading import Element, elements, said, texts, within
from mangacrawl.parsing.site_words import ALTERNATIVE, TYPE, behind_label, direction_in, titles_in
from mangacrawl.source import Chapter, Page, Request, Response, Series, web_address
from mangacrawl.themes.strip import Strip

_LIST = "/ajax/chapters"
_PRELOADED = re.compile(r"\bchapter_preloaded_images\s*=\s*(?=\[)")
_BEHIND_SERIES = 2
"""The parts of a path down to the series, such as /manga/akira."""


class Madara(Strip):
    """Sites of Madara: chapters on the series' page, or in a list that a script asks for.

    A site whose series are not below /manga sets `folder`.
    """

    id = "madara"
    tested = "made-up pages only"
    folder = "manga"

    title_css = ".post-title h1, .post-title h3, #manga-title h1"
    author_css = ".author-content a"
    status_css = ".post-status"
    summary_css = ".summary__content, .manga-excerpt, .manga-summary"
    tag_css = ".genres-content a"
    cover_css = ".summary_image img"
    chapter_css = "li.wp-manga-chapter"
    date_css = ".chapter-release-date"
    locked_css = ".premium-block, .fa-lock"
    next_css = ".pagination a.next"
    image_css = (
        "img.wp-manga-chapter-img, .page-break img, .blocks-gallery-item img,"
        " .reading-content .text-left img"
    )
    hit_css = ".c-tabs-item__content .post-title a"

    def search_request(self, query: str) -> Request:
        return Request(f"{self.base_url}/?s={quote_plus(query)}&post_type=wp-manga")

    def parse_title(self, response: Response) -> str | None:
        """The heading without its badges ("HOT")."""
        headings = elements(response, self.title_css)
        return said(headings[0], without=".manga-title-badges") or None if headings else None

    def parse_series(self, response: Response) -> Series:
        rows = [said(each) for each in elements(response, ".post-content_item")]
        year = behind_label(rows, "release") or ""
        return replace(
            super().parse_series(response),
            artists=texts(response, ".artist-content a"),
            alternative_titles=titles_in(behind_label(rows, ALTERNATIVE)),
            year=int(year) if re.fullmatch(r"\d{4}", year) else None,
            direction=direction_in(behind_label(rows, TYPE)),
        )

    def parse_chapters(self, response: Response) -> Iterator[Chapter | Request]:
        if not elements(response, self.chapter_css):
            yield self._list_request(response)
            return
        for each in super().parse_chapters(response):
            is_of_list = isinstance(each, Request) and _LIST in each.url
            yield _posted(each.url) if is_of_list else each

    def parse_chapter(self, response: Response, row: Element, series: str) -> Chapter | None:
        chapter = super().parse_chapter(response, row, series)
        headings = (each.find("a") for each in row.iterancestors("li"))
        volume = next((numbering(said(each)).volume for each in headings if each is not None), None)
        return replace(chapter, volume=volume) if chapter and volume else chapter

    def chapter_id(self, response: Response, url: str) -> str:
        """What follows the series in the address: the list that is asked for does not name it."""
        parts = urlsplit(url).path.strip("/").split("/")
        return "/".join(parts[_BEHIND_SERIES:] or parts[-1:])

    def pages_request(self, chapter: Chapter) -> Request:
        """All images at once, whichever style is the site's own."""
        return Request(add_or_replace_parameter(chapter.url, "style", "list"))

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page | Request]:
        """The images; and the next page, where the site shows them by the page nevertheless."""
        pages = super().parse_pages(response, chapter)
        menu = elements(response, "#single-pager")
        if not menu or _PRELOADED.search(response.text):
            yield from pages
            return
        for page in pages:
            yield replace(page, number=None) if isinstance(page, Page) else page
        for following in within(menu[0], "option[selected] + option"):
            if url := web_address(response, following.get("data-redirect")):
                yield Request(url)

    def parse_images(self, response: Response) -> list[str]:
        """Those that the page shows, or all that a script on it will show."""
        found = _PRELOADED.search(response.text)
        if found is None:
            return super().parse_images(response)
        listed = json.JSONDecoder().raw_decode(response.text, found.end())[0]
        addresses = (web_address(response, each) for each in _strings(listed))
        return list(dict.fromkeys(address for address in addresses if address))

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(response.css("li.wp-manga-chapter, [id^=manga-chapters-holder]"))

    def _list_request(self, response: Response) -> Request:
        """The list of a newer site; the older one's where that is not there."""
        address = response.url.partition("?")[0].rstrip("/")
        holder = elements(response, "[id^=manga-chapters-holder]")
        if address.endswith(_LIST) and response.request is not None:
            return _posted(f"{self.base_url}/wp-admin/admin-ajax.php", response.request.body)
        if not holder or address.endswith(_LIST):
            raise LayoutError(f"found no chapters for {self.chapter_css!r} at {response.url}")
        fields = {"action": "manga_get_chapters", "manga": holder[0].get("data-id", "")}
        return _posted(f"{address}{_LIST}/", urlencode(fields).encode())


def _posted(url: str, body: bytes = b"") -> Request:
    """A request of the theme's script; the newer list needs no form, but passes it on."""
    headers = {"X-Requested-With": "XMLHttpRequest"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return Request(
        url, method="POST", headers=headers, body=body, meta={"handle_httpstatus_list": [400, 404]}
    )


def _strings(listed: Any) -> Iterator[str]:
    """All strings of a list of lists."""
    for each in listed:
        if isinstance(each, str):
            yield each
        else:
            yield from _strings(each)
