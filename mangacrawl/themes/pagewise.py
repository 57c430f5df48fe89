"""Sites that show one image a page: index, chapter, page, image. Terms: each site's own."""

import re
from collections.abc import Iterator, Sequence

from mangacrawl.errors import ChapterUnavailable, LayoutError
from mangacrawl.parsing.indexed import Indexed
from mangacrawl.parsing.reading import Element, elements, link, picture
from mangacrawl.parsing.withheld import scrambled, withheld
from mangacrawl.source import Chapter, Page, Request, Response, web_address

_DIGITS = re.compile(r"\d+")
_SITE = re.compile(r"^https?://(?:www\.)?")


class Pagewise(Indexed):
    """A site whose reader has a page for each image, and a menu of pages or a link to the next.

    A site on it sets the selectors that its markup needs; `-a theme=pagewise -a url=…` tries the
    defaults. A menu is read on the first page only; where there is none, `next_css` finds the link
    to the next page, which is followed as long as it stays below the chapter's address.
    """

    id = "pagewise"
    is_pagewise = True

    page_css = (
        "select[name*=page i] option, select[id*=page i] option, select.pages option,"
        " .page-list a, .pages a"
    )
    """The menu of pages: options or links; entries without a number are none of it."""
    image_css = "#image, #img, #page-image, img.page, .page img, #viewer img, #reader img"
    """The image of a page: the first that is found."""

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page | Request]:
        if reason := scrambled(response):
            raise ChapterUnavailable(reason)
        try:
            image = picture(response, self.image_css)
            yield from self._pages(response, chapter, image)
        except LayoutError:
            if reason := withheld(response):
                raise ChapterUnavailable(reason) from None
            raise

    def _pages(self, response: Response, chapter: Chapter, image: str) -> Iterator[Page | Request]:
        entries = [each for each in elements(response, self.page_css) if _first_digits(each)]
        number = self._number(response, chapter, entries)
        yield Page(number, response.url, image)
        if not entries:
            yield from self._next(response, chapter)
        elif number in {1, None}:  # it may be the first
            for other, address in enumerate(self.parse_menu(response, entries), start=2):
                yield Page(other, address)

    def parse_menu(self, response: Response, entries: Sequence[Element]) -> list[str]:
        """The addresses of the pages after the first, as the menu on it has them."""
        found = [self.page_address(response, each) for each in entries]
        addresses = list(dict.fromkeys(address for address in found if address))
        names_this = response.url in addresses or _first_digits(entries[0]).lstrip("0") == "1"
        return addresses[1:] if names_this else addresses

    def page_address(self, response: Response, entry: Element) -> str | None:
        """Where an entry of the menu leads."""
        return web_address(response, entry.get("value") or entry.get("href"))

    def _number(
        self, response: Response, chapter: Chapter, entries: Sequence[Element]
    ) -> int | None:
        """Which page of the chapter this is; None if nothing says so."""
        for number, entry in enumerate(entries, start=1):
            if entry.get("selected") is not None:
                return number
        return 1 if entries and response.url == chapter.url else None

    def _next(self, response: Response, chapter: Chapter) -> Iterator[Request]:
        """The walk goes on to the next page; the first one must say how."""
        following = link(response, self.next_css)
        here = _behind(response.url, chapter.url)
        if here is None or (following is None and _is_first(here)):
            what = f"{self.page_css!r} or {self.next_css!r}"
            raise LayoutError(f"found no pages for {what} at {response.url}")
        if following and _behind(following, chapter.url):
            yield Request(following)


def _first_digits(entry: Element) -> str:
    found = _DIGITS.search("".join(map(str, entry.itertext())) if len(entry) else entry.text or "")
    return found[0] if found else ""


def _behind(address: str, chapter_url: str) -> str | None:
    """What an address has behind that of a chapter; None where it is not below it.

    The next chapter's does not go on where this one's ends: /tin/10 is not below /tin/1.
    """
    page, root = (
        _SITE.sub("", each).removesuffix(".html").rstrip("/") for each in (address, chapter_url)
    )
    behind = page.removeprefix(root)
    return behind if page.startswith(root) and behind[:1] in {"", "/", "?", "&"} else None


def _is_first(behind: str) -> bool:
    """Whether what an address has behind that of its chapter does not count a later page."""
    found = _DIGITS.search(behind)
    return found is None or int(found[0]) <= 1
