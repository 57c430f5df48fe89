"""The story in MangaFox's markup: two volumes with the newest first, and an address a page.

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
    newer, older = newest_first()[1:5], newest_first()[5:]
    return html(
        '<div id="series_info"><div class="data"><h5>Status:</h5><span>Ongoing, <i>12 is coming'
        f'</i></span></div></div><div id="title"><h1>{TITLE} Manga</h1><table><tr><td>2024</td>'
        f'<td><a href="/a">{AUTHOR}</a></td></tr></table><p class="summary">{SUMMARY}</p></div>'
        f'<div id="chapters"><ul class="chlist">{"".join(map(row, newer))}</ul>'
        f'<ul class="chlist">{"".join(map(row, older))}{row(older[-1])}</ul></div>'
    )


def row(chapter: Chapter) -> str:
    link = f"{SERIES}{part(chapter)}/1.html"
    title = f'<span class="title nowrap">{chapter.title}</span>' if chapter.title else ""
    return (
        f'<li><div><span class="date">{chapter.released}</span><a class="edit" href="/edit"></a>'
        f'<h3><a class="tips" href="{link}">{TITLE} {number(chapter)}</a> {title}</h3></div></li>'
    )


def number(chapter: Chapter) -> str:
    return chapter.number or "2.5"


def part(chapter: Chapter) -> str:
    whole, dot, fraction = number(chapter).partition(".")
    return f"v01/c{whole:0>3}{dot}{fraction}"


@routes.get(SERIES + "v01/{chapter}/{page}.html")
async def reader(request: web.Request) -> web.Response:
    chapter = next(each for each in STORY if part(each) == f"v01/{request.match_info['chapter']}")
    here = int(request.match_info["page"])
    options = "".join(
        f'<option value="{page}"{" selected" if page == here else ""}>{page}</option>'
        for page in chapter.pages
    )
    menu = f'<select class="m">{options}<option value="0">Comments</option></select>'
    return html(
        f'<form id="top_bar"><select id="top_chapter_list"></select>{menu}</form><div id="viewer">'
        f'<a href="{here + 1}.html">{image_element(chapter, here, "id=image")}</a></div>'
        f'<form id="bottom_bar">{menu}</form>'
    )
