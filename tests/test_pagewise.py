"""Pages of a chapter that the theme pagewise finds where a menu or its absence may mislead."""

import pytest
from scrapy.http import HtmlResponse

from mangacrawl.errors import LayoutError
from mangacrawl.records import Chapter, Page
from mangacrawl.source import Request
from mangacrawl.themes.pagewise import Pagewise

SITE = "https://shelf.example"
IMAGE = '<img id="image" src="/i.png">'


def found(body: str, path: str, chapter: str = "/tin/1") -> list[str | None]:
    """Where the theme finds the pages of a chapter, and where it goes on."""
    page = HtmlResponse(f"{SITE}{path}", body=f"{IMAGE}{body}".encode(), encoding="utf-8")
    each = Pagewise(SITE).parse_pages(page, Chapter("1", f"{SITE}{chapter}"))
    return [one.url for one in each if isinstance(one, Page | Request)]


def test_a_first_page_that_was_redirected_lists_the_others():
    menu = "".join(f'<a href="/tin/1/{number}">{number}</a>' for number in (1, 2, 3))
    assert found(f'<p class="pages">{menu}', "/tin/1/1") == [
        f"{SITE}/tin/1/1", f"{SITE}/tin/1/2", f"{SITE}/tin/1/3",
    ]  # fmt: skip


def test_a_first_page_under_another_address_than_the_menu_has_is_there_once():
    menu = "".join(f'<a href="/tin/1/{number}">{number}</a>' for number in (1, 2))
    assert found(f'<p class="pages">{menu}', "/tin/1") == [f"{SITE}/tin/1", f"{SITE}/tin/1/2"]


@pytest.mark.parametrize(
    ("chapter", "path", "following", "goes_on"),
    [
        ("/tin/1", "/tin/1", "/tin/1/2", True),
        ("/tin/1", "/tin/1/2", "/tin/2", False),
        ("/tin/1", "/tin/1/2", "/tin/10", False),
        ("/tin/1.html", "/tin/1.html", "/tin/1/2.html", True),
        ("/tin/1/", "/tin/1/", "/tin/1/?page=2", True),
        ("/read?c=1", "/read?c=1", "/read?c=1&p=2", True),
        ("/read?c=1", "/read?c=1&p=2", "/read?c=10", False),
    ],
)
def test_a_walk_ends_where_the_next_chapter_begins(
    chapter: str, path: str, following: str, goes_on: bool
):
    link = f'<a rel="next" href="{following}">next</a>'
    expected = [f"{SITE}{path}", f"{SITE}{following}"] if goes_on else [f"{SITE}{path}"]
    assert found(link, path, chapter) == expected


def test_a_walk_goes_on_where_the_site_led_to_https():
    page = HtmlResponse(f"{SITE}/tin/1", body=f'{IMAGE}<a rel="next" href="/tin/1/2">'.encode())
    walked = Pagewise(SITE).parse_pages(page, Chapter("1", "http://www.shelf.example/tin/1"))
    assert [each.url for each in walked if isinstance(each, Request)] == [f"{SITE}/tin/1/2"]


def test_a_walk_that_was_led_elsewhere_is_no_chapter_of_one_page():
    with pytest.raises(LayoutError, match="found no pages"):
        found('<a rel="next" href="/reader/tin/1/2">next</a>', "/reader/tin/1")


def test_the_last_page_of_a_walk_needs_no_link():
    assert found("", "/tin/1/7") == [f"{SITE}/tin/1/7"]


@pytest.mark.parametrize("path", ["/tin/1", "/tin/1/1", "/tin/one"])
def test_a_first_page_that_leads_nowhere_is_no_chapter_of_one_page(path: str):
    with pytest.raises(LayoutError, match=r"'select\[.* or 'a\[rel~=next\].*' at https://shelf"):
        found("", path)
