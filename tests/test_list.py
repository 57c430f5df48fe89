"""`list=yes`: a look at what a crawl would fetch, which fetches nothing."""

from pathlib import Path

from tests.conftest import Crawl, Site, manifest, run_crawl
from tests.site.played import playing


def rows(found: Crawl) -> list[list[str]]:
    return [line.split() for line in found.stdout.splitlines()]


def test_a_list_shows_what_is_selected_and_fetches_nothing(site: Site, output: Path):
    found = run_crawl(output, url=f"{site.url}/sampler", chapters="2-10.5", list="yes")
    assert found.exit_code == 0, found.stderr
    assert rows(found) == [
        ["chapter", "volume", "title", "pages", "stored", "language", "group"],
        ["2", "-", "A", "File", "That", "Lies", "?", "0", "en"],
        ["10.5", "-", "In", "Between", "?", "0", "en"],
    ]
    assert found.verdict == (
        "Sampler (demo): 2 chapters, pages not counted yet; nothing was fetched"
    )
    assert set(site.stats()["paths"]) == {"/robots.txt", "/sampler"}
    assert manifest(output) == {}


def test_a_list_counts_pages_and_names_volumes_where_the_site_tells(output: Path):
    reader = {"/read/manga/lantern-road/": "/api/series/lantern-road/"}
    with playing("guya", reader) as site:
        found = run_crawl(output, url=f"{site.url}/read/manga/lantern-road/", list="yes")
    assert found.exit_code == 0, found.stderr
    assert found.stdout.splitlines() == [
        "chapter  volume  title  pages  stored  language  group",
        "2        -       Dawn   2      0                 North Wind",
        "10.5     2              1      0                 North Wind",
        "",
        "volume             chapters  pages",
        "Lantern Road v02   1         1",
        "Lantern Road c002  1         2",
    ]
    assert found.verdict == "Lantern Road: 2 chapters, 3 pages, 2 volumes; nothing was fetched"


def test_a_list_says_what_is_stored_and_leaves_it_as_it_is(site: Site, output: Path):
    run_crawl(output, url=f"{site.url}/sampler", chapters="2", bundle="chapter")
    before = manifest(output.parent)
    ledger = next(output.glob("state/*.sqlite")).read_bytes()
    feed = ("-s", "FEEDS={}")
    found = run_crawl(output, *feed, url=f"{site.url}/sampler", chapters="2,11", list="yes")
    assert ["2", "-", "A", "File", "That", "Lies", "6", "6", "en"] in rows(found)
    assert "as before: bundle=chapter" in found.lines
    assert found.verdict.endswith("6 pages are stored; nothing was fetched")
    assert {k: v for k, v in manifest(output.parent).items() if k != "pages.jsonl"} == {
        k: v for k, v in before.items() if k != "pages.jsonl"
    }
    assert next(output.glob("state/*.sqlite")).read_bytes() == ledger
