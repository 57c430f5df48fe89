"""The rows of the battery, all in one crawl, and a second one when the site is well again."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
import requests

from mangacrawl.demo.addresses import reader_path
from tests.battery import ADDRESSES, AKIRA, CHAPTERS, PAGES, ROWS, Row
from tests.conftest import Crawl, Site, Start, run_crawl


@dataclass(frozen=True)
class Run:
    """A crawl, its items by chapter and page, how often each path was asked for, its files."""

    crawl: Crawl
    items: dict[tuple[str, int], dict[str, Any]]
    requests: Counter[str]
    stored: dict[str, str]


@dataclass(frozen=True)
class Battery:
    site: Site
    first: Run
    again: Run


READERS = len(PAGES) - len(CHAPTERS[-1].pages) + 1
assert len(ROWS) < READERS
PLACES = {row.name: PAGES[place] for place, row in enumerate(ROWS)} | {
    row.name: PAGES[READERS + place] for place, row in enumerate(ADDRESSES)
}
ALL_ROWS = ROWS + ADDRESSES


def item(run: Run, row: Row) -> dict[str, Any]:
    chapter, page, _ = PLACES[row.name]
    return run.items[chapter, page.number]


@pytest.fixture(scope="module")
def battery(start_site: Start, tmp_path_factory: pytest.TempPathFactory) -> Battery:
    site = start_site()
    folder = tmp_path_factory.mktemp("battery")

    def run() -> Run:
        site.forget()
        chapters = f"1-{len(CHAPTERS)}"
        done = run_crawl(folder / "output", url=f"{site.url}/akira", chapters=chapters)
        items = {(each["chapter"], each["page"]): each for each in done.items()}
        return Run(done, items, Counter(map(unquote, site.stats()["paths"])), done.files("pages"))

    readers = (reader_path(AKIRA, CHAPTERS[-1], PLACES[row.name][1].number) for row in ADDRESSES)
    faults = {PLACES[row.name][2]: row.fault for row in ROWS}
    site.spoil(**faults | dict(zip(readers, (row.fault for row in ADDRESSES), strict=True)))
    first = run()
    site.spoil()
    return Battery(site, first, run())


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: row.name)
def test_a_page_is_stored_as_served_or_fails_with_its_reason(battery: Battery, row: Row):
    found = item(battery.first, row)
    if row.error is None:
        assert (found["status"], found["error"]) == ("fetched", None)
        assert found["path"].endswith(row.extension)
        stored = battery.first.crawl.output / found["path"]
        address = f"{battery.site.url}{row.picture_of or PLACES[row.name][2]}"
        served = row.body or requests.get(address, timeout=10).content
        assert stored.read_bytes() == served
    else:
        assert (found["status"], found["path"]) == ("failed", None)
        assert row.error in found["error"]


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: row.name)
def test_a_picture_is_asked_for_as_often_as_makes_sense(battery: Battery, row: Row):
    _, _, path = PLACES[row.name]
    expected = row.requests if isinstance(row.requests, range) else [row.requests]
    assert battery.first.requests[path] in expected
    assert battery.again.requests[path] == (0 if row.error is None else 1)


def test_the_run_is_incomplete_and_says_so_in_plain_lines(battery: Battery):
    done = battery.first.crawl
    lost = sum(row.error is not None for row in ALL_ROWS)
    assert done.exit_code == 3
    assert f"incomplete, {len(PAGES) - lost} of {len(PAGES)} pages" in done.verdict
    assert done.verdict.endswith("; run it again for the rest")
    assert "Traceback" not in done.stderr


def test_only_whole_pages_are_on_disk(battery: Battery):
    stored = {each["path"] for each in battery.first.items.values() if each["path"]}
    assert {f"pages/{path}" for path in battery.first.stored} == stored


def test_a_second_run_brings_the_rest_and_changes_nothing_else(battery: Battery):
    done = battery.again.crawl
    assert (done.exit_code, len(battery.again.stored)) == (0, len(PAGES))
    assert battery.first.stored.items() <= battery.again.stored.items()
