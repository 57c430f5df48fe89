"""The code of a new source, as `scrapy newsource` writes it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy import Request

from mangacrawl.source import Source
from mangacrawl.visits.sketch import ChapterLinks, PageImages

_LINE = 100
_NAMES = "Chapter, Page, Response, Series, Source"

_SERIES = """
    def parse_series(self, response: Response) -> Series:
        return Series(self.series_id(response.url), text(response, "h1"), response.url)
"""


def themed(name: str, theme: type[Source], url: str) -> str:
    """A source on a theme, from its class' name and the address of a series."""
    source = theme(site_of(url))
    path = _series_request(source.series_request, source.series_id(url), url)
    base = theme.__name__
    imports = f"from {theme.__module__} import {base}\n"
    if path:
        imports = f"from mangacrawl.source import Request\n{imports}"
    return _opening(name, base, imports, url, source.series_id(url)) + path


def from_scratch(name: str, url: str, chapters: ChapterLinks, images: PageImages) -> str:
    """A source of its own, with the selectors that were guessed."""
    example = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    path = _series_request(lambda id_: Request(f"{site_of(url)}/{id_}"), example, url)
    shown = "picture" if images.menu_css else "pictures"
    imports = "from collections.abc import Iterator\n\n"
    imports += "from scrapy import Request\n\n" * bool(path or chapters.next_css)
    imports += "from mangacrawl.parsing.links import web_address\n" * bool(images.menu_css)
    imports += "from mangacrawl.parsing.reading import link\n" * bool(chapters.next_css)
    imports += f"from mangacrawl.source import {_NAMES}, chapter_at, {shown}, text\n"
    opening = _opening(name, "Source", imports, url, example)
    opening += "    is_pagewise = True\n" * bool(images.menu_css)
    return opening + path + _SERIES + _chapters(chapters) + _pages(images)


def _opening(name: str, base: str, imports: str, url: str, example: str) -> str:
    return f'''"""{name}, at {site_of(url)}. Terms: look them up, and say here what they allow."""

{imports}

class {name}({base}):
    id = "{name.lower()}"
    base_url = {_quoted(site_of(url))}
    tested = "recorded ({datetime.now(UTC).year})"
    example = {_quoted(example)}
'''


def _series_request(known: Callable[[str], Request], example: str, url: str) -> str:
    """The method that finds a series by its id; nothing where the one there is does."""
    path = urlsplit(url).path
    if known(example).url == url or path.count(example) != 1 or not re.fullmatch(r"[\w/.-]+", path):
        return ""
    pattern = path.replace(example, "{series_id}")
    return f"""
    def series_request(self, series_id: str) -> Request:
        return Request(f"{{self.base_url}}{pattern}")
"""


def _chapters(found: ChapterLinks) -> str:
    kind = "Chapter | Request" if found.next_css else "Chapter"
    links = _all("chapter", found.css, "reversed({})" if found.is_newest_first else "{}")
    code = f"""
    def parse_chapters(self, response: Response) -> Iterator[{kind}]:
{links}
            yield chapter_at(response, chapter)
"""
    if found.next_css:
        code += f"""\
        if following := link(response, {_quoted(found.next_css)}):
            yield Request(following)
"""
    return code


def _pages(found: PageImages) -> str:
    opening = """
    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
"""
    if found.menu_css:
        return (
            opening
            + f"""\
        yield Page(url=response.url, image_url=picture(response, {_quoted(found.css)}))
{_all("option", found.menu_css, "{}")}
            yield Page(url=web_address(response, option.attrib["value"]))
"""
        )
    return (
        opening
        + f"""\
        for address in pictures(response, {_quoted(found.css)}):
            yield Page(image_url=address)
"""
    )


def _all(name: str, css: str, order: str) -> str:
    """A loop over what a selector finds, as ruff's formatter has it."""
    line = f"        for {name} in {order.format(f'response.css({_quoted(css)})')}:"
    if len(line) <= _LINE:
        return line
    found = f"response.css(\n            {_quoted(css)}\n        )"
    return f"        for {name} in {order.format(found)}:"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def site_of(url: str) -> str:
    """The scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
