"""One for one: whatever fails costs that page or volume alone, and its slot is free at once."""

from pathlib import Path

import pytest

from tests.conftest import Crawler, Start, remember_fifty

SABOTAGE = ("-s", "MANGA_SOURCE_MODULES=tests.sabotage")


@pytest.mark.parametrize(
    "sabotage",
    [
        "parser:raise",
        "decoder:raise",
        "decoder:hang",
        "pipeline:raise",
        "pipeline:hang",
        "bundler:raise",
    ],
)
def test_every_tenth_call_of_a_stage_fails_and_nothing_is_lost(
    crawl: Crawler, start_site: Start, output: Path, monkeypatch: pytest.MonkeyPatch, sabotage: str
):
    monkeypatch.setenv("MANGACRAWL_SABOTAGE", sabotage)
    site = start_site("--latency", "0.3")
    remember_fifty(output, site)
    done = crawl(*SABOTAGE, url=f"{site.url}/akira", chapters="1-12", bundle="chapters:3")
    items = done.items()
    kept = {(item["chapter"], item["page"]) for item in items if item["status"] == "fetched"}
    assert len(items) == len({(item["chapter"], item["page"]) for item in items}) == 220
    assert len(kept) >= 213
    assert site.stats()["peak_in_flight"] == 50
    assert any(line.startswith("supervised: ") for line in done.lines)
    assert done.exit_code == (0 if len(kept) == len(items) else 3)


def test_a_bundler_that_hangs_costs_its_volume_alone(
    crawl: Crawler, start_site: Start, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MANGACRAWL_SABOTAGE", "bundler:hang")
    site = start_site()
    done = crawl(*SABOTAGE, url=f"{site.url}/sampler", bundle="chapter")
    assert done.exit_code == 3
    assert len(list((done.output / "library").rglob("*.cbz"))) == 3
    assert "cannot be written: it takes over 2 s to write" in done.verdict


def test_what_failed_is_asked_for_once_more_at_the_end(
    crawl: Crawler, start_site: Start, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MANGACRAWL_SABOTAGE", "parser:raise")
    site = start_site()
    done = crawl(*SABOTAGE, url=f"{site.url}/sampler")
    assert done.exit_code == 0
    assert "supervised: 2 retries, 0 lost" in done.lines
