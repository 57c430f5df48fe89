"""Sources end to end, each from a server that answers as its cases have it."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crawl, run_crawl
from tests.fixed import as_json
from tests.site.played import playing

OURS = ("-s", "MANGA_SOURCE_MODULES=tests.loopback")


def fetched(done: Crawl) -> list[tuple[Any, ...]]:
    """Chapter, group and path of each page, in the order of the library."""
    assert done.exit_code == 0, done.stderr
    items = sorted(done.items(), key=lambda item: item["path"])
    return [(item["chapter"], item["group"], Path(item["path"]).name) for item in items]


def info_of(done: Crawl) -> str:
    """The metadata of the first volume."""
    with zipfile.ZipFile(min(done.output.glob("library/*/*.cbz"))) as book:
        return book.read("ComicInfo.xml").decode()


def test_guya_is_recognized_and_crawled(output: Path):
    with playing("guya", {"/read/manga/lantern-road/": "/api/series/lantern-road/"}) as site:
        done = run_crawl(output, url=f"{site.url}/read/manga/lantern-road/")
    assert fetched(done) == [
        ("10.5", "North Wind", "0001.png"),
        ("2", "North Wind", "0001.png"), ("2", "North Wind", "0002.png"),
    ]  # fmt: skip
    images = [path for path in site.paths() if path.startswith("/media/")]
    assert "/media/manga/lantern-road/chapters/0002_x/1/001.jpg?v2" in images
    assert "<Writer>Abe Mori</Writer>" in info_of(done)
    assert "<Translator>North Wind</Translator>" in info_of(done)


def test_the_group_that_is_asked_for_is_taken_where_it_has_a_chapter(output: Path):
    with playing("guya") as site:
        done = run_crawl(output, url=f"{site.url}/api/series/lantern-road/", group="Paper Boats")
    assert {(chapter, group) for chapter, group, _ in fetched(done)} == {
        ("2", "North Wind"), ("10.5", "Paper Boats"),
    }  # fmt: skip


def test_every_copy_of_a_chapter_has_a_file_of_its_own(output: Path):
    with playing("guya") as site:
        done = run_crawl(
            output, url=f"{site.url}/api/series/lantern-road/", group="all", bundle="chapter"
        )
    assert done.exit_code == 0, done.stderr
    names = sorted(path.name for path in output.glob("library/*/*.cbz"))
    assert names == [
        "Lantern Road c002 [2-1].cbz",
        "Lantern Road v02 c010.5 [10.5-1].cbz",
        "Lantern Road v02 c010.5 [10.5-4].cbz",
    ]


def test_mangadventure_is_found_by_name_and_crawled(output: Path, monkeypatch: pytest.MonkeyPatch):
    also = {"/api/v2/chapters/12/pages": "/api/v2/chapters/11/pages"}
    with playing("mangadventure", also) as site:
        monkeypatch.setenv("MANGACRAWL_SITE", site.url)
        done = run_crawl(output, *OURS, source="our-mangadventure", name="lantern road")
    assert {(chapter, group) for chapter, group, _ in fetched(done)} == {
        ("1", None), ("10.5", "North Wind & Paper Boats"),
    }  # fmt: skip
    assert not any("track" in path for path in site.paths())  # it counts views


def test_a_series_that_mangadventure_has_licensed_is_refused(
    output: Path, monkeypatch: pytest.MonkeyPatch
):
    with playing("mangadventure") as site:
        monkeypatch.setenv("MANGACRAWL_SITE", site.url)
        done = run_crawl(output, *OURS, source="our-mangadventure", id="night-shift")
    assert done.exit_code == 6
    assert "Night Shift is licensed" in done.verdict


def test_a_429_of_mangadventure_is_waited_out(output: Path, monkeypatch: pytest.MonkeyPatch):
    refusals = [as_json({"error": "throttled"}, 429, **{"Retry-After": "1"})]
    also = {"/api/v2/chapters/12/pages": "/api/v2/chapters/11/pages"}
    with playing("mangadventure", also) as site:
        monkeypatch.setenv("MANGACRAWL_SITE", site.url)
        answer = site.answers
        assert callable(answer)
        site.answers = lambda asked: refusals.pop() if refusals else answer(asked)
        done = run_crawl(
            output,
            *OURS,
            "-s",
            "ROBOTSTXT_OBEY=False",
            source="our-mangadventure",
            id="lantern-road",
        )
    assert (len(fetched(done)), refusals) == (4, [])


def test_pizzareader_is_recognized_and_crawled(output: Path):
    with playing("pizzareader") as site:
        done = run_crawl(output, url=f"{site.url}/api/comics/lantern-road", chapters="3.5")
    assert fetched(done) == [
        ("3.5", "North Wind", "0001.png"), ("3.5", "North Wind", "0002.png"),
    ]  # fmt: skip
    assert "<LanguageISO>it</LanguageISO>" in info_of(done)


def test_a_list_of_cubaris_is_crawled_in_all_three_shapes(
    output: Path, monkeypatch: pytest.MonkeyPatch
):
    with playing("cubari", {"/read/api/gist/series/moon/": "/a/raw/moon.json"}) as site:
        monkeypatch.setenv("MANGACRAWL_SITE", site.url)
        done = run_crawl(output, *OURS, source="our-cubari", id="gist/moon", group="all")
    assert {(chapter, group) for chapter, group, _ in fetched(done)} == {
        ("1", "Team A"), ("1", "Team B"), ("3", "Team A"),
    }  # fmt: skip


def test_pepper_and_carrot_is_crawled_with_its_credits(
    output: Path, monkeypatch: pytest.MonkeyPatch
):
    with playing("peppercarrot") as site:
        monkeypatch.setenv("MANGACRAWL_SITE", site.url)
        done = run_crawl(
            output, *OURS, source="our-peppercarrot", name="pepper", chapters="1", language="en"
        )
    assert [name for _, _, name in fetched(done)] == [
        "0001.png",
        "0002.png",
        "0003.png",
        "0004.png",
    ]
    images = sorted(path for path in site.paths() if "hi-res" in path)
    folder = "/0_sources/ep01_Potion-of-Flight/hi-res/en_Pepper-and-Carrot_by-David-Revoy"
    assert images == [f"{folder}_E01{part}" for part in (".jpg", "P00.jpg", "P01.gif", "P02.jpg")]
    assert "<Writer>David Revoy, A. Reader</Writer>" in info_of(done)
    assert "<Penciller>David Revoy</Penciller>" in info_of(done)


def test_xkcd_is_crawled_a_comic_a_chapter(output: Path, monkeypatch: pytest.MonkeyPatch):
    with playing("xkcd", {"/403/info.0.json": "/1663/info.0.json"}) as site:
        monkeypatch.setenv("MANGACRAWL_SITE", site.url)
        done = run_crawl(output, *OURS, source="our-xkcd", name="xkcd")
    assert [(item["chapter"], item["status"]) for item in done.items()] == [("405", "fetched")]
    assert "xkcd: chapter 403: it is a program, not a picture" in done.lines
