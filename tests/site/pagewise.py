"""A site that shows an image a page, in the markup that the theme's defaults expect."""

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

SERIES = "/tin-harbour/"

routes = web.RouteTableDef()


@routes.get(SERIES)
async def series(request: web.Request) -> web.Response:
    page = int(request.query.get("page", "1"))
    rows = "".join(map(row, newest_first(page)))
    more = f'<a rel="next" href="?page={page + 1}">older</a>' if has_more(page) else ""
    latest = '<a href="chapter-11">Read the latest</a>'
    return html(
        f'<h1>{TITLE}</h1>{latest}<p class="author">{AUTHOR}</p><p class="summary">{SUMMARY}</p>'
        f'<p class="status">Ongoing</p><ul class="chapters">{rows}</ul>{more}'
    )


def row(chapter: Chapter) -> str:
    date = f'<span class="date">{chapter.released}</span>'
    if chapter.is_locked:
        return f'<li class="chapter locked">{chapter.label} {date}</li>'
    link = f"{SERIES}{chapter.slug}"
    cover = f'<a href="{link}"><img src="/cover.png"></a>'
    return f'<li class="chapter">{cover} <a href="{link}">{chapter.label}</a> {date}</li>'


@routes.get(SERIES + "{slug}")
@routes.get(SERIES + "{slug}/{page}")
async def reader(request: web.Request) -> web.Response:
    chapter = chapter_at(request.match_info["slug"])
    here = int(request.match_info.get("page", "1"))
    if chapter.number == "3":
        onward = walk(chapter, here)
    else:
        onward = "".join(option(chapter, page, here) for page in chapter.pages)
        onward = f'<select name="page">{onward}<option value="0">Comments</option></select>'
    return html(f'<h1>{chapter.label}</h1>{onward}<div id="viewer">{shown(chapter, here)}</div>')


def shown(chapter: Chapter, page: int) -> str:
    return image_element(chapter, page)


def option(chapter: Chapter, page: int, here: int) -> str:
    address = f"{SERIES}{chapter.slug}" + (f"/{page}" if page > 1 else "")
    selected = " selected" if page == here else ""
    return f'<option value="{address}"{selected}>{page} / {chapter.page_count}</option>'


def walk(chapter: Chapter, here: int) -> str:
    """Links only; behind the last page the next chapter begins."""
    onward = f"{SERIES}{chapter.slug}/{here + 1}"
    following = onward if here < chapter.page_count else f"{SERIES}chapter-3-5"
    return f'<a rel="next" href="{following}">next</a>'
