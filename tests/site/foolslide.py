"""A reader of FoOlSlide in a folder of its site, with a series for adults beside the other."""

import json

from aiohttp import web

from tests.site.story import AUTHOR, STORY, SUMMARY, TITLE, Chapter, html, image, newest_first

ROOT = "/slide"
SERIES = f"{ROOT}/series/tin_harbour/"
ADULT_SERIES = f"{ROOT}/series/salt_nights/"
API = f"{ROOT}/api/reader"
routes = web.RouteTableDef()


def listed() -> list[Chapter]:
    """The chapters newest first; the program knows none that are locked."""
    return [chapter for chapter in newest_first() if not chapter.is_locked]


def part(chapter: Chapter) -> tuple[str, str]:
    """The number of a chapter and its second part; every chapter has them."""
    whole, _, rest = (chapter.number or "2.5").partition(".")
    return whole, rest or "0"


def path(chapter: Chapter, series: str) -> str:
    whole, rest = part(chapter)
    return f"{ROOT}/read/{series}/en/0/{whole}/" + (f"{rest}/" if rest != "0" else "")


def gate() -> web.Response:
    return html(
        f'<div class="large comic alert"><h1 class="title">{TITLE}</h1><form method="post">'
        '<input type="hidden" name="adult" value="true"></form></div>'
    )


async def is_let_in(request: web.Request) -> bool:
    return request.method == "POST" and (await request.post()).get("adult") == "true"


@routes.route("*", SERIES)
async def series(_: web.Request) -> web.Response:
    return page("tin_harbour")


@routes.route("*", ADULT_SERIES)
async def adult_series(request: web.Request) -> web.Response:
    return page("salt_nights") if await is_let_in(request) else gate()


def page(series: str) -> web.Response:
    rows = "".join(row(chapter, series) for chapter in listed())
    return html(
        f'<div class="large comic"><h1 class="title">{TITLE}</h1><div class="info"><ul>'
        f"<li><b>Author</b>: {AUTHOR}</li><li><b>Status</b>: Ongoing</li>"
        f"<li><b>Description</b>: {SUMMARY}</li></ul></div></div>"
        f'<div class="list">{rows}</div>'
    )


def row(chapter: Chapter, series: str) -> str:
    address = path(chapter, series)
    download = f'<a href="{address.replace("read", "download")}"><img src="/zip.png"></a>'
    team = f'<a href="{ROOT}/team/quay/">Quay</a>'
    return (
        f'<div class="element">{download}<div class="title"><a href="{address}" title="x">'
        f'{chapter.label}</a></div><div class="meta_r">by {team}, Yesterday</div></div>'
    )


def chapter_of(request: web.Request) -> Chapter:
    asked = request.match_info["whole"], request.match_info.get("rest", "0")
    return next(chapter for chapter in listed() if part(chapter) == asked)


@routes.route("*", ROOT + "/read/{series}/en/0/{whole}/")
@routes.route("*", ROOT + "/read/{series}/en/0/{whole}/{rest}/")
async def reader(request: web.Request) -> web.Response:
    if request.match_info["series"] == "salt_nights" and not await is_let_in(request):
        return gate()
    pages = json.dumps(pages_of(chapter_of(request))).replace("/", r"\/")
    return html(f"<script>var title = 1;\nvar pages = {pages};\nvar next_chapter = '';</script>")


def pages_of(chapter: Chapter) -> list[dict[str, str]]:
    return [{"url": image(chapter, number)} for number in chapter.pages]


@routes.get(API + "/comic/stub/tin_harbour/")
async def comic(_: web.Request) -> web.Response:
    described = {"name": TITLE, "stub": "tin_harbour", "author": AUTHOR, "adult": "0"}
    chapters = [entry(chapter) for chapter in reversed(listed())]
    return web.json_response({"comic": described, "chapters": chapters})


def entry(chapter: Chapter) -> dict[str, object]:
    whole, rest = part(chapter)
    values = {
        "id": str(chapter.position), "chapter": whole, "subchapter": rest, "volume": "0",
        "name": chapter.title, "href": path(chapter, "tin_harbour"),
    }  # fmt: skip
    return {"chapter": values, "teams": [{"name": "Quay"}]}


@routes.get(API + "/chapter/id/{position}/")
async def chapter_answer(request: web.Request) -> web.Response:
    chapter = STORY[int(request.match_info["position"]) - 1]
    return web.json_response({**entry(chapter), "pages": pages_of(chapter)})
