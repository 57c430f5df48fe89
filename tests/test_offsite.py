"""Links that lead off the site are not followed; images may be anywhere, redirects decide."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import pytest

from mangacrawl.source import Limit, Page, Request
from mangacrawl.wire.sites import site_of
from tests.conftest import Crawler
from tests.fixed import Answer, Server, picture, serving
from tests.plain import Plain, reader

MODULE = ("-s", "MANGA_SOURCE_MODULES=tests.test_offsite", "-s", "MANGA_PRIVATE_HOSTS=localhost")
"""The other site may be connected to, so that nothing but the rule keeps the crawl off it."""


class Linked(Plain):
    """Links: `next` goes on with a list, `page` leads to the page of an image."""

    id = "linked"

    def parse_series(self, response):
        cover = response.css("img.cover::attr(src)").get()
        return replace(super().parse_series(response), cover_url=cover)

    def parse_chapters(self, response):
        yield from super().parse_chapters(response)
        yield from self._next(response)

    def parse_pages(self, response, chapter):
        yield from super().parse_pages(response, chapter)
        for link in response.css("a.page"):
            yield Page(url=response.urljoin(link.attrib["href"]))
        yield from self._next(response)

    @staticmethod
    def _next(response):
        for link in response.css("a.next"):
            yield Request(response.urljoin(link.attrib["href"]))


class Declared(Linked):
    id = "declared"
    limits: ClassVar[Mapping[str, Limit]] = {"localhost": Limit(per_second=90)}


def html(text: str) -> Answer:
    return Answer(text.encode(), headers={"Content-Type": "text/html"})


def chapters(*links: str) -> str:
    listed = (f'<a class="chapter" href="{x}">{n}</a>' for n, x in enumerate(links, start=1))
    return f"<h1>Strip</h1>{''.join(listed)}"


def series(other: Server, place: str) -> dict[str, Answer]:
    """A series of one chapter and one image, and a link to the other site at a place in it."""
    there = f"{other.url}/there"
    index, chapter = chapters("/strip/1"), reader("/1.png")
    following = f'<a class="next" href="{there}">next</a>'
    if place == "chapter":
        index = chapters("/strip/1", there)
    elif place == "list of chapters":
        index += following
    elif place == "list of pages":
        chapter += following
    elif place == "reader page":
        chapter += f'<a class="page" href="{there}">2</a>'
    elif place == "cover":
        index += f'<img class="cover" src="{there}">'
    elif place == "image":
        chapter += reader(there)
    return {"/strip": html(index), "/strip/1": html(chapter), "/1.png": Answer(picture())}


@pytest.mark.parametrize(
    ("place", "code"),
    [("chapter", 3), ("list of chapters", 6), ("list of pages", 3), ("reader page", 3)],
)
def test_a_link_off_the_site_is_named_and_not_followed(crawl: Crawler, place: str, code: int):
    with serving({}, "localhost") as other, serving(series(other, place)) as site:
        runs = [crawl(*MODULE, url=f"{site.url}/strip", theme="linked") for _ in range(2)]
    assert [done.exit_code for done in runs] == [code, code]
    assert f"refused: {other.url}/there is on another site" in runs[1].stderr
    assert other.paths() == []
    assert len(runs[1].files("pages")) == (0 if code == 6 else 1)


@pytest.mark.parametrize("place", ["image", "cover"])
def test_an_image_may_be_on_another_site(crawl: Crawler, place: str):
    answers = {"/there": Answer(picture(9))}
    with serving(answers, "localhost") as other, serving(series(other, place)) as site:
        done = crawl(*MODULE, url=f"{site.url}/strip", theme="linked")
    assert (done.exit_code, other.paths()) == (0, ["/robots.txt", "/there"])
    assert "no cover" not in done.stderr


@pytest.mark.parametrize("place", ["chapter", "list of pages", "reader page"])
def test_a_host_that_the_source_declares_is_of_the_site(crawl: Crawler, place: str):
    answers = {"/there": html(reader("/2.png")), "/2.png": Answer(picture(9))}
    with serving(answers, "localhost") as other, serving(series(other, place)) as site:
        done = crawl(*MODULE, url=f"{site.url}/strip", theme="declared")
    assert (done.exit_code, other.paths()) == (0, ["/robots.txt", "/there", "/2.png"])


def test_an_index_that_was_redirected_is_where_the_site_is_now(crawl: Crawler):
    with serving({}, "localhost") as now, serving({}) as before:
        now.answers = series(before, "nowhere")
        before.answers = {"/strip": Answer(status=301, headers={"Location": f"{now.url}/strip"})}
        runs = [crawl(*MODULE, url=f"{before.url}/strip", theme="linked") for _ in range(2)]
    assert [done.exit_code for done in runs] == [0, 0]
    assert now.paths().count("/strip/1") == 1


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://api.mangadex.org/manga/1", "mangadex.org"),
        ("https://www.a.co.uk/1", "a.co.uk"),
        ("https://one.github.io/1", "one.github.io"),
        ("http://127.0.0.1:8000/1", "127.0.0.1"),
        ("http://[::1]:8000/1", "::1"),
        ("http://nas:8000/1", "nas"),
        ("http://NAS.local./1", "nas.local"),
    ],
)
def test_a_site_is_what_somebody_has_registered(url: str, site: str):
    assert site_of(url) == site
