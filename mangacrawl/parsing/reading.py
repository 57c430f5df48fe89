"""What parsers use: elements that must be there, and errors that name what was not."""

import logging
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import scrapy
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HTMLParser
from parsel import Selector
from parsel.selector import create_root_node
from scrapy.http import HtmlResponse
from scrapy.http import TextResponse as Response

from mangacrawl.errors import LayoutError, MangacrawlError
from mangacrawl.parsing.challenges import in_the_way, login
from mangacrawl.parsing.limits import bounded, check_tags
from mangacrawl.parsing.links import picture_address, web_address
from mangacrawl.parsing.numbering import numbering
from mangacrawl.records import Chapter

logger = logging.getLogger(__name__)

T = TypeVar("T")

_BLOCKS = {
    "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "option", "p", "td", "th",
}  # fmt: skip

Element = etree._Element  # noqa: SLF001 - lxml has no public name for what it parses to


def read(response: Response, parse: Callable[[], T]) -> T:
    """Run a parser on a response: what it trips over becomes a LayoutError, never a crash.

    Where it is a login page: Refused. The response's tree is freed at once: it hangs on a cycle
    that only the garbage collector would break, and pages pile up meanwhile.
    """
    try:
        return _parsed(response, parse)
    except LayoutError:
        if obstacle := login(response):
            raise in_the_way(obstacle) from None
        raise
    finally:
        response._cached_selector = None  # noqa: SLF001 - Scrapy has no other way
        response._cached_ubody = None  # noqa: SLF001 - the body again, as text


def _parsed(response: Response, parse: Callable[[], T]) -> T:
    check_tags(response)
    try:
        return bounded(response, parse)
    except MangacrawlError:
        raise
    except Exception as error:
        logger.debug("parser of %s", response.url, exc_info=True)
        what = f"{type(error).__name__}: {error}"
        raise LayoutError(f"cannot read {response.url} ({what})") from error


def text_or_none(response: Response, css: str) -> str | None:
    """All text in the first element that a selector finds, white space folded; None if empty."""
    found = _first(response, css)
    return None if found is None else said(found) or None


def text(response: Response, css: str) -> str:
    """The same where the source cannot do without; raises LayoutError."""
    found = text_or_none(response, css)
    if found is None:
        raise LayoutError(f"found nothing for {css!r} at {response.url}")
    return found


def attribute(response: Response, css: str, name: str) -> str:
    """An attribute of the first element that a selector finds; raises LayoutError."""
    element = _first(response, css)
    found = "" if element is None else element.get(name, "").strip()
    if not found:
        raise LayoutError(f"found no {name} for {css!r} at {response.url}")
    return found


def elements(response: Response, css: str) -> list[Element]:
    """All that a selector finds on a page, in its order; nothing for an empty selector."""
    return _compiled(css)(tree(response)) if css else []


def tree(response: Response) -> Element:
    """The root of a page, the one that `response.selector` has.

    Left to Scrapy each page has a parser of its own, and is searched for its base address first.
    """
    if response._cached_selector is None and isinstance(response, HtmlResponse):  # noqa: SLF001
        root = create_root_node(response.text, _html_parser)  # type: ignore[arg-type] # or a factory
        response._cached_selector = scrapy.Selector(root=root, type="html")  # noqa: SLF001
    found: Element = response.selector.root
    return found


def within(element: Element, css: str) -> list[Element]:
    """All that a selector finds in an element, which may be the element itself."""
    return _compiled(css)(element) if css else []


def said(element: Element, without: str = "") -> str:
    """All text in an element, white space folded; without that of what a selector finds in it."""
    return " ".join("".join(_texts(element, set(within(element, without)))).split())


def texts(response: Response, css: str) -> tuple[str, ...]:
    """What each element that a selector finds says, each but once."""
    found = (said(element) for element in elements(response, css))
    return tuple(dict.fromkeys(text_ for text_ in found if text_))


def labelled(response: Response, row_css: str, label_css: str) -> dict[str, str]:
    """What a table of facts says: by the label in each of its rows, the row's other text."""
    return {
        said(label).rstrip(": "): said(row, without=label_css)
        for row in elements(response, row_css)
        for label in within(row, label_css)[:1]
    }


def link(response: Response, css: str) -> str | None:
    """Where the first link that leads off this page goes; None if there is none."""
    for element in elements(response, css):
        address = web_address(response, element.get("href"))
        if address and address != response.url:
            return address
    return None


def names_in(names: str | None) -> tuple[str, ...]:
    """Split names where a comma parts people, not "Kishimoto, Masashi"; drop damaged ones."""
    if not names or re.fullmatch(r"[^,]+, [^,]+", names):
        return (names,) if names else ()
    parts = (part.strip() for part in names.split(","))
    return tuple(part for part in parts if part.strip("? "))


def picture(response: Response, css: str) -> str:
    """The address of the picture that the first element shows; raises LayoutError."""
    found = picture_address(response, _attributes(_first(response, css)))
    if found is None:
        raise LayoutError(f"found no picture for {css!r} at {response.url}")
    return found


def pictures(response: Response, css: str) -> list[str]:
    """The addresses of the pictures that the elements show, in their order, each but once."""
    found = (picture_address(response, _attributes(each)) for each in elements(response, css))
    return list(dict.fromkeys(address for address in found if address))


def chapter_at(response: Response, link: Selector) -> Chapter:
    """The chapter that a link leads to; raises LayoutError where it leads nowhere.

    Its id is the last part of its address, its number that of the link's text, else of the id.
    """
    url = web_address(response, link.attrib.get("href"))
    if url is None:
        raise LayoutError(f"found a link to no chapter at {response.url}")
    id_ = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    found = numbering(said(link.root))
    number = found.number or numbering(id_).number
    return Chapter(id_ or url, url, number, found.volume, version=found.version)


def _attributes(element: Element | None) -> Any:
    """An element's attributes by name; none of what was not found."""
    return {} if element is None else dict(element.attrib)


def _first(response: Response, css: str) -> Element | None:
    """Asked of lxml, at a third of what parsel's selectors cost: it is done for every page."""
    return next(iter(elements(response, css)), None)


@cache
def _html_parser(**options: Any) -> HTMLParser:
    return HTMLParser(**options)


@lru_cache(maxsize=1000)
def _compiled(css: str) -> Callable[[Element], list[Element]]:
    finder: Any = CSSSelector(css, translator="html")
    return finder  # type: ignore[no-any-return] # its stub knows XPath's results only


def _texts(element: Element, left_out: set[Element]) -> Iterator[str]:
    """The text of an element and of what is in it, apart from some elements.

    What a browser shows in a line of its own, or in a cell, is a word of its own.
    """
    if element in left_out or not isinstance(element.tag, str):
        return  # a comment's tag is a function
    gap = " " if element.tag in _BLOCKS else ""
    yield gap + (element.text or "")
    for child in element:
        yield from _texts(child, left_out)
        yield child.tail or ""
    yield gap
