"""Crawling again what is there: what it costs, and what becomes of what changed at the site."""

import re
import signal
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from mangacrawl.crawl.updates import Wanted
from mangacrawl.demo.addresses import reader_path
from mangacrawl.demo.catalogue import catalogue
from mangacrawl.errors import ArgumentError, MangacrawlError, NotFound
from mangacrawl.library.summary import read_summary
from tests.conftest import Crawl, Crawler, Site, Start, run_crawl, started, wait_for
from tests.fixed import PLAIN, Answer, picture, serving, strip
from tests.test_crawl import PAGES, image, reader

SAMPLER = catalogue()["sampler"]


def volumes(done: Crawl, series: str = "Sampler (demo)") -> list[str]:
    names = [path.name for path in (done.output / "library" / series).glob("*.cbz")]
    return sorted(name.removeprefix(f"{series} ").removesuffix(".cbz") for name in names)


def stamps(folder: Path) -> dict[str, tuple[int, bytes]]:
    paths = [path for path in folder.rglob("*") if path.is_file() and "state" not in path.parts]
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


def has_pages(ledger: Path) -> bool:
    summary = read_summary(ledger)
    return summary is not None and summary.pages > summary.missing


def test_an_unchanged_series_costs_a_304(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler")
    before = stamps(done.output)
    site.forget()
    again = crawl(update="all")
    assert (again.exit_code, site.stats()["paths"]) == (0, ["/robots.txt", "/sampler"])
    assert site.stats()["responses"] == {"200": 1, "304": 1}
    assert stamps(done.output) == before


def test_a_plain_run_of_an_unchanged_series_costs_a_304_too(crawl: Crawler, site: Site):
    crawl(url=f"{site.url}/sampler")
    site.forget()
    again = crawl(url=f"{site.url}/sampler")
    assert site.stats()["responses"] == {"200": 1, "304": 1}
    assert len(again.items()) == PAGES


def test_a_site_without_validators_is_read_again(crawl: Crawler, site: Site):
    site.spoil(**{"/sampler": "undated"})
    crawl(url=f"{site.url}/sampler")
    site.forget()
    again = crawl(update="all")
    assert (again.exit_code, site.stats()["responses"]) == (0, {"200": 2})


def test_missing_pages_are_asked_for_though_nothing_has_changed(crawl: Crawler, site: Site):
    site.spoil(**{image(1, 3): "404"})
    assert crawl(url=f"{site.url}/sampler").exit_code == 3
    site.spoil()
    site.forget()
    again = crawl(update="all")
    assert (again.exit_code, len(site.stats()["paths"])) == (0, 4)
    assert site.stats()["responses"]["304"] == 1
    statuses = [item["status"] for item in again.items()]
    assert sorted(statuses) == ["fetched"] + ["stored"] * (PAGES - 1)


def test_other_chapters_may_be_asked_for_though_nothing_has_changed(crawl: Crawler, site: Site):
    crawl(url=f"{site.url}/sampler", chapters="1", bundle="chapter")
    again = crawl(url=f"{site.url}/sampler", chapters="11")
    assert site.stats()["responses"]["304"] == 1
    assert volumes(again) == ["c001", "c011"]


def test_a_new_chapter_changes_only_the_volumes_it_touches(crawl: Crawler, site: Site):
    site.change(chapters={"sampler": ["1", "2"]})
    done = crawl(url=f"{site.url}/sampler", bundle="chapters:2")
    before = stamps(done.output / "library")
    site.change()
    site.forget()
    again = crawl(update="all")
    after = stamps(again.output / "library")
    assert volumes(again) == ["v01 (c001-002)", "v02 (c010.5-011)"]
    assert {name: stamp for name, stamp in after.items() if name in before} == before
    assert len(site.stats()["paths"]) == 2 + 2 * 12


def test_an_update_asks_for_no_other_chapters_than_before(crawl: Crawler, site: Site):
    site.change(chapters={"sampler": ["1", "2"]})
    crawl(url=f"{site.url}/sampler", chapters="2-10.5", bundle="chapter")
    site.change()
    again = crawl(update="all")
    assert volumes(again) == ["c002", "c010.5"]


def test_many_series_have_a_line_each_and_one_at_the_end(crawl: Crawler, site: Site):
    for slug in ("sampler", "traps"):
        crawl(url=f"{site.url}/{slug}")
    again = crawl(update="all")
    assert again.exit_code == 0
    assert "Sampler (demo): complete, 24 pages, 1 volume, nothing new" in again.lines
    assert again.verdict.startswith("2 series: 2 complete, ")


def test_the_worst_series_decides_the_exit_code(crawl: Crawler, site: Site):
    for slug in ("sampler", "traps"):
        crawl(url=f"{site.url}/{slug}")
    site.spoil(**{"/sampler": "404"})
    again = crawl(update="all")
    assert again.exit_code == 5
    assert "1 not found" in again.verdict
    assert "sampler does not exist" in again.stderr or "has no series" in again.stderr


def test_a_series_in_other_hands_is_skipped_and_named(site: Site, tmp_path: Path):
    output = tmp_path / "output"
    akira = catalogue()["akira"]
    run_crawl(output, url=f"{site.url}/sampler")
    site.spoil(**{reader_path(akira, akira.chapters[0], 3): "hold"})
    first = started(output, url=f"{site.url}/akira", chapters="1")
    wait_for(lambda: list(output.glob("state/*.pid")))
    wait_for(lambda: site.stats()["requests"]["image"] > 30)
    again = run_crawl(output, update="all")
    assert again.exit_code == 9
    assert f"is being crawled already by process {first.pid}" in again.stderr
    assert "Sampler (demo): complete" in again.stderr
    site.spoil()
    first.communicate(timeout=60)


def test_one_series_is_named_as_the_library_knows_it(crawl: Crawler, site: Site):
    crawl(url=f"{site.url}/sampler")
    again = crawl(update="SAMPLER (demo)")
    assert again.exit_code == 0
    assert again.verdict.startswith("Sampler (demo): complete, 24 pages, 1 volume, ")


def test_a_list_names_series_by_name_address_and_key(crawl: Crawler, site: Site, tmp_path: Path):
    crawl(url=f"{site.url}/sampler")
    names = tmp_path / "list.txt"
    names.write_text(f"# mine\n\nSampler (demo)\n{site.url}/traps\n", encoding="utf-8")
    again = crawl(update=f"@{names}")
    assert again.exit_code == 0
    assert again.verdict.startswith("2 series: 2 complete, ")


def test_demo_series_are_left_out_of_an_update_of_all(crawl: Crawler, site: Site):
    crawl(name="sampler")
    none = crawl(update="all")
    assert none.exit_code == 5
    assert "there is no series in" in none.verdict
    assert crawl(update="sampler").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"update": "all", "name": "akira"}, ArgumentError, "say one of them"),
        ({"update": "all", "source": "demo"}, ArgumentError, "say one of them"),
        ({"update": "@nowhere.txt"}, ArgumentError, "cannot be read"),
        ({"update": "akira"}, NotFound, "there is no such series"),
        ({"update": ""}, ArgumentError, "update= is empty"),
        ({"update": "all", "formats": "mobi"}, ArgumentError, "cbz, pdf"),
        ({"update": "all"}, NotFound, "there is no series in"),
    ],
)
def test_what_cannot_be_updated_is_said_at_once(
    output: Path, arguments: dict[str, str], error: type[MangacrawlError], said: str
):
    settings = Settings({"MANGA_OUTPUT_DIR": str(output), "MANGA_SOURCE_MODULES": []})
    with pytest.raises(error, match=said):
        Wanted.parse(arguments, settings)


def test_many_small_series_are_updated_in_one_run(
    crawl: Crawler, start_site: Start, tmp_path: Path
):
    site = start_site()
    site.change(small=20)
    names = tmp_path / "list.txt"
    names.write_text("".join(f"{site.url}/small-{n:03}\n" for n in range(20)), encoding="utf-8")
    done = crawl(update=f"@{names}")
    assert done.exit_code == 0
    assert len({(item["series"], item["page"]) for item in done.items()}) == len(done.items()) == 40
    site.forget()
    again = crawl(update="all")
    assert again.exit_code == 0
    assert site.stats()["responses"] == {"200": 1, "304": 20}
    assert len(again.items()) == 40


def test_a_chapter_that_the_site_takes_away_stays(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler")
    before = stamps(done.output / "library")
    site.change(chapters={"sampler": ["1", "10.5", "11"]})
    again = crawl(update="all")
    assert again.exit_code == 0
    assert "Sampler (demo): no longer listed by the site, but kept: chapter 2" in again.lines
    assert stamps(again.output / "library") == before
    assert len(again.items()) == PAGES


def test_a_chapter_taken_away_before_it_was_whole_is_told_from_one_that_failed(
    crawl: Crawler, site: Site
):
    site.spoil(**{image(1, 3): "404"})
    crawl(url=f"{site.url}/sampler", bundle="chapter")
    site.change(chapters={"sampler": ["1", "10.5", "11"]})
    again = crawl(update="all")
    assert again.exit_code == 0
    assert "Sampler (demo): chapter 2: no longer listed by the site" in again.lines
    assert volumes(again) == ["c001", "c010.5", "c011"]
    site.spoil()
    site.change()
    assert volumes(crawl(update="all")) == ["c001", "c002", "c010.5", "c011"]


def test_a_chapter_put_in_the_middle_recuts_from_there(crawl: Crawler, site: Site):
    site.change(chapters={"sampler": ["1", "2", "11"]})
    crawl(url=f"{site.url}/sampler", bundle="chapters:2")
    site.change()
    again = crawl(update="all")
    assert volumes(again) == ["v01 (c001-002)", "v02 (c010.5-011)"]
    assert "replaced the volumes of an earlier plan: 1" in again.lines


@pytest.mark.parametrize("page", [0, 3])
def test_an_expired_image_address_has_its_reader_page_read_again(
    crawl: Crawler, site: Site, page: int
):
    expiring = {"picture": 'src="{image}?expired"', "times": 1}
    site.spoil(**{reader(1, page): expiring})
    done = crawl(url=f"{site.url}/sampler")
    assert (done.exit_code, len(done.items())) == (0, PAGES)
    paths = site.stats()["paths"]
    assert [paths.count(path) for path in (reader(1, page), image(1, page))] == [2, 1]


class Renewed(dict[str, Answer]):
    """A site whose chapter has other addresses each time: those of `readings`, in turn."""

    def __init__(self, *readings: dict[str, Answer]) -> None:
        super().__init__({path: answer for each in readings for path, answer in each.items()})
        self._chapters = iter([each["/strip/1"] for each in readings])

    def get(self, path: str, default: Any = None) -> Any:
        return next(self._chapters) if path == "/strip/1" else super().get(path, default)


OLD, NEW = ("/1.png?old", "/2.png?old", "/3.png?old"), ("/4.png", "/5.png", "/6.png")
GOOD = {path: Answer(picture()) for path in NEW}
REFUSED = {path.partition("?")[0]: Answer(status=403) for path in OLD}


@pytest.mark.parametrize(
    ("images", "code"), [(GOOD, 0), (dict.fromkeys(NEW, Answer(status=403)), 3)]
)
def test_a_strip_whose_image_addresses_have_expired_is_read_once_more(
    crawl: Crawler, images: dict[str, Answer], code: int
):
    with serving(Renewed(strip(*OLD) | REFUSED, strip(*NEW) | images)) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
        assert done.exit_code == code
        asked = site.paths()
        assert asked[:3] == ["/robots.txt", "/strip", "/strip/1"]
        assert sorted(asked[3:]) == sorted(["/strip/1", *OLD, *NEW])


def test_an_image_that_is_refused_at_the_same_address_is_not_asked_for_again(
    crawl: Crawler, site: Site
):
    site.spoil(**{image(1, 3): "404"})
    done = crawl(url=f"{site.url}/sampler")
    assert (done.exit_code, len(done.items())) == (3, PAGES)
    paths = site.stats()["paths"]
    assert [paths.count(path) for path in (reader(1, 3), image(1, 3))] == [2, 1]
    assert "missing: chapter 2: page 4 (HTTP 404)" in done.lines


def test_after_a_kill_the_feed_has_every_page_once_and_says_what_came_when(
    start_site: Start, tmp_path: Path
):
    site = start_site("--latency", "0.1")
    output = tmp_path / "output"
    arguments = {"url": f"{site.url}/akira", "chapters": "1-6"}
    first = started(output, **arguments)
    wait_for(lambda: any(map(has_pages, output.glob("state/*.sqlite"))))
    first.kill()
    first.communicate(timeout=20)
    items = run_crawl(output, **arguments).items()
    assert len({(item["chapter"], item["page"]) for item in items}) == len(items) == 104
    assert {item["status"] for item in items} == {"fetched", "stored"}


def test_a_signal_stops_an_update_and_says_how_far_it_was(start_site: Start, tmp_path: Path):
    site = start_site("--latency", "0.5")
    site.change(small=60)
    names = tmp_path / "list.txt"
    names.write_text("".join(f"{site.url}/small-{n:03}\n" for n in range(60)), encoding="utf-8")
    update = started(tmp_path / "output", update=f"@{names}")
    wait_for(lambda: site.stats()["requests"]["image"] > 0)
    update.send_signal(signal.SIGINT)
    _, stderr = update.communicate(timeout=30)
    assert update.returncode == 130
    assert re.match(r"60 series: stopped, .*\d+ not begun, ", stderr.splitlines()[-1])
