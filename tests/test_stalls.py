"""Bodies that no longer come, on as many pages as the pool has places: they cost those alone."""

from collections import Counter

from mangacrawl.demo.addresses import image_path
from mangacrawl.demo.catalogue import catalogue
from tests.conftest import Crawler, Site

AKIRA = catalogue()["akira"]
IMAGES = [image_path(AKIRA, c, page) for c in AKIRA.chapters[:6] for page in c.pages]
SILENT, SLOW = IMAGES[:1], IMAGES[1:51]
IMPATIENT = ("-s", "MANGA_SOURCE_MODULES=tests.impatient", "-s", "RETRY_TIMES=0")


def test_fifty_bodies_that_drip_and_one_that_is_silent_cost_their_pages_alone(
    crawl: Crawler, site: Site
):
    site.spoil(**dict.fromkeys(SILENT, "silent") | dict.fromkeys(SLOW, "loris"))
    done = crawl(*IMPATIENT, url=f"{site.url}/akira", chapters="1-6")
    assert done.exit_code == 3
    assert f"incomplete, {len(IMAGES) - 51} of {len(IMAGES)} pages" in done.verdict
    errors = Counter(item["error"] for item in done.items())
    assert errors == {None: len(IMAGES) - 51, "no answer in time": 51}
    asked = Counter(site.stats()["paths"])
    assert {asked[path] for path in SILENT + SLOW} == {2}
    assert len(done.files("pages")) == len(IMAGES) - 51
    site.spoil()
    site.forget()
    again = crawl(*IMPATIENT, url=f"{site.url}/akira", chapters="1-6")
    assert (again.exit_code, site.stats()["requests"]["image"]) == (0, 51)
