"""The strip themes on pages recorded from real sites (see tests/captures.py)."""

import pytest
from scrapy.http import HtmlResponse

from mangacrawl.errors import LayoutError
from mangacrawl.source import Chapter, Page, Response, Source
from mangacrawl.themes.mangathemesia import MangaThemesia
from mangacrawl.themes.strip import Strip
from tests.captures import captures

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
