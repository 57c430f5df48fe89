"""`scrapy search`: what a person types, what he gets, and what a script can trust."""

import json
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from mangacrawl.crawl.finding import alike
from mangacrawl.records import SeriesLink
from tests.conftest import QUICK, run_scrapy
from tests.fixed import Server, as_json, serving
from tests.site.played import playing

OURS = ("-s", "MANGA_SOURCE_MODULES=tests.loopback", *QUICK)


def search(output: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return run_scrapy("search", *OURS, "-s", f"MANGA_OUTPUT_DIR={output}", *words)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """One site with the answers of Guya and of MangAdventure to a search."""
    guya = {title: {"slug": title.lower()} for title in ("Lanterns of Rome", "Lanterns", "Moon")}
    adventure = {"slug": "a b", "title": "The Lanterns\x1b[31m", "url": "/reader/a/"}
    answers = {
        "/api/get_all_series/": as_json(guya),
        "/api/v2/series": as_json({"results": [adventure]}),
    }
    with serving(answers) as site:
        monkeypatch.setenv("MANGACRAWL_SITE", site.url)
        yield site


def test_each_hit_says_how_to_crawl_it(readers: Server, output: Path):
    found = search(output, "--source", "our-guya", "--source", "our-mangadventure", "lanterns")
    assert found.stdout.splitlines() == [
        "source             title              scrapy crawl manga …",
        "our-guya           Lanterns           -a source=our-guya -a id=lanterns",
        "our-guya           Lanterns of Rome   -a source=our-guya -a 'id=lanterns of rome'",
        "our-mangadventure  The Lanterns [31m  -a source=our-mangadventure -a 'id=a b'",
    ]
    assert found.stderr.splitlines() == ["lanterns: 3 series at 2 sources"]
    assert found.returncode == 0
    assert readers.paths().count("/robots.txt") == 1


def test_the_arguments_of_a_hit_crawl_it(monkeypatch: pytest.MonkeyPatch, output: Path):
    with playing("guya") as site:
        monkeypatch.setenv("MANGACRAWL_SITE", site.url)
        found = search(output, "--json", "--source", "our-guya", "lantern", "road")
        (hit,) = json.loads(found.stdout)
        crawled = run_scrapy(
            "crawl", "manga", *OURS, "-s", f"MANGA_OUTPUT_DIR={output}", *hit["arguments"]
        )
    assert (hit["source"], hit["id"], hit["title"]) == ("our-guya", "lantern-road", "Lantern Road")
    assert crawled.stderr.splitlines()[-1].startswith("Lantern Road: complete, 3 pages")


def test_a_source_that_does_not_answer_is_named_and_the_others_are_shown(
    readers: Server, output: Path
):
    found = search(output, "--source", "our-pizzareader", "--source", "our-guya", "moon")
    assert found.stdout.splitlines()[1:] == ["our-guya  Moon   -a source=our-guya -a id=moon"]
    assert found.stderr.splitlines() == [
        "our-pizzareader does not exist (HTTP 404)",
        "moon: 1 series at 1 source; not every source answered",
    ]
    assert found.returncode == 3


def test_a_search_that_finds_nothing_ends_with_5(readers: Server, output: Path):
    found = search(output, "--json", "--source", "our-guya", "zeppelin")
    assert (json.loads(found.stdout), found.returncode) == ([], 5)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "scrapy search QUERY"),
        (("--source", "nowhere", "moon"), "there is cubari, demo"),
        (("--source", "our-cubari", "moon"), "our-cubari cannot be searched"),
    ],
)
def test_a_search_that_cannot_be_ends_with_2_and_no_request(
    words: tuple[str, ...], said: str, readers: Server, output: Path
):
    found = search(output, *words)
    assert said in found.stderr
    assert (found.returncode, readers.asked) == (2, [])


link = partial(SeriesLink, url="")


def test_titles_with_all_words_count_in_any_order():
    links = [link("a", "Road of Lanterns"), link("b", "Lanterns"), link("c", "Road")]
    assert [each.id for each in alike(links, "lanterns road")] == ["a"]


def test_where_no_title_has_the_words_those_spelled_like_them_count():
    links = [link("a", "Berserk"), link("b", "Moon")]
    assert [each.id for each in alike(links, "berzerk")] == ["a"]
