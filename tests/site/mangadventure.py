"""The story as the interface of MangAdventure has it: the newest first, an answer a chapter.

The site numbers all chapters, and shows none that are not out.
"""

from aiohttp import web

from tests.site.story import AUTHOR, STORY, SUMMARY, TITLE, Chapter, image, newest_first

SERIES = "/reader/tin-harbour/"
API = "/api/v2/series/tin-harbour"

routes = web.RouteTableDef()


@routes.get(API)
async def series(_: web.Request) -> web.Response:
    return web.json_response(
        {
            "slug": "tin-harbour",
            "title": TITLE,
            "url": SERIES,
            "cover": None,
            "description": SUMMARY,
            "status": "ongoing",
            "licensed": False,
            "aliases": [],
            "authors": [AUTHOR],
            "artists": [],
            "categories": [],
        }
    )


@routes.get(f"{API}/chapters")
async def chapters(_: web.Request) -> web.Response:
    return web.json_response({"results": [listed(chapter) for chapter in newest_first()[1:]]})


def listed(chapter: Chapter) -> dict[str, object]:
    return {
        "id": 100 - chapter.position,
        "title": chapter.title or "",
        "number": float(chapter.number or 2.5),
        "volume": None,
        "published": "2024-01-04T10:00:00Z",
        "groups": ["Quay"],
        "url": f"{SERIES}0/{chapter.number}/",
    }


@routes.get(r"/api/v2/chapters/{id:\d+}/pages")
async def pages(request: web.Request) -> web.Response:
    chapter = STORY[99 - int(request.match_info["id"])]
    shown = [
        {"number": page, "image": f"{request.url.origin()}{image(chapter, page)}"}
        for page in reversed(chapter.pages)
    ]
    return web.json_response({"results": shown})
