"""A site of MangaThemesia: images on the page, in a script on it, or in a script's address."""

import json
from base64 import b64encode

from aiohttp import web

from tests.site.story import (
    AUTHOR,
    STORY,
    SUMMARY,
    TITLE,
    Chapter,
    chapter_at,
    html,
    image,
    image_element,
    newest_first,
)

SERIES = "/manga/tin-harbour/"
routes = web.RouteTableDef()


@routes.get(SERIES)
async def series(_: web.Request) -> web.Response:
    latest = f'<a href="{address(STORY[6])}"><span class="epcurlast">New Chapter</span></a>'
    rows = "".join(map(row, newest_first()))
    return html(
        f'<div class="tsinfo"><div class="imptdt">Status <i>Ongoing</i></div><div class="imptdt">'
        f'Author <i>{AUTHOR}</i></div></div><h1 class="entry-title">{TITLE}</h1>'
        f'<div class="entry-content" itemprop="description"><p>{SUMMARY}</p></div>'
        f'<div class="lastend">{latest}</div><div id="chapterlist"><ul>{rows}</ul></div>'
    )


def address(chapter: Chapter) -> str:
    return f"/tin-harbour-{chapter.slug}/"


def row(chapter: Chapter) -> str:
    is_locked = chapter.is_locked
    return (
        f'<li data-num="{chapter.number}"{" class=locked" if is_locked else ""}><div class="chbox">'
        f'<div class="eph-num"><a href="{"#" if is_locked else address(chapter)}">'
        f'<span class="chapternum">{chapter.label}</span>'
        f'<span class="chapterdate">{chapter.released}</span></a></div></div></li>'
    )


@routes.get("/tin-harbour-{slug}/")
async def reader(request: web.Request) -> web.Response:
    chapter = chapter_at(request.match_info["slug"])
    told = script(chapter)
    if chapter.number == "2":
        images = "".join(image_element(chapter, page) for page in chapter.pages)
        return html(f'<div id="readerarea">{images}</div>')
    if chapter.number == "10":
        encoded = b64encode(told.encode()).decode()
        return html(
            f'<div id="readerarea"></div><script src="data:text/javascript;base64,{encoded}">'
        )
    return html(
        '<div id="readerarea"><noscript><img src="/other.png"></noscript></div>'
        f"<script>{told}</script>"
    )


def script(chapter: Chapter) -> str:
    """What the reader is told: the images on two servers, of which one has none."""
    images = [image(chapter, page) for page in chapter.pages]
    servers = [{"source": "Server 1", "images": []}, {"source": "Server 2", "images": images}]
    told = json.dumps({"sources": servers, "noimagehtml": "<h4>none</h4>"}).replace("/", r"\/")
    return f"ts_reader.run({told});"
