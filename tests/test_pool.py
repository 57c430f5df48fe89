"""The bound of fifty, counted where it matters: at the server."""

import json
from pathlib import Path
from threading import Barrier

import pytest

from tests.conftest import Crawler, Site, Start, remember_fifty
from tests.fixed import PLAIN, Answer, Asked, picture, serving, strip

CHAPTERS = "1-12"
QUICKLY = ("--latency", "0.3")
IMAGE_HOSTS = ("-s", "MANGA_PRIVATE_HOSTS=localhost,127.0.0.2")


@pytest.mark.parametrize("flags", [(), ("--image-hosts", "3"), ("--redirect-images",)])
def test_a_site_never_sees_51_at_once_and_sees_50(
    crawl: Crawler, start_site: Start, output: Path, flags
):
    site = start_site(*QUICKLY, *flags)
    remember_fifty(output, site)
    done = crawl(*IMAGE_HOSTS, url=f"{site.url}/akira", chapters=CHAPTERS)
    assert done.exit_code == 0
    assert site.stats()["peak_in_flight"] == 50
    assert "pool peak 50" in done.verdict


def test_one_image_host_costs_at_most_51_connections(crawl: Crawler, start_site: Start):
    site = start_site(*QUICKLY)
    crawl(url=f"{site.url}/akira", chapters=CHAPTERS)
    assert site.stats()["connections"]["opened"] <= 51


def test_a_chapter_on_one_page_has_its_pictures_asked_for_fifty_at_once(
    crawl: Crawler, output: Path
):
    images = [f"/{number}.png" for number in range(50)]
    known, gathered = strip(*images), Barrier(50, timeout=30)

    def answers(asked: Asked) -> Answer:
        if asked.path in images:
            gathered.wait()
            return Answer(picture())
        return known.get(asked.path, Answer(status=404))

    with serving(answers) as site:
        remember_fifty(output, Site(site.url))
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert (done.exit_code, len(done.items())) == (0, 50)


def test_a_site_of_a_picture_a_page_costs_one_task_a_response_once_it_is_recognized(
    crawl: Crawler, site: Site
):
    done = crawl("-s", "MANGA_SOURCE_MODULES=tests.tasks", url=f"{site.url}/sampler", chapters="1")
    tasks = [line for line in done.lines if line.startswith("tasks: ")]
    assert tasks == ["tasks: 50"] + ["tasks: 1"] * 7


def test_the_bound_is_a_setting(crawl: Crawler, start_site: Start):
    site = start_site(*QUICKLY)
    crawl("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=7", url=f"{site.url}/akira", chapters="1-4")
    assert site.stats()["peak_in_flight"] == 7


@pytest.mark.parametrize(("limit", "chapters"), [(10, "1-12"), (30, "1-30")])
def test_a_site_that_breaks_is_spared_and_loses_nothing(
    crawl: Crawler, start_site: Start, limit: int, chapters: str
):
    site = start_site(*QUICKLY, "--limit", str(limit))
    done = crawl(url=f"{site.url}/akira", chapters=chapters)
    assert (done.exit_code, {item["status"] for item in done.items()}) == (0, {"fetched"})
    responses = site.stats()["responses"]
    assert 0 < responses["503"] <= 0.05 * sum(responses.values())


def test_a_site_that_names_a_time_is_left_alone_until_then(crawl: Crawler, start_site: Start):
    site = start_site(*QUICKLY, "--limit", "8", "--retry-after", "1")
    done = crawl(url=f"{site.url}/akira", chapters="1-3")
    assert done.exit_code == 0
    assert site.stats()["responses"]["503"] > 0
    assert site.early() == 0


def test_what_the_site_bore_is_remembered(crawl: Crawler, start_site: Start):
    site = start_site(*QUICKLY)
    done = crawl(url=f"{site.url}/akira", chapters="1-5")
    rows = json.loads((done.output / "state" / "windows.json").read_text(encoding="utf-8"))
    assert rows[site.url.removeprefix("http://")]["window"] > 10


def test_a_crawl_delay_is_kept_and_said(crawl: Crawler, start_site: Start):
    site = start_site()
    site.spoil(**{"/robots.txt": "text:User-agent: *\nCrawl-delay: 0.3\n"})
    done = crawl(url=f"{site.url}/traps")
    host = site.url.removeprefix("http://")
    assert f"robots.txt of {host} asks for 0.3 s between requests: kept" in done.lines
    stats = site.stats()
    assert stats["span"] >= 0.3 * (sum(stats["responses"].values()) - 2)


def test_a_limit_that_a_source_publishes_is_kept(crawl: Crawler, start_site: Start):
    site = start_site()
    limited = ("-s", "MANGA_SOURCE_MODULES=tests.limited")
    done = crawl(*limited, url=f"{site.url}/sampler", theme="limited", chapters="1")
    stats = site.stats()
    assert done.exit_code == 0
    assert stats["peak_in_flight"] <= 2
    assert stats["span"] >= (sum(stats["responses"].values()) - 2) / 20
