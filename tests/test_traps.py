"""Sites without end: each ends by a limit, and says so."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mangacrawl.demo.addresses import reader_path
from mangacrawl.demo.catalogue import catalogue
from tests.battery import answer
from tests.conftest import ROOT, Crawl, Crawler, Site

MODULE = ("-s", "MANGA_SOURCE_MODULES=tests.traps")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.traps", "serve"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as site:  # fmt: skip
        assert site.stdout
        yield site.stdout.readline().strip()
        site.communicate()


@pytest.fixture(autouse=True)
def few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANGACRAWL_MAX_PAGES", "40")


def asked(url: str) -> int:
    found: int = requests.get(f"{url}/requests", timeout=10).json()
    return found


@pytest.mark.parametrize(
    ("kind", "said", "most"),
    [
        ("calendar", "goes on after 30 chapters on 30 of the site's pages", 31),
        ("circle", "goes in circles after 3 chapters on 4 of the site's pages", 4),
        ("crowd", "goes on after 5,000 chapters on 1 of the site's pages", 1),
    ],
)
def test_an_index_without_end_ends_in_8_before_any_chapter(
    crawl: Crawler, url: str, kind: str, said: str, most: int
):
    before = asked(url)
    limit = ("-s", "MANGA_MAX_CHAPTERS=30") if kind == "calendar" else ()
    done = crawl(*MODULE, *limit, theme="trap", url=f"{url}/{kind}")
    assert done.exit_code == 8
    assert said in done.verdict
    assert asked(url) - before - 1 <= most
    assert done.files("pages") == {}


@pytest.mark.parametrize(
    ("kind", "said", "stored"),
    [
        ("endless", "goes on after 40 pages on 40 of the site's pages", 39),
        ("mirror", "goes in circles after 1 pages on 4 of the site's pages", 3),
        ("scroll", "goes on after 10,000 pages on 1 of the site's pages", 0),
    ],
)
def test_a_chapter_without_end_ends_in_8_and_keeps_what_it_brought(
    crawl: Crawler, url: str, kind: str, said: str, stored: int
):
    done = crawl(*MODULE, theme="trap", url=f"{url}/{kind}")
    assert done.exit_code == 8
    assert said in done.verdict
    assert len(done.files("pages")) == stored
    assert done.files("library") == {}


@pytest.mark.parametrize(("kind", "pages"), [("self", 2), ("back", 2)])
def test_a_link_back_is_an_end(crawl: Crawler, url: str, kind: str, pages: int):
    done: Crawl = crawl(*MODULE, theme="trap", url=f"{url}/{kind}")
    assert done.exit_code == 0
    assert f"complete, {pages} pages, 1 volume" in done.verdict


def test_a_second_run_meets_the_same_limit(crawl: Crawler, url: str):
    first, again = (crawl(*MODULE, theme="trap", url=f"{url}/endless") for _ in range(2))
    assert again.exit_code == 8
    assert again.files("pages") == first.files("pages")


def test_a_chapter_without_pages_is_said_and_makes_no_volume(crawl: Crawler, url: str):
    done = crawl(*MODULE, theme="trap", url=f"{url}/empty")
    assert done.exit_code == 3
    assert "missing: chapter 1 (the chapter has no pages)" in done.lines
    assert done.files("library") == {}


def test_a_page_that_its_parser_never_comes_to_the_end_of_costs_its_chapter_and_ends_in_8(
    crawl: Crawler, url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MANGACRAWL_MOST_SECONDS", "1")
    before = asked(url)
    first, again = (crawl(*MODULE, theme="trap", url=f"{url}/knot") for _ in range(2))
    assert (first.exit_code, again.exit_code) == (8, 8)
    assert "/knot/1 takes more than 1 s to read" in again.verdict
    assert asked(url) - before - 1 == 2 * len(["index", "chapter"])
    assert again.files("library") == {}


def test_a_symlink_for_a_page_is_not_followed_out_of_the_output(
    crawl: Crawler, url: str, tmp_path: Path
):
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("mine")
    done = crawl(*MODULE, theme="trap", url=f"{url}/self")
    page = next(done.output.glob("pages/*/*/0001.png"))
    page.unlink()
    page.symlink_to(elsewhere)
    assert crawl(*MODULE, theme="trap", url=f"{url}/self").exit_code == 0
    assert elsewhere.read_text() == "mine"
    assert not page.is_symlink()


def test_an_output_that_is_a_symlink_is_the_users_own_will(
    crawl: Crawler, url: str, output: Path, tmp_path: Path
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    output.symlink_to(elsewhere)
    done = crawl(*MODULE, theme="trap", url=f"{url}/self")
    assert (done.exit_code, output.is_symlink()) == (0, True)
    assert len(list(elsewhere.glob("pages/*/*/*.png"))) == 2


def test_a_folder_in_the_place_of_a_page_ends_in_7_and_stays(crawl: Crawler, url: str):
    done = crawl(*MODULE, theme="trap", url=f"{url}/self")
    page = next(done.output.glob("pages/*/*/0001.png"))
    page.unlink()
    (page / "mine").mkdir(parents=True)
    again = crawl(*MODULE, theme="trap", url=f"{url}/self")
    assert again.exit_code == 7
    assert (page / "mine").is_dir()


@pytest.mark.parametrize("elsewhere", ["/sampler/1/2", "/93-1-2/sampler/chapter-1.html"])
def test_a_menu_that_leads_into_another_series_costs_its_chapter_and_is_not_followed(
    crawl: Crawler, site: Site, elsewhere: str
):
    menu = f'<option value="/akira/2" selected>1</option><option value="{elsewhere}">2</option>'
    page = (
        f"<div id=selectpage><select id=pageMenu>{menu}</select> of 2</div>"
        '<div id=imgholder><img id=img src="/1.jpg"></div>'
    )
    akira = catalogue()["akira"]
    address = reader_path(akira, akira.chapters[1])
    site.spoil(**{address: answer(page, Content_Type="text/html")})
    first, again = (crawl(url=f"{site.url}/akira", chapters="1-2") for _ in range(2))
    assert (first.exit_code, again.exit_code) == (3, 3)
    assert f"page 2 is not of this series at {site.url}{address}" in again.stderr
    assert elsewhere not in site.stats()["paths"]
    assert len(again.files("pages")) == len(akira.chapters[0].pages)
