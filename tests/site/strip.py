"""A site that shows a chapter on one page, in the markup that the theme's defaults expect."""

from aiohttp import web

from tests.site.pagewise import SERIES, series
from tests.site.story import chapter_at, html, image_element

routes = web.RouteTableDef()
routes.get(SERIES)(series)


@routes.get(SERIES + "{slug}")
async def reader(request: web.Request) -> web.Response:
    chapter = chapter_at(request.match_info["slug"])
    images = "".join(image_element(chapter, page) for page in chapter.pages)
    again = "<noscript>" + image_element(chapter, 1) + "</noscript>"
    return html(f'<img src="/logo.png"><h1>{chapter.label}</h1><div class="reader">{images}{again}')
