"""What stands before an index: each ends in one plain line, stores nothing, is not passed."""

from typing import Any

import pytest

from tests.battery import CHALLENGE, IN_THE_WAY, LOGIN, answer
from tests.conftest import Crawler, Site

DDOS_GUARD = "<!doctype html><title>DDoS-Guard</title><script src='/ddos-guard/check.js'></script>"


@pytest.mark.parametrize(
    ("fault", "obstacle", "asked"),
    [
        (answer(LOGIN), "a login page", ["/sampler"]),
        (answer("", 302, Location="/login"), "a login page", ["/sampler", "/login"]),
        (answer("", 403, cf_mitigated="challenge"), "a Cloudflare challenge", ["/sampler"]),
        (answer(CHALLENGE, 503), "a Cloudflare challenge", ["/sampler"]),
        (answer(CHALLENGE), "a Cloudflare challenge", ["/sampler"]),
        (answer(DDOS_GUARD, 403), "a DDoS-Guard challenge", ["/sampler"]),
    ],
    ids=["login", "redirect to a login", "header", "challenge 503", "challenge 200", "DDoS-Guard"],
)
def test_an_obstacle_is_named_and_not_passed(
    crawl: Crawler, site: Site, fault: dict[str, Any], obstacle: str, asked: list[str]
):
    site.spoil(**{"/sampler": fault})
    done = crawl(url=f"{site.url}/sampler", chapters="1")
    assert done.exit_code == 6
    assert done.verdict == f"{site.url}/sampler: {obstacle} {IN_THE_WAY}"
    assert site.stats()["paths"] == ["/robots.txt", *asked]
    assert done.files("pages") == done.files("library") == {}
    site.spoil()
    assert crawl(url=f"{site.url}/sampler", chapters="1").exit_code == 0


def test_chapters_behind_a_challenge_end_in_6_and_the_site_is_left_alone(
    crawl: Crawler, site: Site
):
    challenged = answer(CHALLENGE, 403)
    site.spoil(**{f"/akira/{number}": challenged for number in range(61, 121)})
    done = crawl("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", url=f"{site.url}/akira", chapters="61-")
    assert done.exit_code == 6
    assert "a Cloudflare challenge stands in the way" in done.verdict
    assert 10 <= site.stats()["requests"]["reader"] < 20
    assert done.files("pages") == {}


def test_a_list_that_has_lost_its_chapters_ends_in_5_and_removes_nothing(
    crawl: Crawler, site: Site
):
    before = crawl(url=f"{site.url}/sampler", chapters="1").files()
    page = "<div id=mangaproperties><h1>Sampler (demo)</h1></div><div id=chapterlist></div>"
    site.spoil(**{"/sampler": answer(page, Content_Type="text/html")})
    done = crawl(url=f"{site.url}/sampler")
    assert done.exit_code == 5
    assert "'#chapterlist #listing tr:not(.table_head)'" in done.verdict
    assert f"{site.url}/sampler" in done.verdict
    assert "the site's layout may have changed" in done.verdict
    assert {path: done.files()[path] for path in before} == before


def test_a_robots_txt_that_does_not_come_ends_in_4(crawl: Crawler, site: Site):
    site.spoil(**{"/robots.txt": "hold"})
    done = crawl("-s", "DOWNLOAD_TIMEOUT=0.5", url=f"{site.url}/sampler")
    site.spoil()
    assert done.exit_code == 4
    assert done.verdict.endswith("; try again later")
    assert done.files("pages") == {}


def test_of_a_robots_txt_of_ten_megabytes_the_beginning_counts(crawl: Crawler, site: Site):
    rules = "User-agent: *\n" + "# nothing to see\n" * 580_000 + "Disallow: /\n"
    site.spoil(**{"/robots.txt": answer(rules, Content_Type="text/plain")})
    assert crawl(url=f"{site.url}/sampler", chapters="1").exit_code == 0


@pytest.mark.parametrize("delay", ["inf", "nan", "-5", "soon"])
def test_a_crawl_delay_that_is_no_time_is_none(crawl: Crawler, site: Site, delay: str):
    rules = f"User-agent: *\nCrawl-delay: {delay}\n"
    site.spoil(**{"/robots.txt": answer(rules, Content_Type="text/plain")})
    done = crawl(url=f"{site.url}/traps")
    assert done.exit_code == 0
    assert "between requests" not in done.stderr


def test_a_crawl_delay_of_a_day_is_a_refusal(crawl: Crawler, site: Site):
    rules = "User-agent: *\nCrawl-delay: 86400\n"
    site.spoil(**{"/robots.txt": answer(rules, Content_Type="text/plain")})
    done = crawl(url=f"{site.url}/sampler")
    assert done.exit_code == 6
    assert "asks for 86,400 s between requests" in done.verdict
    assert site.stats()["paths"] == ["/robots.txt"]
