"""The report of a crawl: what it tells, how large it grows, and when it is left alone."""

import json
from pathlib import Path

import pytest

from mangacrawl.library.holes import Hole
from mangacrawl.web.report import Report, write_report
from mangacrawl.web.timeline import Sample, Timeline
from tests.conftest import Crawler, Site, Start
from tests.test_crawl import PAGES, image


@pytest.fixture
def long_run() -> tuple[Sample, ...]:
    """Three hours, looked at four times a second: a pool of 40 but for one moment."""
    timeline = Timeline()
    for tick in range(1, 43_201):
        flying = 50 if tick == 20_000 else 40
        timeline.add(Sample(tick / 4, flying, 41.7, 0.4831, tick % 2, int(tick == 30_000)))
    return timeline.taken()


def report(**changes: object) -> Report:
    usual: dict[str, object] = {
        "series": "Akira", "verdict": "Akira: complete", "exit_code": 0,
        "started": "2026-01-02T03:04:05+00:00", "seconds": 44.2, "pages": 2200, "stored": 2200,
        "fetched": 2200, "volumes": 10, "missing": (), "requests": {"200": 4400}, "retries": {},
        "waits": 0, "waited_seconds": 0.0, "robots": ("answered 200: its rules are kept",),
        "received_bytes": 1, "pages_bytes": 1, "library_bytes": 1,
        "devices_bytes": 1, "pool_cap": 50,
        "pool_peak": 50, "series_in_run": 1, "timeline": (),
    }  # fmt: skip
    return Report(**{**usual, **changes})  # type: ignore[arg-type]


def test_a_long_run_is_thinned_but_keeps_its_counts_and_its_peak(long_run: tuple[Sample, ...]):
    assert 480 <= len(long_run) <= 960
    assert sum(sample.pages for sample in long_run) == 21_600
    assert sum(sample.errors for sample in long_run) == 1
    assert max(sample.in_flight for sample in long_run) == 50
    assert long_run[-1].at == 10_800


def test_a_report_of_the_longest_run_is_small(tmp_path: Path, long_run: tuple[Sample, ...]):
    assert write_report(tmp_path, report(timeline=long_run))
    assert (tmp_path / "report.html").stat().st_size < 300_000
    assert (tmp_path / "report.json").stat().st_size < 300_000


def test_a_report_is_text_whatever_a_title_is(tmp_path: Path):
    title = "</title><script>alert(1)</script>"
    hole = Hole("<b>", (1,), "<img src=x>")
    write_report(tmp_path, report(series=title, verdict=title, missing=(hole,), retries={"<i>": 1}))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>" not in page
    assert "<img" not in page
    assert "<i>" not in page


def test_a_run_without_news_leaves_the_report_of_the_last_one(tmp_path: Path):
    write_report(tmp_path, report(seconds=44.0))
    assert not write_report(tmp_path, report(fetched=0, seconds=1.0))
    assert json.loads((tmp_path / "report.json").read_bytes())["seconds"] == 44.0


def test_a_run_that_finds_something_missing_is_reported(tmp_path: Path):
    write_report(tmp_path, report())
    missing = (Hole("4", (6,), "its stored file has changed"),)
    assert write_report(tmp_path, report(fetched=0, exit_code=3, missing=missing))
    assert not write_report(tmp_path, report(fetched=0, exit_code=3, missing=missing))


def test_a_crawl_ends_with_its_report(crawl: Crawler, site: Site):
    site.spoil(**{image(0, 2): "404"})
    done = crawl(url=f"{site.url}/sampler")
    (folder,) = (done.output / "web").iterdir()
    told = json.loads((folder / "report.json").read_bytes())
    assert told["exit_code"] == 3
    assert told["missing"] == [{"chapter": "1", "pages": [3], "why": "HTTP 404"}]
    assert (told["pages"], told["stored"], told["fetched"]) == (PAGES, PAGES - 1, PAGES - 1)
    assert told["requests"]["404"] == 1
    assert told["robots"] == ["answered 200: its rules are kept"]
    assert told["pool_peak"] <= told["pool_cap"] == 50
    assert sum(sample["pages"] for sample in told["timeline"]) == PAGES - 1
    assert "Chapter 1, page 3" in (folder / "report.html").read_text(encoding="utf-8")


def test_waits_that_the_site_asked_for_are_reported(crawl: Crawler, start_site: Start):
    tired = start_site("--limit", "4", "--retry-after", "1")
    done = crawl(url=f"{tired.url}/sampler")
    (record,) = (done.output / "web").rglob("report.json")
    told = json.loads(record.read_bytes())
    assert told["waits"] == told["requests"]["503"] > 0
    assert told["waited_seconds"] >= 1


def test_another_plan_replaces_the_readers_and_the_list_of_volumes(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler")
    (before,) = (done.output / "web").rglob("read-*.html")
    crawl(url=f"{site.url}/sampler", bundle="chapter")
    assert len(list(before.parent.glob("read-*.html"))) == 4
    assert not before.exists()
    page = (before.parent / "index.html").read_text(encoding="utf-8")
    assert page.count('<th scope="row">') == 4
    assert "Chapter 10.5: In Between" in page
