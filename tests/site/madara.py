"""A site of Madara: its script asks for the list of chapters, newer sites' at their series."""

from aiohttp import web

from tests.site.story import (
    AUTHOR,
    SUMMARY,
    TITLE,
    Chapter,
    chapter_at,
    has_more,
    html,
    image_element,
    newest_first,
)

SERIES = "/manga/tin-harbour/"
READER_CLASS = 'class="wp-manga-chapter-img"'
routes = web.RouteTableDef()


@routes.get(SERIES)
async def series(_: web.Request) -> web.Response:
    return html(
        f'<div class="post-title"><h1><span class="manga-title-badges hot">HOT</span> {TITLE}</h1>'
        f'</div><div class="author-content"><a href="/a">{AUTHOR}</a></div>'
        '<div class="post-status"><div class="post-content_item"><div class="summary-heading">'
        'Status</div><div class="summary-content">OnGoing</div></div></div>'
        f'<div class="summary__content"><p>{SUMMARY}</p></div>'
        '<div id="manga-chapters-holder" data-id="4711"></div>'
    )


@routes.post(SERIES + "ajax/chapters/")
async def chapters(request: web.Request) -> web.Response:
    page = int(request.query.get("t", "1"))
    more = f'<div class="pagination"><a class="next" href="?t={page + 1}">Next</a></div>'
    return rows(newest_first(page), more if has_more(page) else "")


def rows(listed: list[Chapter], more: str = "") -> web.Response:
    """A list of chapters without a page around it."""
    items = "".join(map(row, listed))
    text = f'<ul class="main version-chap no-volumn">{items}</ul>{more}'
    return web.Response(text=text, content_type="text/html")


def row(chapter: Chapter) -> str:
    date = f'<span class="chapter-release-date"><i>{chapter.released}</i></span>'
    if chapter.is_locked:
        link = f'<a href="#">{chapter.label} <i class="fas fa-lock"></i></a>'
        return f'<li class="wp-manga-chapter premium coin-30 premium-block">{link}{date}</li>'
    address = f"{SERIES}{chapter.slug}/"
    cover = f'<a href="{address}"><img class="thumb" src="/t.png"></a>'
    return f'<li class="wp-manga-chapter">{cover}<a href="{address}">{chapter.label}</a>{date}</li>'


@routes.get(SERIES + "{slug}/")
async def reader(request: web.Request) -> web.Response:
    """All images where they are asked for so; those of chapter 3 in pages in any case."""
    chapter = chapter_at(request.match_info["slug"])
    is_list = request.query.get("style") == "list" and chapter.number != "3"
    here = int(request.query.get("manga-paged", "1"))
    shown = chapter.pages if is_list else [here]
    images = "".join(
        f'<div class="page-break">{image_element(chapter, page, READER_CLASS)}</div>'
        for page in shown
    )
    return html(
        ("" if is_list else pager(chapter, here)) + f'<div class="reading-content">{images}</div>'
    )


def pager(chapter: Chapter, here: int) -> str:
    options = "".join(option(page, page == here) for page in chapter.pages)
    return f'<select id="single-pager">{options}</select>'


def option(page: int, is_here: bool) -> str:
    address = f"?style=paged&amp;manga-paged={page}"
    selected = " selected" if is_here else ""
    return f'<option value="{page}" data-redirect="{address}"{selected}>{page}</option>'
