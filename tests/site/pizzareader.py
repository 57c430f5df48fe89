"""The story as PizzaReader's JSON has it: the newest first, halves of chapters apart.

The site numbers all chapters, and shows none that are not out.
"""

from aiohttp import web

from tests.site.story import AUTHOR, STORY, SUMMARY, TITLE, Chapter, image, newest_first

SERIES = "/comics/tin-harbour"

routes = web.RouteTableDef()


@routes.get(f"/api{SERIES}")
async def series(_: web.Request) -> web.Response:
    listed = [chapter_of(chapter) for chapter in newest_first()[1:]]
    comic = {"title": TITLE, "author": AUTHOR, "description": SUMMARY, "url": SERIES}
    return web.json_response({"comic": {**comic, "genres": [], "chapters": listed}})


def chapter_of(chapter: Chapter) -> dict[str, object]:
    whole, _, half = (chapter.number or "2.5").partition(".")
    return {
        "title": chapter.title,
        "chapter": int(whole),
        "subchapter": int(half) if half else None,
        "volume": None,
        "language": "en",
        "teams": [{"name": "Quay"}, None],
        "url": f"/read/tin-harbour/en/{chapter.position}",
    }


@routes.get(r"/api/read/tin-harbour/en/{position:\d+}")
async def pages(request: web.Request) -> web.Response:
    chapter = STORY[int(request.match_info["position"]) - 1]
    root = request.url.origin()
    shown = [f"{root}{image(chapter, page)}" for page in chapter.pages]
    return web.json_response({"comic": {}, "chapter": {**chapter_of(chapter), "pages": shown}})
