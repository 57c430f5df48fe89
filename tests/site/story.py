"""The series that the tests' sites show, each in its theme's markup.

A picture tells where it belongs: it is 200 + the chapter's position wide, 300 + its page high.
"""

from dataclasses import dataclass
from io import BytesIO

from aiohttp import web
from PIL import Image

TITLE = "Tin Harbour"
SUMMARY = "A harbour of tin, and who lives in it."
AUTHOR = "Ann Brook"


@dataclass(frozen=True)
class Chapter:
    """A chapter; ``position`` counts from 1, ``released`` is what the site says of its day."""

    position: int
    number: str | None
    title: str | None
    released: str
    page_count: int = 2
    is_locked: bool = False

    @property
    def slug(self) -> str:
        """Its part of an address: "chapter-3-5"."""
        return f"chapter-{self.number.replace('.', '-')}" if self.number else "at-the-pier"

    @property
    def label(self) -> str:
        """What a list of chapters calls it: "Chapter 3.5: Fog"."""
        return ": ".join(filter(None, (self.number and f"Chapter {self.number}", self.title)))

    @property
    def pages(self) -> range:
        """The numbers of its pages."""
        return range(1, self.page_count + 1)


STORY = (
    Chapter(1, "1", "Low Water", "January 4, 2024", page_count=3),
    Chapter(2, "2", None, "January 11, 2024"),
    Chapter(3, None, "Extra: At the Pier", "January 13, 2024"),
    Chapter(4, "3", "Rust & Salt", "January 18, 2024"),
    Chapter(5, "3.5", "Fog", "January 25, 2024"),
    Chapter(6, "10", "The “Gull”", "February 1, 2024"),
    Chapter(7, "11", None, "2 hours ago"),
    Chapter(8, "12", "High Tide", "in 3 days", is_locked=True),
)
"""Oldest first; the extra is the oldest on the second of three pages of a list."""

_CHAPTERS_A_LIST = 3


def newest_first(page: int = 0) -> list[Chapter]:
    """A page of the list of chapters; with 0 the whole list."""
    chapters = list(reversed(STORY))
    last = page * _CHAPTERS_A_LIST
    return chapters[last - _CHAPTERS_A_LIST : last] if page else chapters


def has_more(page: int) -> bool:
    """Whether a page of the list is not the last."""
    return page * _CHAPTERS_A_LIST < len(STORY)


def chapter_at(slug: str) -> Chapter:
    """The chapter with this part of an address; raises HTTPNotFound."""
    for chapter in STORY:
        if chapter.slug == slug:
            return chapter
    raise web.HTTPNotFound


def image(chapter: Chapter, page: int) -> str:
    """The path of a page's picture."""
    return f"/i/{chapter.position}/{page}.png"


def image_element(chapter: Chapter, page: int, attributes: str = "") -> str:
    """A page's picture in either style: at once, and where a lazy loader puts it in."""
    address = image(chapter, page)
    source = f'src="{address}"' if page % 2 else f'src="/spinner.gif" data-src=" {address}\n"'
    return f"<img {attributes} {source}>"


def html(body: str, **headers: str) -> web.Response:
    """An answer that is a page."""
    page = f"<!doctype html><html><head><title>{TITLE}</title></head><body>{body}</body></html>"
    return web.Response(text=page, content_type="text/html", headers=headers)


async def picture(request: web.Request) -> web.Response:
    """A page's picture; no more than that is served of a chapter that is locked."""
    position, page = (int(request.match_info[name]) for name in ("position", "page"))
    if STORY[position - 1].is_locked or page not in STORY[position - 1].pages:
        raise web.HTTPForbidden
    body = BytesIO()
    Image.new("L", (200 + position, 300 + page), 40 + 20 * position + page).save(body, "PNG")
    return web.Response(body=body.getvalue(), content_type="image/png")
