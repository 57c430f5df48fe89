"""The story as a webcomic on WordPress: a post a page, each with a link to the next.

It has come as far as the chapter before the last; chapters are its storylines.
"""

from aiohttp import web

from tests.site.story import STORY, TITLE, html, image_element

POSTS = [(chapter, page) for chapter in STORY[:-1] for page in chapter.pages]
SERIES = f"/comic/{len(POSTS)}/"

routes = web.RouteTableDef()


@routes.get(r"/comic/{number:\d+}/")
async def post(request: web.Request) -> web.Response:
    number = int(request.match_info["number"])
    chapter, page = POSTS[number - 1]
    links = f'<a class="comic-nav-comments" href="#respond">talk</a>{link("first", 1, number)}'
    if number < len(POSTS):
        links += link("next", number + 1, number)
    else:
        links += '<span class="comic-nav-next comic-nav-void">next</span>'
    return html(
        f'<meta property="og:site_name" content="{TITLE}"><div id="comic">'
        f'<a href="/comic/{number + 1}/">{image_element(chapter, page)}</a></div>{links}'
        f'<div class="comic-chapter"><a href="/story">{chapter.label}</a></div>'
    )


def link(name: str, to: int, here: int) -> str:
    if to == here:
        return f'<span class="comic-nav-{name} comic-nav-void">{name}</span>'
    return f'<a class="comic-nav-{name}" href="/comic/{to}/">{name}</a>'
