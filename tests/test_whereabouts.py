"""Series whose site moves: known by their ledger, they are not fetched again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from scrapy.settings import Settings

from mangacrawl.library.whereabouts import moved
from mangacrawl.target import Target
from tests.conftest import Crawl, Crawler
from tests.fixed import Answer, Server, serving
from tests.releases import chapter, index
from tests.test_releases import FIRST, THEME

LISTED = index(chapter(1), chapter(2))["/series"]
TAGGED = replace(LISTED, headers={**LISTED.headers, "ETag": '"1"'})


@contextmanager
def moving() -> Iterator[tuple[Server, Server, dict[str, Answer]]]:
    """A site, the one that it will move to, and the answers of the first."""
    answers = {**FIRST, "/series": TAGGED}
    with serving(answers) as old, serving({**FIRST, "/series": TAGGED}) as new:
        yield old, new, answers


def led_on(to: str, status: int = 301) -> Answer:
    return Answer(status=status, headers={"Location": to})


def first(crawl: Crawler, site: Server, **arguments: str) -> Crawl:
    done = crawl(*THEME, url=f"{site.url}/series", theme="releases", **arguments)
    assert done.exit_code == 0
    return done


def images(*sites: Server) -> list[str]:
    return [path for site in sites for path in site.paths() if path.endswith(".png")]


def forget(*sites: Server) -> None:
    for site in sites:
        site.asked.clear()


def test_a_site_that_leads_on_to_another_host_keeps_its_ledger_under_either_address(crawl: Crawler):
    with moving() as (old, new, answers):
        before = first(crawl, old).files("pages")
        answers["/series"] = led_on(f"{new.url}/series")
        first(crawl, old)
        assert sorted(images(old, new)) == ["/a.png", "/b.png", "/c.png", "/d.png"]
        forget(old, new)
        again = crawl(*THEME, update="all")
        assert (again.exit_code, old.paths()) == (0, [])
        assert new.paths() == ["/robots.txt", "/series"]
        done = first(crawl, new)
        assert new.paths() == ["/robots.txt", "/series"] * 2
        assert done.files("pages") == before


def test_what_is_missing_is_asked_for_where_the_site_is_now(crawl: Crawler):
    with moving() as (old, new, answers):
        first(crawl, old, chapters="1")
        answers.clear()
        answers["/series"] = led_on(f"{new.url}/series")
        forget(old)
        done = crawl(*THEME, url=f"{old.url}/series", theme="releases", chapters="2")
        assert done.exit_code == 0
        assert sorted(images(new)) == ["/c.png", "/d.png"]
        assert old.paths() == ["/robots.txt", "/series"]


def test_an_address_that_leads_to_a_known_one_is_that_series(crawl: Crawler):
    with moving() as (old, new, answers):
        before = first(crawl, new).files("pages")
        answers["/series"] = led_on(f"{new.url}/series")
        forget(new)
        done = first(crawl, old)
        assert images(old, new) == []
        assert done.files("pages") == before


def test_a_site_that_leads_on_for_a_while_has_not_moved(crawl: Crawler):
    with moving() as (old, new, answers):
        first(crawl, old)
        answers["/series"] = led_on(f"{new.url}/series", 302)
        first(crawl, old)
        forget(old)
        again = crawl(*THEME, update="all")
        assert (again.exit_code, images(old, new)[4:]) == (0, [])
        assert "/series" in old.paths()


def test_a_user_may_say_where_a_series_is_now(crawl: Crawler):
    with moving() as (old, new, answers):
        before = first(crawl, old).files("pages")
        answers.clear()
        done = crawl(*THEME, update="Series", url=f"{new.url}/series")
        assert (done.exit_code, new.paths()) == (0, ["/robots.txt", "/series"])
        assert done.files("pages") == before
        forget(old, new)
        crawl(*THEME, update="all")
        assert (old.paths(), new.paths()) == ([], ["/robots.txt", "/series"])


def test_a_series_with_a_new_name_in_its_address_keeps_its_ledger(crawl: Crawler):
    with serving(answers := dict(FIRST)) as site:
        before = first(crawl, site).files("pages")
        answers["/renamed"] = answers["/series"]
        answers["/series"] = led_on("/renamed")
        forget(site)
        assert first(crawl, site).files("pages") == before
        assert site.paths() == ["/robots.txt", "/series", "/renamed"]


def test_a_site_that_leads_back_and_forth_is_followed_once(crawl: Crawler):
    with moving() as (old, new, answers):
        answers["/series"] = led_on(f"{new.url}/series", 308)
        new.answers = {**FIRST, "/series": led_on(f"{old.url}/series")}
        done = crawl(*THEME, url=f"{old.url}/series", theme="releases")
        assert done.exit_code != 0
        assert len(old.paths()) < 20


def test_only_the_host_that_the_user_named_may_be_private():
    settings = Settings({"MANGA_SOURCE_MODULES": []})
    target = Target.parse({"url": "http://old.example/akira"}, settings)
    there = moved(target, "http://old.example/akira", "https://new.example/akira-2", None)
    assert there.url == "https://new.example/akira-2"
    assert there.source.base_url == "https://new.example"
    assert there.hosts == {"old.example"}
    assert there.as_facts()["moved_from"] == "http://old.example"
