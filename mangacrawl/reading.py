"""What parsers use: elements that must be there, and errors that name what was not."""

import logging
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from lxml import etree
from lxml.cssselect import CSSSelector
from scrapy.http import TextResponse as Response

from mangacrawl.challenges import in_the_way, login
from mangacrawl.errors import LayoutError, MangacrawlError
from mangacrawl.limits import check_tags
from mangacrawl.links import picture_address

logger = logging.getLogger(__name__)

T = TypeVar("T")


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
        return parse()
    except MangacrawlError:
        raise
    except Exception as error:
        logger.debug("parser of %s", response.url, exc_info=True)
        what = f"{type(error).__name__}: {error}"
        raise LayoutError(f"cannot read {response.url} ({what})") from error


def text_or_none(response: Response, css: str) -> str | None:
    """All text in the first element that a selector finds, white space folded; None if empty."""
    found = _first(response, css)
    if found is None:
        return None
    content = etree.tostring(found, method="text", encoding="unicode", with_tail=False)
    return " ".join(content.split()) or None


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


def names_in(names: str | None) -> tuple[str, ...]:
    """Split names where a comma parts people, not "Kishimoto, Masashi"; drop damaged ones."""
    if not names or re.fullmatch(r"[^,]+, [^,]+", names):
        return (names,) if names else ()
    parts = (part.strip() for part in names.split(","))
    return tuple(part for part in parts if part.strip("? "))


def picture(response: Response, css: str) -> str:
    """The address of the picture that the first element shows; raises LayoutError."""
    element = _first(response, css)
    attributes: Any = {} if element is None else element.attrib
    found = picture_address(response, attributes)
    if found is None:
        raise LayoutError(f"found no picture for {css!r} at {response.url}")
    return found


def _first(response: Response, css: str) -> etree._Element | None:
    """Asked of lxml, at a third of what parsel's selectors cost: it is done for every page."""
    return next(iter(_compiled(css)(response.selector.root)), None)


@lru_cache(maxsize=1000)
def _compiled(css: str) -> Callable[[etree._Element], list[etree._Element]]:
    finder: Any = CSSSelector(css, translator="html")
    return finder  # type: ignore[no-any-return] # its stub knows XPath's results only
