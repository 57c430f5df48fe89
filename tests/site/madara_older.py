"""An older site of Madara: its list of chapters is asked of WordPress, by the series' number.

The pages of its newest chapter are encrypted.
"""

from aiohttp import web

from tests.site import madara
from tests.site.madara import SERIES
from tests.site.story import html, newest_first

routes = web.RouteTableDef()
routes.get(SERIES)(madara.series)


@routes.get(SERIES + "{slug}/")
async def reader(request: web.Request) -> web.StreamResponse:
    if request.match_info["slug"] != "chapter-11":
        return await madara.reader(request)
    return html(
        '<div class="reading-content"><script id="chapter-protector-data">'
        "var chapter_data='{}'; var wpmangaprotectornonce='0';</script></div>"
    )


@routes.post("/wp-admin/admin-ajax.php")
async def chapters(request: web.Request) -> web.Response:
    asked = dict(await request.post())
    if asked != {"action": "manga_get_chapters", "manga": "4711"}:
        raise web.HTTPBadRequest(text="0")
    return madara.rows(newest_first())
