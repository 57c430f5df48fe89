"""MangaDex end to end, against a server that plays its answers, errors and limits."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mangacrawl.source import Transfer
from mangacrawl.sources.mangadex import MangaDex
from tests.conftest import Crawl, run_crawl
from tests.fixed import Answer, Server, picture, serving
from tests.site.mangadex import OTHER, SERIES, MangaDexSite

HOSTS = "MANGA_PRIVATE_HOSTS=localhost,127.0.0.1"
OURS = (
    "-s",
    "MANGA_SOURCE_MODULES=tests.loopback",
    "-s",
    "MANGA_PRIVATE_HOSTS=localhost,127.0.0.1",
)


@pytest.fixture
def dex() -> MangaDexSite:
    return MangaDexSite()


@pytest.fixture
def server(dex: MangaDexSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving(dex) as running:
        dex.url = running.url
        monkeypatch.setenv("MANGACRAWL_SITE", running.url)
        yield running


def crawl(output: Path, *options: str, **arguments: str) -> Crawl:
    given = arguments if "name" in arguments else {"id": SERIES, **arguments}
    return run_crawl(output, *OURS, *options, source="our-mangadex", **given)


def test_a_series_is_crawled_with_its_groups_credited(
    dex: MangaDexSite, server: Server, output: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MANGACRAWL_LOGIN_OUR_MANGADEX", "Authorization: Bearer secret-of-mine")
    done = crawl(output, name="lantern road")
    assert done.exit_code == 0, done.stderr
    assert "not to be had: chapter 3 (only at https://publisher.example/last)" in done.lines
    assert [(item["chapter"], item["group"]) for item in done.items()] == [
        ("1", "Group 1"), ("1", "Group 1"), ("2", "Group 0"), ("2", "Group 0"),
    ]  # fmt: skip
    (volume,) = output.glob("library/*/*.cbz")
    with zipfile.ZipFile(volume) as book:
        info = book.read("ComicInfo.xml").decode()
        assert book.read("0000_cover.png") == picture(200)
    assert "<Writer>Abe Mori</Writer>" in info
    assert "<Penciller>Sato Rin</Penciller>" in info
    assert "<Translator>Group 1, Group 0</Translator>" in info
    told = {each.path.split("/")[1].partition("?")[0]: "authorization" in each.headers
            for each in server.asked if each.path != "/robots.txt"}  # fmt: skip
    assert told == {
        "manga": True, "at-home": True, "cover": True,
        "node": False, "covers": False, "report": False,
    }  # fmt: skip
    assert dex.early == 0


def test_every_image_is_reported_whether_it_came_or_not(
    dex: MangaDexSite, server: Server, output: Path
):
    dex.token_images = 1
    done = crawl(output, chapters="1")
    assert done.exit_code == 0, done.stderr
    told = [(each["success"], each["cached"], each["bytes"] > 0) for each in dex.reports]
    assert sorted(told) == [(False, False, False), (True, True, True), (True, True, True)]
    assert {each["type"] for each in dex.reports} == {"application/json"}
    assert all(isinstance(each["duration"], int) for each in dex.reports)
    assert all(each["url"].startswith(f"{server.url}/node/1.") for each in dex.reports)


def test_an_address_that_expires_is_asked_for_anew(dex: MangaDexSite, server: Server, output: Path):
    dex.token_images = 1
    done = crawl(output, chapters="1")
    assert done.exit_code == 0, done.stderr
    at_home = [path for path in server.paths() if path.startswith("/at-home/")]
    images = [path for path in server.paths() if path.startswith("/node/")]
    assert (len(at_home), len(images)) == (2, 3)


def test_reports_that_fail_cost_no_page(dex: MangaDexSite, server: Server, output: Path):
    dex.report = Answer(b"no", status=500)
    done = crawl(output)
    assert done.exit_code == 0, done.stderr
    tries = Counter(each["url"] for each in dex.reports)
    assert max(tries.values()) <= 2
    assert tries.total() >= 3  # and then it is seen that nobody listens


def test_a_429_is_waited_out(dex: MangaDexSite, server: Server, output: Path):
    dex.refusals = 1
    done = crawl(output)
    assert done.exit_code == 0, done.stderr
    assert (dex.refusals, dex.early) == (0, 0)
    assert dex.at_home_limit.peak == 3


def test_a_picture_that_its_address_does_not_promise_is_kept_and_told(
    dex: MangaDexSite, server: Server, output: Path
):
    dex.wrong_hash = "0" * 64
    done = crawl(output, chapters="1")
    assert done.exit_code == 0, done.stderr
    assert (
        "Lantern Road: chapter 1, page 1 is another picture than its address says; it is kept"
        in done.lines
    )


def test_a_name_that_several_series_have_ends_with_5_and_how_to_say_which(
    server: Server, output: Path
):
    done = crawl(output, name="lantern")
    assert done.exit_code == 5
    assert done.lines[-3:-1] == [
        f"  id={SERIES}  Lantern Road",
        f"  id={OTHER}  Lantern Road Nights",
    ]
    assert done.verdict == "lantern: 2 series have that name; say which with id= or url="


def test_the_series_with_exactly_the_title_wins(server: Server, output: Path):
    done = crawl(output, name="Lantern Road", chapters="1")
    assert done.verdict.startswith("Lantern Road: complete, 2 pages")


def test_an_image_of_mangadex_itself_is_not_reported():
    transfer = Transfer("https://uploads.mangadex.org/data/5f5f/1-aa.png", 200, 9, 0.5)
    assert MangaDex().report_request(transfer) is None


def test_a_list_of_seven_hundred_chapters_counts_them(
    dex: MangaDexSite, server: Server, output: Path
):
    dex.chapters, dex.per_page = 700, 500
    done = crawl(output, list="yes")
    assert done.verdict == (
        "Lantern Road: 699 chapters, 1,398 pages, 70 volumes; nothing was fetched"
    )
    assert {path.partition("?")[0] for path in server.paths()} == {
        "/robots.txt", f"/manga/{SERIES}", f"/manga/{SERIES}/feed",
    }  # fmt: skip
