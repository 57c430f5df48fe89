"""The one way for an address on a site's page into a request: every source goes through here."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urldefrag, urlsplit

from scrapy.http import TextResponse
from scrapy.utils.response import get_base_url
from w3lib.url import parse_data_uri, safe_url_string

MAX_EMBEDDED_BYTES = 1024 * 1024
"""The largest picture that is taken out of a page itself, decoded."""

_ORIGIN = r"https?://[a-z0-9.-]+(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}))?"
_SIMPLE = re.compile(rf"({_ORIGIN})?(?:/(?![/.])[\w%.~@:+,=&!-]*)*", re.ASCII)
"""Links in which there is nothing to encode, fold or drop: nearly all there are."""
_BASE = re.compile(rf"{_ORIGIN}(?=[/?#]|\Z)")

_LAZY = (
    "data-src", "data-lazy-src", "data-original", "data-url", "data-cfsrc", "data-manga-src",
)  # fmt: skip
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATE = re.compile(r"[\s,]*(\S+)")
_SIZE = re.compile(r"([\d.]+)[wxh]")


def web_address(response: TextResponse, link: str | None) -> str | None:
    """Where a link leads, as a browser would go there; None if that is not http or https.

    Relative to the page or its base element; spaces and unicode encoded, what is encoded kept, the
    fragment dropped.
    """
    link = (link or "").strip()
    if not link:
        return None
    simple = _SIMPLE.fullmatch(link)
    if simple and simple[1]:
        return link
    try:
        base = simple and _BASE.match(get_base_url(response))
        if base:
            return base[0] + link
        address = safe_url_string(response.urljoin(link), response.encoding)
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:  # brackets that hold no IPv6 address, a port that is no number
        return None
    return urldefrag(address).url if is_web else None


def as_it_is(address: str) -> dict[str, bool]:
    """The meta by which Scrapy takes an address as it is, where nothing in it is to be encoded."""
    simple = _SIMPLE.fullmatch(address)
    return {"verbatim_url": bool(simple and simple[1])}


def picture_address(response: TextResponse, attributes: Mapping[str, str]) -> str | None:
    """The picture that an image element shows in the end; None if it shows none.

    The largest of a srcset, else what a lazy loader will put in, else src; a `data:` picture, with
    which lazy pages hold the place, only where there is nothing else.
    """
    links = list(_links(attributes))
    for link in links:
        if address := web_address(response, link):
            return address
    return next((link for link in links if embedded_picture(link) is not None), None)


def embedded_picture(address: str) -> bytes | None:
    """The picture in a `data:` address; None if it holds none or one of more than 1 MB."""
    if not address.lower().startswith("data:image/") or len(address) > 4 * MAX_EMBEDDED_BYTES:
        return None
    try:
        body = parse_data_uri(address).data
    except ValueError:
        return None
    return body if 0 < len(body) <= MAX_EMBEDDED_BYTES else None


def _links(attributes: Mapping[str, str]) -> Iterator[str]:
    for name in _SETS:
        if name in attributes:
            yield from _largest_first(attributes[name])
    for name in (*_LAZY, "src"):
        if name in attributes:
            yield attributes[name].strip()


def _largest_first(srcset: str) -> list[str]:
    """The addresses of a srcset, read as HTML has it ("parse a srcset attribute")."""
    found = list(_candidates(srcset))
    return [link for link, size in sorted(found, key=lambda each: -each[1])]


def _candidates(srcset: str) -> Iterator[tuple[str, float]]:
    """Address and size: a comma at its end closes an address, else the next one behind it does."""
    place = 0
    while match := _CANDIDATE.match(srcset, place):
        link, place = match[1], match.end()
        size = ""
        if not link.endswith(","):
            size, _, _ = srcset[place:].partition(",")
            place += len(size) + 1
        yield link.strip(","), _size(size)


def _size(descriptor: str) -> float:
    match = _SIZE.fullmatch(descriptor.strip())
    try:
        return float(match[1]) if match else 1
    except ValueError:
        return 1
