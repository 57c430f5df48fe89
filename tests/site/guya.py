"""The story as Guya's JSON has it: chapters in no order, of one of them a second group's copy.

The site numbers all chapters, and shows none that are not out.
"""

from aiohttp import web

from tests.site.story import AUTHOR, STORY, SUMMARY, TITLE, Chapter, picture

SERIES = "/read/manga/tin-harbour/"

routes = web.RouteTableDef()


@routes.get("/api/series/tin-harbour/")
async def series(_: web.Request) -> web.Response:
    chapters = {chapter.number or "2.5": listed(chapter) for chapter in STORY[:-1]}
    return web.json_response(
        {
            "slug": "tin-harbour",
            "title": TITLE,
            "author": AUTHOR,
            "description": SUMMARY,
            "groups": {"1": "Quay", "2": "Another Quay"},
            "cover": "",
            "chapters": dict(sorted(chapters.items(), reverse=True)),
        }
    )


def listed(chapter: Chapter) -> dict[str, object]:
    files = [f"{page}.png?v2" for page in chapter.pages]
    groups = {"2": ["1.png"], "1": files} if chapter.number == "10" else {"1": files}
    title = chapter.title or ""
    return {"volume": "None", "title": title, "folder": str(chapter.position), "groups": groups}


routes.get(r"/media/manga/tin-harbour/chapters/{position:\d+}/1/{page:\d+}.png")(picture)
