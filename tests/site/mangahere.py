"""The story in MangaHere's markup: the newest first, page 1 at the address of its chapter.

The site numbers all chapters, and shows none that are not out.
"""

from aiohttp import web

from tests.site.story import (
    AUTHOR,
    STORY,
    SUMMARY,
    TITLE,
    Chapter,
    html,
    image_element,
    newest_first,
)

SERIES = "/manga/tin_harbour/"

routes = web.RouteTableDef()


@routes.get(SERIES)
async def series(_: web.Request) -> web.Response:
    rows = "".join(map(row, newest_first()[1:]))
    return html(
        f'<h1 class="title"><span class="title_icon"></span>{TITLE}</h1>'
        '<div class="manga_detail_top"><ul class="detail_topText"><li><label>Author(s):</label>'
        f'<a href="/author/brook/">{AUTHOR}</a></li><li><label>Status:</label>Ongoing</li>'
        f'<li><p id="show">{SUMMARY}</p></li></ul></div><div class="detail_list">'
        f'<ul class="tab_comment"><li><a href="#c">Chapters</a></li></ul><ul>{rows}</ul></div>'
    )


def row(chapter: Chapter) -> str:
    return (
        f'<li><span class="left"><a href="{address(chapter, 1)}">{TITLE} {number(chapter)}</a>'
        f'<span class="mr6">Vol 01</span>{chapter.title or ""}</span>'
        f'<span class="right">{chapter.released}</span></li>'
    )


def number(chapter: Chapter) -> str:
    return chapter.number or "2.5"


def address(chapter: Chapter, page: int) -> str:
    return f"{SERIES}c{number(chapter)}/" + (f"{page}.html" if page > 1 else "")


@routes.get(SERIES + "c{number}/")
@routes.get(SERIES + "c{number}/{page}.html")
async def reader(request: web.Request) -> web.Response:
    chapter = next(each for each in STORY if number(each) == request.match_info["number"])
    here = int(request.match_info.get("page", "1"))
    options = "".join(
        f'<option value="{address(chapter, page)}"{" selected" if page == here else ""}>{page}'
        "</option>"
        for page in chapter.pages
    )
    menu = f'<select id="top_chapter_list"></select><select class="wid60">{options}</select>'
    return html(
        f'<section class="readpage_top">{menu}</section><section class="read_img" id="viewer">'
        f'<img src="/loading.gif" id="loading">{image_element(chapter, here, "id=image")}'
        f'</section><section class="readpage_footer">{menu}</section>'
    )
