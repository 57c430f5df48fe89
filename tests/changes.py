"""What becomes of the test site over time: `PUT /__stats/changes` says how it is from then on.

A JSON object: "small" (so many small series of one chapter with two pages), "chapters" (by series
the numbers of those it lists) and "added" (by series and chapter the date it says). What is not
named is as in the catalogue.
"""

from dataclasses import replace
from datetime import date

from aiohttp import web

from mangacrawl.demo.catalogue import Chapter, Page, Picture, Series, catalogue, pictures

_FIRST_IMAGE = 9_000_000


def add_changes(app: web.Application) -> None:
    original = dict(catalogue())
    pictures()  # of all that is hidden later, too

    async def put(request: web.Request) -> web.Response:
        changes = await request.json()
        now = original | {each.slug: each for each in map(small, range(changes.get("small", 0)))}
        for slug, numbers in changes.get("chapters", {}).items():
            now[slug] = listing(now[slug], numbers)
        for slug, dates in changes.get("added", {}).items():
            now[slug] = dated(now[slug], dates)
        catalogue().clear()
        catalogue().update(now)
        return web.Response(status=204)

    app.router.add_put("/__stats/changes", put)


def small(index: int) -> Series:
    """A series among many; its pictures can be had too."""
    image = _FIRST_IMAGE + 10 * index
    chapter = Chapter("1", 1, "All", date(2020, 1, 1), (Page(1, image), Page(2, image + 2)))
    name = f"small-{index:03}"
    sampler = catalogue()["sampler"]
    series = replace(
        sampler, number=index + 1, slug=name, title=f"Small {index:03}", chapters=(chapter,)
    )
    pictures().update({page.image_id: Picture(series, chapter, page) for page in chapter.pages})
    return series


def listing(series: Series, numbers: list[str]) -> Series:
    return replace(series, chapters=tuple(c for c in series.chapters if c.number in numbers))


def dated(series: Series, dates: dict[str, str]) -> Series:
    chapters = tuple(
        replace(c, added=date.fromisoformat(dates.get(c.number, c.added.isoformat())))
        for c in series.chapters
    )
    return replace(series, chapters=chapters)
