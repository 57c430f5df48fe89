"""The MangaReader theme on pages recorded from the real site between 2014 and 2020."""

import pytest
from scrapy.http import HtmlResponse

from mangacrawl.errors import ChapterUnavailable, LayoutError
from mangacrawl.records import Chapter, Page
from mangacrawl.themes.mangareader import MangaReader
from tests.captures import captures

SITE = "http://www.mangareader.net"
THEME = MangaReader(SITE)
CHAPTER = Chapter("1", "")


def recorded(name: str, path: str) -> HtmlResponse:
    body = captures(f"mangareader/{name}").read_bytes()
    return HtmlResponse(SITE + path, body=body, encoding="utf-8")


def made_up(body: str, path: str = "/x/1") -> HtmlResponse:
    return HtmlResponse(SITE + path, body=body.encode(), encoding="utf-8")


def chapters_of(page: HtmlResponse) -> list[Chapter]:
    return [each for each in THEME.parse_chapters(page) if isinstance(each, Chapter)]


def pages_of(page: HtmlResponse) -> list[Page]:
    return [each for each in THEME.parse_pages(page, CHAPTER) if isinstance(each, Page)]


def test_the_index_of_2014_describes_the_series():
    series = THEME.parse_series(recorded("2014-index-naruto.html", "/naruto"))
    assert (series.id, series.title, series.status, series.year, series.direction) == (
        "naruto", "Naruto", "ongoing", 1999, "rtl",
    )  # fmt: skip
    assert series.authors == ("Kishimoto, Masashi (Story & Art)",)
    assert len(series.tags) == 7
    assert series.cover_url == "http://s4.mangareader.net/cover/naruto/naruto-l0.jpg"


def test_the_index_of_2014_lists_700_chapters_oldest_first():
    chapters = chapters_of(recorded("2014-index-naruto.html", "/naruto"))
    first, last = chapters[0], chapters[-1]
    assert len({chapter.id for chapter in chapters}) == 700
    assert (first.url, first.title) == (f"{SITE}/93-1-1/naruto/chapter-1.html", "Uzumaki Naruto")
    assert (last.url, last.title) == (f"{SITE}/naruto/700", "Naruto Uzumaki!!")
    assert sum("chapter-" in chapter.url for chapter in chapters) == 517
    assert sum(chapter.title is None for chapter in chapters) == 7
    assert str(first.released) == "2009-07-04"


def test_the_index_of_2019_has_a_title_with_a_colon():
    page = recorded("2019-index-bardock.html", "/dragon-ball-episode-of-bardock")
    series, chapters = THEME.parse_series(page), chapters_of(page)
    assert (series.title, series.year, len(series.tags)) == (
        "Dragon Ball: Episode of Bardock", 2011, 5,
    )  # fmt: skip
    assert series.authors == ("Ooishi Naho",)
    assert [chapter.title for chapter in chapters] == ["Special Part 1", None, None]
    assert str(chapters[0].released) == "2011-08-11"


@pytest.mark.parametrize(
    ("name", "path", "count", "first", "last"),
    [
        (
            "2014-page-naruto-1-53.html",
            "/93-1-53/naruto/chapter-1.html",
            1,
            (53, "http://i1.mangareader.net/naruto/1/naruto-1564825.jpg"),
            (53, "http://i1.mangareader.net/naruto/1/naruto-1564825.jpg"),
        ),
        (
            "2015-page-the-gamer-95-1.html",
            "/the-gamer/95",
            24,
            (1, "http://i995.mangareader.net/the-gamer/95/the-gamer-5978527.jpg"),
            (24, f"{SITE}/the-gamer/95/24"),
        ),
        (
            "2016-page-naruto-1-1.html",
            "/naruto/1",
            53,
            (1, "http://i10.mangareader.net/naruto/1/naruto-1564773.jpg"),
            (53, f"{SITE}/naruto/1/53"),
        ),
        (
            "2016-page-naruto-662-2.html",
            "/naruto/662/2",
            1,
            (2, "http://i8.mangareader.net/naruto/662/naruto-4739563.jpg"),
            (2, "http://i8.mangareader.net/naruto/662/naruto-4739563.jpg"),
        ),
    ],
)
def test_a_reader_page_shows_its_image_and_page_1_lists_the_others(name, path, count, first, last):
    pages = pages_of(recorded(name, path))
    found = [(page.number, page.image_url or page.url) for page in pages]
    assert (len(found), found[0], found[-1]) == (count, first, last)


def test_a_chapter_that_is_not_released_is_told_apart():
    page = recorded("2019-not-released.html", "/dragon-ball-episode-of-bardock/100")
    with pytest.raises(ChapterUnavailable, match="not released yet"):
        list(THEME.parse_pages(page, CHAPTER))


def test_a_chapter_of_2020_names_all_its_images():
    page = recorded("2020-chapter-bardock-1.html", "/dragon-ball-episode-of-bardock/1")
    pages = pages_of(page)
    images = "http://i{}.imggur.net/dragon-ball-episode-of-bardock/1/dragon-ball-episode-of-bardock"
    assert len(pages) == 20
    assert pages[0] == Page(1, page.url, f"{images.format(10)}-2552925.jpg")
    assert pages[-1] == Page(20, page.url, f"{images.format(4)}-2552963.jpg")


def test_a_chapter_of_2020_that_is_not_released_is_told_apart():
    page = recorded("2020-not-released.html", "/dragon-ball-episode-of-bardock/100")
    with pytest.raises(ChapterUnavailable, match="not released yet"):
        list(THEME.parse_pages(page, CHAPTER))


def test_the_list_of_all_series():
    found = list(THEME.parse_search(recorded("2015-alphabetical.html", "/alphabetical")))
    assert len(found) == 74
    assert (found[0].id, found[0].title) == ("junjou-drop", "Junjou Drop")
    assert (found[-1].id, found[-1].title) == (
        "a-thousand-years-ninetails", "A Thousand Years Ninetails",
    )  # fmt: skip


def test_search_hits():
    found = list(THEME.parse_search(recorded("2019-search.html", "/search/")))
    assert [link.id for link in found][:3:2] == ["dragon-ball", "dragon-ball-episode-of-bardock"]
    assert (len(found), found[-1].title) == (6, "Dragon Ball Super")


def test_a_menu_that_lost_pages_is_a_layout_error():
    page = made_up(
        '<div id="selectpage"><select id="pageMenu"><option value="/x/1" selected>1</option>'
        '</select> of 20</div><div id="imgholder"><a><img id="img" src="/a.jpg"></a></div>'
    )
    with pytest.raises(LayoutError, match="1 of 20 pages"):
        list(THEME.parse_pages(page, CHAPTER))


def test_an_image_beside_the_page_is_not_the_page():
    page = made_up(
        '<div id="selectpage"><select id="pageMenu"><option value="/x/1" selected>1</option>'
        '</select> of 1</div><div id="imgholder"><img src="/ad.jpg"><img id="img" src="/a.jpg">'
    )
    assert list(THEME.parse_pages(page, CHAPTER)) == [Page(1, f"{SITE}/x/1", f"{SITE}/a.jpg")]


@pytest.mark.parametrize("parser", ["parse_series", "parse_chapters"])
def test_another_page_is_a_layout_error_naming_selector_and_address(parser: str):
    with pytest.raises(LayoutError, match=rf"'#.*' at {SITE}/x/1"):
        list(getattr(THEME, parser)(made_up("<h1>Hello</h1>")))
