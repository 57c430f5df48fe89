"""Recorded answers of real sites, and what the parsers make of them (see tests/captures.py)."""

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from mangacrawl.errors import NotFound
from mangacrawl.library.copies import gaps
from mangacrawl.source import Chapter, Page, Request, Response, Source, Wishes
from mangacrawl.sources.cubari import Cubari
from mangacrawl.sources.mangadex import MangaDex
from mangacrawl.sources.peppercarrot import PepperCarrot
from mangacrawl.sources.xkcd import Xkcd
from mangacrawl.themes.mangafox import MangaFox
from mangacrawl.themes.mangahere import MangaHere
from mangacrawl.themes.webcomic import Webcomic
from tests.captures import captures

ISR = "1b2fddf9-1385-4f3c-b37a-cf86a9428b1a"
ANY = Chapter("any", "")


def recorded(name: str, url: str) -> Response:
    return HtmlResponse(url, body=captures(name).read_bytes(), encoding="utf-8")


def chapters(source: Source, response: Response) -> list[Chapter]:
    found = list(source.parse_chapters(response))
    return [each for each in found if isinstance(each, Chapter)]


def test_a_series_of_mangadex_is_kept_back_unless_its_rating_was_asked_for():
    response = recorded("mangadex/manga-isr.json", f"https://api.mangadex.org/manga/{ISR}")
    with pytest.raises(NotFound, match="Ishuzoku Reviewers is rated erotica"):
        MangaDex().parse_series(response)
    series = MangaDex(wishes=Wishes(rating="erotica")).parse_series(response)
    assert (series.id, series.title, series.status) == (ISR, "Ishuzoku Reviewers", "ongoing")
    assert (len(series.alternative_titles), series.direction) == (4, "rtl")
    assert series.authors == ()  # this answer was asked for without includes[]


def test_the_feed_of_mangadex_is_read_to_its_end():
    response = recorded("mangadex/feed-isr.json", "https://api.mangadex.org/manga/x/feed?limit=500")
    found = list(MangaDex().parse_chapters(response))
    listed = [each for each in found if isinstance(each, Chapter)]
    assert len(found) == len(listed) == 33
    assert (listed[0].volume, listed[0].number, listed[0].title) == ("9", "66", None)
    assert (listed[-1].volume, listed[-1].number, listed[-1].title) == ("1", "1", "Pilot Chapter")
    assert sum(each.title is None for each in listed) == 32  # six are null, the others empty
    assert {each.language for each in listed} == {"en"}
    assert gaps(listed) == [(4, 11), (13, 28), (51, 56), (61, 63)]


def test_what_mangadex_has_only_as_a_link_elsewhere_is_not_to_be_had():
    response = recorded("mangadex/feed-aot-external.json", "https://api.mangadex.org/manga/x/feed")
    listed = chapters(MangaDex(), response)
    assert len(listed) == 7
    assert {each.number for each in listed} == {"1", "2", "3"}
    assert all((each.unavailable or "").startswith("only at https://") for each in listed)


def test_an_at_home_server_of_mangadex_lists_pages_in_two_sizes():
    response = recorded("mangadex/at-home-isr-66.json", "https://api.mangadex.org/at-home/server/x")
    pages = list(MangaDex().parse_pages(response, ANY))
    digest = "81d1b147193af0311cd7eb6b3055e60e3af82a202b5f8c1668deb777b652c79d"
    node = "https://cmdxd98sb0x3yprd.mangadex.network/data/67045b31c304380005d706c82a5d4ca4"
    assert len(pages) == 17
    assert pages[0] == Page(1, image_url=f"{node}/1-{digest}.png")
    small = list(MangaDex(wishes=Wishes(is_small=True)).parse_pages(response, ANY))
    assert (small[0].image_url or "").endswith(
        "/data-saver/67045b31c304380005d706c82a5d4ca4/"
        "1-acac51564c86444aa1406c9027cc02598ef14bac3464669859c5bc55e2cd9fe4.jpg"
    )


def test_a_search_of_mangadex_names_its_hits():
    response = recorded("mangadex/search.json", "https://api.mangadex.org/manga?title=x")
    assert [(link.id, link.title) for link in MangaDex().parse_search(response)] == [
        ("831b12b8-2d0e-4397-8719-1efee4c32f40", "Oshimai"),
        ("f98660a1-d2e2-461c-960d-7bd13df8b76d", "Kanojo to Himitsu to Koimoyou"),
    ]


def test_a_list_for_cubari_names_all_its_pages():
    response = recorded("cubari/gist-adhdinos.json", "https://raw.example/adhdinos.json")
    listed = chapters(Cubari(), response)
    assert Cubari.recognizes(response)
    assert [each.number for each in listed] == [str(number) for number in range(1, 169)]
    assert sum(len(each.pages) for each in listed) == 178
    assert listed[0].pages[0].image_url == "https://i.redd.it/4gt3jx1pxy381.jpg"
    assert (listed[0].title, listed[0].volume) == ("Wish I didn't do that...", None)


def test_a_list_for_cubari_may_name_paths():
    response = recorded("cubari/gist-onk-proxy.json", "https://raw.example/onk.json")
    listed = chapters(Cubari(), response)
    numbers = sorted(float(each.number or 0) for each in listed)
    assert (len(listed), numbers[0], numbers[-1]) == (11, 28, 133)
    assert listed[0].url == (
        "https://cubari.moe/proxy/api/mangadex/chapter/414bf5d5-e3dd-418d-9a92-92092ecdb117/"
    )
    assert {each.group for each in listed} == {"Ruby FC", "Feyku", "Yura, Yanii", "Hino"}
    assert {each.pages for each in listed} == {()}


def test_the_episodes_of_peppercarrot_are_chapters_in_each_language():
    """The list of 2018 has no file names yet: they are added as later lists have them."""
    episodes: list[dict[str, Any]] = json.loads(
        captures("peppercarrot/episode-2018.json").read_text()
    )
    for episode in episodes:
        count = episode["total_page"]
        episode["pages"] = {str(number): f"E{number}.jpg" for number in range(1, count + 1)}
    body = json.dumps(episodes).encode()
    response = HtmlResponse("https://www.peppercarrot.com/x", body=body, encoding="utf-8")
    english = [each for each in chapters(PepperCarrot(), response) if each.language == "en"]
    assert len(english) == 23
    assert (english[0].number, english[0].title) == ("1", "Potion of Flight")
    assert (english[-1].number, english[-1].title) == ("23", "Take a Chance")
    assert sum(len(each.pages) for each in english) == 197


def test_the_newest_xkcd_of_2014_has_one_picture():
    response = recorded("xkcd/info.0.json", "https://xkcd.com/1410/info.0.json")
    (page,) = Xkcd().parse_pages(response, ANY)
    assert page.image_url == "https://imgs.xkcd.com/comics/california.png"


@pytest.mark.parametrize(
    ("name", "storyline", "images", "following"),
    [
        (
            "comic-easel/zenpencils-222.html",
            "Comic",
            ["https://cdn-zenpencils.netdna-ssl.com/wp-content/uploads/222_lifejacket.jpg"],
            "https://zenpencils.com/comic/missing/",
        ),
        (
            "comic-easel/zenpencils-home.html",
            "Comic",
            [
                "https://cdn-zenpencils.netdna-ssl.com/wp-content/uploads/223_lilfrida1.jpg",
                "https://cdn-zenpencils.netdna-ssl.com/wp-content/uploads/223_lilfrida2b.jpg",
            ],
            None,
        ),
        (
            "comic-easel/bloominfaeries-405.html",
            "Public",
            ["http://www.bloomingfaeries.com/wp-content/uploads/2017/10/BF0405_Heather-color.jpg"],
            "http://www.bloomingfaeries.com/comic/public/bloomin-faeries-406/",
        ),
        (
            "webcomics/toocheke-bloominfaeries-601.html",
            "Chapter 14",
            ["https://www.bloomingfaeries.com/wp-content/uploads/2025/08/BF601-color.jpg"],
            "https://www.bloomingfaeries.com/comic/602-chapter-15-page-01/?sid=19724",
        ),
        (
            "webcomics/mgsisk-artificialincident-sot-26.html",
            "Chapter 15 - Strongest of Talithar",
            ["https://www.artificialincident.com/wp-content/uploads/sites/3/aich15p26.png"],
            "https://www.artificialincident.com/comic/strongest-of-talithar-27/",
        ),
    ],
)
def test_a_page_of_a_webcomic_has_pictures_and_a_next_page(
    name: str, storyline: str, images: list[str], following: str | None
):
    response = recorded(name, f"https://site.example/{Path(name).stem}/")
    found = list(
        Webcomic("https://site.example").parse_pages(response, Chapter("", "", title=storyline))
    )
    assert [each.image_url for each in found if isinstance(each, Page)] == images
    followed = [each.url for each in found if isinstance(each, Request)]
    assert followed == ([following] if following else [])


@pytest.mark.parametrize(
    ("name", "first"),
    [
        (
            "comic-easel/bloominfaeries-405.html",
            "http://www.bloomingfaeries.com/comic/public/pit-stop/",
        ),
        (
            "webcomics/toocheke-bloominfaeries-601.html",
            "https://www.bloomingfaeries.com/comic/pit-stop/?sid=19724",
        ),
        (
            "webcomics/mgsisk-artificialincident-sot-26.html",
            "https://www.artificialincident.com/comic/issue-one-life-changing/",
        ),
    ],
)
def test_a_webcomic_begins_where_it_says_so(name: str, first: str):
    response = recorded(name, "https://site.example/x/")
    (request,) = Webcomic("https://site.example").parse_chapters(response)
    assert request.url == first


def test_the_series_page_of_mangafox_lists_volumes_of_chapters():
    page = recorded(
        "mangafox/2015-series-the-gamer.html", "http://mangafox.example/manga/the_gamer/"
    )
    theme = MangaFox("http://mangafox.example")
    series, listed = theme.parse_series(page), chapters(theme, page)
    assert (series.id, series.title, series.status, series.year) == (
        "the_gamer", "THE GAMER", "ongoing", 2013,
    )  # fmt: skip
    assert (series.authors, series.artists) == (("Sung San-young",), ("Sang-ah",))
    assert (len(series.tags), len(series.alternative_titles)) == (9, 11)
    assert series.cover_url == "http://a.mfcdn.net/store/manga/13088/cover.jpg?1440726363"
    assert len(listed) == 97
    first, last = listed[0], listed[-1]
    assert (first.id, first.volume, first.number) == ("v01/c001", "1", "1")
    assert first.url == "http://mangafox.me/manga/the_gamer/v01/c001/1.html"
    assert (last.id, last.volume, last.number) == ("v02/c096", "2", "96")
    assert [each.number for each in listed if each.id == "v01/c086.5"] == ["86.5"]
    assert sum(each.volume == "2" for each in listed) == 10
    assert (str(first.released), str(last.released)) == ("2013-09-06", "2015-08-28")
    assert {each.title for each in listed} == {None}


def test_a_page_of_mangafox_has_a_menu_that_ends_with_comments():
    address = "http://mangafox.example/manga/the_gamer/v02/c095/1.html"
    page = recorded("mangafox/2015-page-the-gamer-95-1.html", address)
    pages = list(MangaFox("http://mangafox.example").parse_pages(page, ANY))
    image = "http://a.mfcdn.net/store/manga/13088/02-095.0/compressed/m001.jpg"
    assert len(pages) == 23
    assert pages[0] == Page(1, address, image)
    assert pages[-1] == Page(23, "http://mangafox.example/manga/the_gamer/v02/c095/23.html")


def test_a_page_of_mangahere_has_its_menu_twice():
    address = "http://www.mangahere.co/manga/the_gamer/c095/"
    page = recorded("mangahere/2015-page-the-gamer-95-1.html", address)
    pages = list(MangaHere("http://www.mangahere.co").parse_pages(page, ANY))
    image = (
        "http://a.mhcdn.net/store/manga/13739/095.0/compressed/rthe-gamer-5978533.jpg?v=1440085982"
    )
    assert len(pages) == 23
    assert pages[0] == Page(1, address, image)
    assert pages[-1] == Page(23, f"{address}23.html")


def test_the_list_of_mangahere_keeps_the_quotes_in_titles():
    page = recorded("mangahere/2015-list.html", "http://www.mangahere.co/mangalist/")
    found = list(MangaHere("http://www.mangahere.co").parse_search(page))
    assert len(found) == 30
    assert (found[0].id, found[0].title, found[0].url) == (
        "aishiteru_uso_dakedo", '"Aishiteru", Uso Dakedo.',
        "http://www.mangahere.co/manga/aishiteru_uso_dakedo/",
    )  # fmt: skip
    assert (found[-1].id, found[-1].title) == (
        "b_a_d_sakakibara_sousou", "B.A.D. (SAKAKIBARA Sousou)",
    )  # fmt: skip
