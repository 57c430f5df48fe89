"""The bound of fifty, counted where it matters: at the server."""

import pytest

from tests.conftest import Crawler, Start

CHAPTERS = "1-20"
QUICKLY = ("--latency", "0.15")


@pytest.mark.parametrize("flags", [(), ("--image-hosts", "3"), ("--redirect-images",)])
def test_a_site_never_sees_51_at_once_and_sees_50(crawl: Crawler, start_site: Start, flags):
    site = start_site(*QUICKLY, *flags)
    done = crawl(url=f"{site.url}/akira", chapters=CHAPTERS)
    assert done.exit_code == 0
    assert site.stats()["peak_in_flight"] == 50
    assert "pool peak 50" in done.verdict


def test_one_image_host_costs_at_most_51_connections(crawl: Crawler, start_site: Start):
    site = start_site(*QUICKLY)
    crawl(url=f"{site.url}/akira", chapters=CHAPTERS)
    assert site.stats()["connections"]["opened"] <= 51


def test_the_bound_is_a_setting(crawl: Crawler, start_site: Start):
    site = start_site(*QUICKLY)
    crawl("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=7", url=f"{site.url}/akira", chapters="1-4")
    assert site.stats()["peak_in_flight"] == 7


def test_a_site_that_breaks_above_ten_loses_nothing(crawl: Crawler, start_site: Start):
    site = start_site(*QUICKLY, "--limit", "10")
    done = crawl(url=f"{site.url}/akira", chapters="1-10")
    assert (done.exit_code, {item["status"] for item in done.items()}) == (0, {"fetched"})


def test_a_site_that_names_a_time_is_left_alone_until_then(crawl: Crawler, start_site: Start):
    site = start_site(*QUICKLY, "--limit", "8", "--retry-after", "1")
    done = crawl(url=f"{site.url}/akira", chapters="1-3")
    assert done.exit_code == 0
