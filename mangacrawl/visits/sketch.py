"""Guesses at the pages of a site that no source knows: where its chapters and images are.

A guess is a selector that a person can look at and mend; what cannot be guessed is one that finds
nothing and says what belongs there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from lxml.etree import _Element

from mangacrawl.parsing.links import picture_address, web_address
from mangacrawl.parsing.reading import link as link_off
from mangacrawl.parsing.reading import tree
from mangacrawl.source import Chapter, Response, chapter_at

_NAME = re.compile(r"[a-zA-Z][a-zA-Z_-]*")
"""An id or class that is not one of many numbered ones."""

_BESIDE = re.compile(r"download|loading|loader|spinner|logo|icon|avatar|banner", re.IGNORECASE)
"""In an address: what lies beside chapters and pages and is none."""

_NEXT = ("a[rel~=next]", ".pagination .next a", ".pagination a.next", "a.next")
_NO_CHAPTERS = "#fill-in-where-the-links-to-chapters-are a"
_NO_IMAGES = "#fill-in-where-the-images-of-pages-are img"


@dataclass(frozen=True, slots=True)
class ChapterLinks:
    """Where a series' page links to its chapters; ``addresses`` come oldest first."""

    css: str
    addresses: tuple[str, ...] = ()
    is_newest_first: bool = False
    next_css: str | None = None
    """The link to the list's next page; None where the page has none."""


@dataclass(frozen=True, slots=True)
class PageImages:
    """How a chapter shows its pages: on one page, or one each on pages that a menu lists."""

    css: str
    first: str | None = None
    menu_css: str | None = None
    second: str | None = None
    """The second reader page."""


def chapter_links(response: Response) -> ChapterLinks:
    """The largest group of links in one place that look like chapters."""
    groups: dict[str, dict[str, Chapter]] = {}
    for link in response.css("a[href]"):
        address = web_address(response, link.attrib["href"])
        if not address or _BESIDE.search(urlsplit(address).path):
            continue
        chapter = chapter_at(response, link)
        if chapter.number and _is_beside(address, response.url):
            groups.setdefault(_place(link.root), {}).setdefault(chapter.url, chapter)
    next_css = next((css for css in _NEXT if link_off(response, css)), None)
    if not groups:
        return ChapterLinks(_NO_CHAPTERS, next_css=next_css)
    css = max(groups, key=lambda place: (len(groups[place]), "list" in place))
    found = groups[css]
    numbers = [Decimal(chapter.number or 0) for chapter in found.values()]
    is_newest_first = numbers[0] > numbers[-1]
    addresses = tuple(reversed(found)) if is_newest_first else tuple(found)
    said = f"{css}:not(:has(img))"
    if len(found) == len(response.css(said)) < len(response.css(css)):
        css = said  # each chapter has a link with words and another round its cover
    return ChapterLinks(css, addresses, is_newest_first, next_css)


def page_images(response: Response) -> PageImages:
    """The images of the chapter on this page, and the menu of its other pages if it has one."""
    menu_css, second = _menu(response)
    groups: dict[str, list[str]] = {}
    for image in tree(response).iter("img"):
        address = picture_address(response, {str(k): str(v) for k, v in image.attrib.items()})
        if address and not address.startswith("data:") and not _BESIDE.search(address):
            groups.setdefault(_place(image), []).append(address)
    if not groups:
        return PageImages(_NO_IMAGES, None, menu_css, second)
    hints = {part for part in urlsplit(response.url).path.split("/") if part}

    def likely(place: str) -> tuple[int, int]:
        parts = urlsplit(groups[place][0]).path.split("/")
        return (0 if menu_css else len(groups[place]), len(hints.intersection(parts)))

    css = max(groups, key=likely)
    return PageImages(css, groups[css][0], menu_css, second)


def _is_beside(address: str, page: str) -> bool:
    """Whether an address is another page of the same site."""
    there, here = urlsplit(address), urlsplit(page)
    return there.netloc == here.netloc and there.path.rstrip("/") != here.path.rstrip("/")


def _menu(response: Response) -> tuple[str | None, str | None]:
    """The options of the menu that leads to a chapter's other pages, and where the next leads."""
    for menu in tree(response).iter("select"):
        options = list(menu.iter("option"))
        leading = [each for each in options if "/" in each.get("value", "")] or options
        pages = [web_address(response, option.get("value")) for option in leading]
        is_here = bool(pages) and options[0].get("selected") is not None
        if is_here and len(set(pages)) == len(pages) > 1 and all(map(_within(response.url), pages)):
            which = "" if len(leading) == len(options) else "[value*='/']"
            return f"{_place(menu)} option:first-child[selected] ~ option{which}", pages[1]
    return None, None


def _within(page: str) -> Callable[[str | None], bool]:
    """Whether an address is of the chapter whose first page this is."""
    folder = page.rstrip("/").rpartition("/")[0]
    return lambda address: bool(address) and str(address).startswith(f"{folder}/")


def _place(element: _Element) -> str:
    """A selector for elements such as this: by its own name, or that of what it lies in."""
    tag = str(element.tag)
    for each in (element, *element.iterancestors()):
        id_, classes = each.get("id", ""), each.get("class", "").split()
        if _NAME.fullmatch(id_):
            return f"#{id_}" if each is element else f"#{id_} {tag}"
        for name in classes:
            if _NAME.fullmatch(name):
                return f"{each.tag}.{name}" if each is element else f"{each.tag}.{name} {tag}"
    return tag
