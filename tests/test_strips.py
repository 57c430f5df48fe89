"""The strip themes on pages recorded from real sites (see tests/captures.py), and on made-up ones.

What they have in common with other themes is in tests/test_themes.py.
"""

from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from mangacrawl.errors import LayoutError
from mangacrawl.source import Chapter, Page, Response, Source
from mangacrawl.themes.mangathemesia import MangaThemesia
from mangacrawl.themes.strip import Strip
from tests.captures import captures
from tests.conftest import run_crawl
from tests.fixed import Answer, serving
from tests.fixed import picture as some_picture
from tests.site import foolslide
from tests.site.serving import serving_theme
from tests.test_themes import WHOLE, leaves

SITE = "https://site.example"
THEMESIA = MangaThemesia("https://www.asurascans.com")


def recorded(name: str, url: str) -> Response:
    return HtmlResponse(url, body=captures(name).read_bytes(), encoding="utf-8")


def strip(**selectors: str) -> Strip:
    """The theme with a site's selectors."""
    theme = Strip(SITE)
    vars(theme).update(selectors)
    return theme


def chapters(source: Source, page: Response) -> list[Chapter]:
    return [each for each in source.parse_chapters(page) if isinstance(each, Chapter)]


def images(source: Source, page: Response) -> list[str | None]:
    found = source.parse_pages(page, Chapter("1", page.url))
    return [each.image_url for each in found if isinstance(each, Page)]


def test_a_series_of_mangathemesia_is_described():
    page = recorded("mangathemesia/series-asura.html", "https://www.asurascans.com/comics/x/")
    series = THEMESIA.parse_series(page)
    assert series.title == "Chronicles Of The Martial God\u2019s Return"
    assert (series.summary or "").startswith("The sixth masterpiece of the Wuxia Genre")
    uploads = "https://www.asurascans.com/wp-content/uploads"
    assert series.cover_url == f"{uploads}/2022/05/martialreturnCover01.png"


def test_chapters_of_mangathemesia_are_numbered_by_their_names():
    """The address of 27 ends in chapter-27-2, since WordPress knew another page of that name."""
    page = recorded("mangathemesia/chapterlist-asura.html", "https://www.asurascans.com/comics/x/")
    assert [(each.number, str(each.released)) for each in chapters(THEMESIA, page)] == [
        ("27", "2022-07-19"), ("28", "2022-07-27"), ("29", "2022-08-03"),
    ]  # fmt: skip


def test_images_of_mangathemesia_are_those_that_its_reader_is_told():
    page = recorded("mangathemesia/chapter-realm.html", "https://realmscans.com/x-chapter-123/")
    found = images(THEMESIA, page)
    uploads = "http://rwmert.space/wp-content/uploads/2022/08/infinite-level-up-in-murim"
    assert len(found) == 102
    assert found[0] == f"{uploads}-chapter-124-0.webp"
    assert found[-1] == f"{uploads}-manga-chapter-125-101.webp"


def test_a_list_of_mangathemesia_names_its_series():
    page = recorded("mangathemesia/list-asura.html", "https://www.asurascans.com/manga/list-mode/")
    assert [(link.id, link.title) for link in THEMESIA.parse_search(page)] == [
        ("damn-reincarnation", "Damn Reincarnation"), ("101-duke-pendragon", "Duke Pendragon"),
    ]  # fmt: skip


def test_a_list_of_2019_is_read_by_its_selectors():
    theme = strip(
        chapter_css=".row-content-chapter li", date_css=".chapter-time", cover_css=".info-image img"
    )
    page = recorded(
        "mangakakalot/2019-series-dragon-ball-super.html", f"{SITE}/manga/dragon_ball_super"
    )
    series, found = theme.parse_series(page), chapters(theme, page)
    assert series.title == "Dragon Ball Super"
    cover = "https://avt.mkklcdnv3.com/avatar_225/17824-dragon_ball_super.jpg"
    assert series.cover_url == cover
    assert (len(found), found[0].number, found[-1].number) == (56, "1", "55")
    assert found[0].title == "The God Of Destruction's Prophetic Dream"
    assert found[0].url == "https://manganelo.com/chapter/dragon_ball_super/chapter_1"
    assert found[-1].title is None


def test_a_chapter_of_2019_has_its_images_on_one_page():
    theme = strip(image_css=".container-chapter-reader img")
    found = images(theme, recorded("mangakakalot/2019-chapter-1.html", f"{SITE}/x/chapter_1"))
    host = "https://s5.mkklcdnv5.com/mangakakalot/d2/dragon_ball_super"
    folder = f"{host}/chapter_1_the_god_of_destructions_prophetic_dream"
    assert (len(found), found[0], found[-1]) == (16, f"{folder}/1.jpg", f"{folder}/16.jpg")


def test_a_chapter_that_is_not_there_names_the_selector_that_found_nothing():
    theme = strip(image_css=".container-chapter-reader img")
    page = recorded("mangakakalot/2019-chapter-missing.html", f"{SITE}/x/chapter_999")
    with pytest.raises(LayoutError, match=r"'\.container-chapter-reader img' at https://site"):
        images(theme, page)


def test_a_list_of_2020_has_other_links_beside_the_chapters():
    theme = strip(chapter_css="#table td.jds", tag_css="")
    page = recorded("mangafast/2020-series-dragon-ball-super.html", f"{SITE}/read/x/")
    series, found = theme.parse_series(page), chapters(theme, page)
    assert series.title == "Dragon Ball Super Manga"
    assert len({each.url for each in found}) == 63
    assert found[0].url == "https://mangafast.net/dragon-ball-super-chapter-1/"
    assert found[-1].url == "https://mangafast.net/dragon-ball-super-chapter-62/"


def test_images_that_are_loaded_late_are_found_where_they_will_be():
    theme = strip(image_css="#Read img")
    found = images(theme, recorded("mangafast/2020-chapter-1.html", f"{SITE}/x-chapter-1/"))
    folder = "https://i0.wp.com/mangafast.net/img4/2020-07-22/576980/dragon-ball-super-chapter-1"
    assert found == [f"{folder}-page-{number}.jpg?q=70" for number in range(1, 17)]


def test_a_strip_is_read_once_however_many_images_it_lacks(output: Path):
    html = {"Content-Type": "text/html"}
    images = "".join(f'<img src="/{number}.png">' for number in range(1, 6))
    pages = {
        "/tin": Answer(b'<h1>Tin</h1><a class="chapter" href="/tin/1">1</a>', headers=html),
        "/tin/1": Answer(f'<div class="reader">{images}</div>'.encode(), headers=html),
    }
    there = {f"/{number}.png": Answer(some_picture(number)) for number in range(1, 6)}
    with serving({**pages, "/1.png": there["/1.png"]}) as site:
        lacking = run_crawl(output, theme="strip", url=f"{site.url}/tin")
        site.answers = {**pages, **there}
        site.asked.clear()
        whole = run_crawl(output, theme="strip", url=f"{site.url}/tin")
        asked, referer = site.paths(), site.headers("/5.png")["referer"]
        page = f"{site.url}/tin/1"
    assert (lacking.exit_code, whole.exit_code) == (3, 0)
    assert sorted(asked) == [
        "/2.png",
        "/3.png",
        "/4.png",
        "/5.png",
        "/robots.txt",
        "/tin",
        "/tin/1",
    ]
    assert referer == page


def test_an_older_madara_is_asked_for_its_list_another_way(output: Path):
    with serving_theme("madara_older") as site:
        done = run_crawl(output, theme="madara", url=site.series_url, bundle="pages:250")
        asked = [line for line in site.asked if line.startswith("POST")]
    assert asked == ["POST /manga/tin-harbour/ajax/chapters/", "POST /wp-admin/admin-ajax.php"]
    assert done.exit_code == 0, done.stderr
    assert "Tin Harbour: chapter 11: protected: its pages are encrypted" in done.stderr
    assert leaves(output) == WHOLE[:13]


@pytest.mark.parametrize("theme", ["madara", "mangathemesia", "foolslide"])
def test_a_site_that_no_source_knows_is_recognized(theme: str, output: Path):
    with serving_theme(theme) as site:
        done = run_crawl(output, url=site.series_url, chapters="1")
    assert done.exit_code == 0, done.stderr
    assert f"reading it as theme={theme}" in done.stderr
    assert leaves(output) == [(201, 301), (201, 302), (201, 303)]


def test_foolslide_is_read_by_its_interface_too(output: Path):
    with serving_theme("foolslide") as site:
        url = f"{site.url}{foolslide.API}/comic/stub/tin_harbour/"
        done = run_crawl(output, theme="foolslide", url=url, bundle="pages:250")
        paths = {line.removeprefix("GET ") for line in site.asked}
    assert done.exit_code == 0, done.stderr
    assert leaves(output) == WHOLE
    assert {item["group"] for item in done.items()} == {"Quay"}
    assert not [path for path in paths if path.startswith(f"{foolslide.ROOT}/read")]


def test_a_series_for_adults_is_shown_to_who_asks_for_it(output: Path):
    with serving_theme("foolslide") as site:
        url = site.url + foolslide.ADULT_SERIES
        kept_back = run_crawl(output, theme="foolslide", url=url)
        done = run_crawl(output, url=url, rating="erotica", bundle="pages:250")
    assert kept_back.exit_code == 5
    assert "Tin Harbour is for adults: rating=erotica allows it" in kept_back.verdict
    assert done.exit_code == 0, done.stderr
    assert leaves(output) == WHOLE


def test_a_chapter_that_is_free_later_is_fetched_then(output: Path):
    html = {"Content-Type": "text/html"}
    index = '<h1>Tin</h1><ul class="chapters"><li{}><a href="{}">Chapter 1</a></li></ul>'
    reader = Answer(b'<div class="reader"><img src="/1.png"></div>', headers=html)
    asks = Answer(b'<div class="reader"><form class="post-password-form">', headers=html)
    paid = Answer(index.format(" class=locked", "#").encode(), headers=html)
    free = Answer(index.format("", "/tin/chapter-1").encode(), headers=html)
    states = (
        {"/tin": paid},
        {"/tin": free, "/tin/chapter-1": asks},
        {"/tin": free, "/tin/chapter-1": reader, "/1.png": Answer(some_picture())},
    )
    runs = []
    with serving({}) as site:
        for state in states:
            site.answers = state
            runs.append(run_crawl(output, theme="strip", url=f"{site.url}/tin"))
    assert [run.exit_code for run in runs] == [6, 6, 0]
    assert "not to be had: chapter 1 (paid or locked on the site)" in runs[0].stderr
    assert "Tin: the site shows no chapter that was asked for (paid" in runs[0].verdict
    assert "Tin: chapter 1: protected by a password" in runs[1].stderr
    assert "Tin: complete, 1 page, 1 volume" in runs[2].verdict
