"""Webcomics on WordPress: a page a post, each with a link to the next. Terms: each author's own."""

import re
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from mangacrawl.errors import LayoutError
from mangacrawl.parsing.numbering import numbering
from mangacrawl.source import (
    Chapter,
    Page,
    Request,
    Response,
    Series,
    Source,
    picture_address,
    slug,
    text_or_none,
)

_STORYLINE = re.compile(r"\b((?:chapter|episode|part)\s+[\w.]+)\W+page\b", re.IGNORECASE)


class Webcomic(Source):
    """Comic Easel, ComicPress, Toocheke, Webcomic, and plain posts with links to the next.

    A storyline is a chapter. Where it ends is seen only when the next page belongs to another, so
    chapters are found on the way; their ids hold the storyline and its first page, since a
    storyline may come back.
    """

    id = "webcomic"
    tested = "recorded (2017 to 2026)"
    is_growing = True

    image_css: ClassVar[tuple[str, ...]] = (
        "#comic img", "#one-comic-option img", ".webcomic-image img", ".entry-content img",
    )  # fmt: skip
    """In this order: the first that finds a picture counts."""
    first_css = (
        "a.comic-nav-first, a.navi-first, a.first-webcomic-link, a:has(i.fa-step-backward),"
        " a[rel=first]"
    )
    next_css = "a.comic-nav-next, a.navi-next, a.next-comic, a.next-webcomic-link, a[rel=next]"
    mark_css = ".comic-nav-next, .navi-next, .next-comic, .next-webcomic-link"
    storyline_css = ".comic-chapter a, .webcomic-storylines a"
    title_css = ".post-title, .entry-title"

    def series_id(self, url: str) -> str:
        return urlsplit(url).netloc

    def parse_series(self, response: Response) -> Series:
        name = response.css("meta[property='og:site_name']::attr(content)").get()
        host = self.series_id(self.base_url)
        return Series(host, name or host.removeprefix("www."), f"{self.base_url}/")

    def parse_chapters(self, response: Response) -> Iterator[Chapter | Request]:
        """The storyline of the first page; the others follow from it."""
        first = self._link(response, self.first_css)
        if first is None:
            yield self._chapter(response)
        else:
            yield Request(first)

    def parse_pages(
        self, response: Response, chapter: Chapter
    ) -> Iterator[Page | Chapter | Request]:
        here = self._chapter(response)
        if here.title != chapter.title:
            yield here
            return
        images = self._images(response)
        following = self._link(response, self.next_css)
        if not images and not following:
            what = f"comic for {', '.join(self.image_css)!r} and no link for {self.next_css!r}"
            raise LayoutError(f"found no {what} at {response.url}")
        for address in images:
            yield Page(url=response.url, image_url=address)
        if following:
            yield Request(following)

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(response.css(cls.mark_css))

    def _chapter(self, response: Response) -> Chapter:
        """The storyline of a page, as if it began there; all of a comic that names none."""
        title = text_or_none(response, self.title_css) or ""
        named = _STORYLINE.search(title)
        story = text_or_none(response, self.storyline_css) or (named[1] if named else None)
        page = urlsplit(response.url).path.rstrip("/").rpartition("/")[2]
        return Chapter(
            f"{slug(story or self.id)}.{page}",
            response.url,
            number=numbering(story).number if story else None,
            title=story,
        )

    def _images(self, response: Response) -> list[str]:
        for css in self.image_css:
            found = [picture_address(response, image.attrib) for image in response.css(css)]
            if any(found):
                return list(dict.fromkeys(_original(address) for address in found if address))
        return []

    @staticmethod
    def _link(response: Response, css: str) -> str | None:
        """Where a link leads; None on the page that it would lead to itself."""
        for href in response.css(css).xpath("@href").getall():
            address = response.urljoin(href).partition("#")[0]
            if urlsplit(address).path.rstrip("/") != urlsplit(response.url).path.rstrip("/"):
                return address
        return None


def _original(address: str) -> str:
    """WordPress.com's proxy (i0.wp.com) serves smaller copies of the address inside."""
    proxied = re.match(r"https?://i\d\.wp\.com/([^?]+)", address)
    return f"https://{proxied[1]}" if proxied else address
