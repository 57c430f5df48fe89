"""How a crawl ends: the exit code, the last line, and what it leaves behind."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mangacrawl.demo.addresses import image_path, reader_path
from mangacrawl.demo.catalogue import catalogue
from tests.conftest import Crawler, Site, Start, manifest, run_crawl, started, wait_for


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "say which series"),
        ({"name": ""}, "name= is empty"),
        ({"url": "ftp://a.example/x"}, "only http:// and https://"),
        ({"name": "akira", "source": "nowhere"}, "there is cubari, demo"),
        ({"name": "akira", "chapters": "5-1"}, "ends before it begins"),
        ({"name": "akira", "colour": "red"}, "no such argument"),
        ({"name": "akira", "bundle": "pages:0"}, "auto, site, chapter, pages:N"),
    ],
)
def test_wrong_arguments_end_in_one_line_and_2(crawl: Crawler, arguments, said: str):
    done = crawl(**arguments)
    assert (done.exit_code, len(done.lines)) == (2, 1)
    assert said in done.verdict
    assert not done.output.exists()


def test_help_lists_the_arguments(crawl: Crawler):
    done = crawl(help="yes")
    assert done.exit_code == 0
    assert "chapters=1-5,10.5" in done.stdout


def test_an_unknown_name_ends_in_5_and_the_nearest_names(crawl: Crawler):
    done = crawl(name="Smapler")
    assert done.exit_code == 5
    assert done.verdict == (
        "Smapler: demo has no series 'Smapler'; nearest: sampler; "
        'to name a real site see README, "Sources"'
    )


@pytest.mark.parametrize("name", ["../../etc/passwd", "日本の漫画 🙂", "a\x1b[31m\nERROR: b", "-"])
def test_a_hostile_name_ends_in_5_and_one_plain_line(crawl: Crawler, name: str, tmp_path: Path):
    done = crawl(name=name)
    assert done.exit_code == 5
    assert "demo has no series" in done.verdict
    assert "\x1b" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"output", "pages.jsonl"}


def test_a_host_that_has_no_address_ends_in_4(
    crawl: Crawler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MANGACRAWL_WIRETAP", str(tmp_path / "wire"))
    tap = ("-s", "MANGA_SOURCE_MODULES=tests.wiretap")
    done = crawl(*tap, url="http://nowhere.example/akira")
    assert done.exit_code == 4
    assert "cannot be reached: no such host; try again later" in done.verdict
    assert not (tmp_path / "wire").exists()


def test_an_unknown_address_ends_in_5(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/nothing")
    assert done.exit_code == 5
    assert "does not exist (HTTP 404)" in done.verdict


def test_a_page_of_another_layout_ends_in_5_naming_selector_and_theme(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/")
    assert done.exit_code == 5
    assert "'#mangaproperties h2.aname'" in done.verdict
    assert "theme=strip or theme=pagewise may read it" in done.verdict


def test_a_chapter_that_is_not_there_ends_in_5(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", chapters="900")
    assert done.exit_code == 5
    assert "has no chapter 900; it has 1 to 11" in done.verdict


def test_a_site_that_is_down_ends_in_4(crawl: Crawler):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    done = crawl(url=f"http://127.0.0.1:{port}/akira")
    assert done.exit_code == 4
    assert (
        done.verdict
        == f"http://127.0.0.1:{port}/akira cannot be reached: connection refused; try again later"
    )


@pytest.mark.parametrize(("fault", "code"), [("401", 6), ("403", 6), ("410", 5), ("503", 4)])
def test_an_index_that_is_refused_names_its_status(crawl: Crawler, site: Site, fault, code):
    site.spoil(**{"/sampler": fault})
    done = crawl(url=f"{site.url}/sampler")
    assert done.exit_code == code
    assert f"HTTP {fault}" in done.verdict


def test_a_site_that_wants_to_be_left_alone_for_an_hour_is(crawl: Crawler, site: Site):
    site.spoil(**{"/sampler": {"status": 429, "headers": {"Retry-After": "3600"}}})
    done = crawl(url=f"{site.url}/sampler")
    assert done.exit_code == 4
    assert "HTTP 429" in done.verdict
    assert site.stats()["paths"] == ["/robots.txt", "/sampler"]


def test_what_robots_txt_forbids_ends_in_6_without_a_request(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/actions/search")
    assert done.exit_code == 6
    assert "robots.txt forbids" in done.verdict
    assert site.stats()["paths"] == ["/robots.txt"]


def test_a_robots_txt_that_fails_forbids_all(crawl: Crawler, site: Site):
    site.spoil(**{"/robots.txt": "500"})
    done = crawl(url=f"{site.url}/sampler")
    assert done.exit_code == 4
    assert set(site.stats()["paths"]) == {"/robots.txt"}


def test_a_robots_txt_that_is_not_there_allows_all(crawl: Crawler, site: Site):
    site.spoil(**{"/robots.txt": "404"})
    assert crawl(url=f"{site.url}/sampler").exit_code == 0


def test_an_output_that_cannot_be_written_ends_in_7_before_any_request(
    crawl: Crawler, site: Site, output: Path
):
    output.write_text("in the way")
    done = crawl(url=f"{site.url}/sampler")
    assert (done.exit_code, len(done.lines)) == (7, 1)
    assert "cannot write into" in done.verdict
    assert site.stats()["paths"] == []


def test_a_folder_of_pages_that_cannot_be_made_ends_in_7(crawl: Crawler, site: Site, output: Path):
    output.mkdir()
    (output / "pages").write_text("in the way")
    done = crawl(url=f"{site.url}/sampler")
    assert done.exit_code == 7
    assert "Traceback" not in done.stderr


def test_a_debug_log_brings_everything_back(crawl: Crawler, site: Site):
    done = crawl("-L", "DEBUG", url=f"{site.url}/sampler", chapters="1")
    assert "Crawled (200)" in done.stderr
    assert "Enabled item pipelines" in done.stderr


def test_the_verdict_is_said_where_the_log_goes_elsewhere(
    crawl: Crawler, site: Site, tmp_path: Path
):
    log = tmp_path / "log"
    done = crawl("--logfile", str(log), url=f"{site.url}/sampler", chapters="1")
    assert (len(done.lines), done.exit_code) == (1, 0)
    assert done.verdict in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_crawl_of_a_hanging_site(
    start_site: Start, tmp_path: Path, number: signal.Signals
):
    site = start_site("--latency", "30")
    output = tmp_path / "output"
    crawl = started(output, url=f"{site.url}/sampler")
    wait_for(lambda: site.stats()["in_flight"] > 0)
    crawl.send_signal(number)
    _, stderr = crawl.communicate(timeout=20)
    assert crawl.returncode == 130
    assert "stopped" in stderr.splitlines()[-1]


def test_a_second_signal_ends_a_crawl_at_once(start_site: Start, tmp_path: Path):
    site = start_site("--latency", "30")
    crawl = started(tmp_path / "output", url=f"{site.url}/sampler")
    wait_for(lambda: site.stats()["in_flight"] > 0)
    crawl.send_signal(signal.SIGINT)
    crawl.send_signal(signal.SIGTERM)
    _, stderr = crawl.communicate(timeout=20)
    assert (crawl.returncode, "Traceback" in stderr) == (130, False)


def test_a_signal_stops_a_crawl_that_has_not_begun(crawl: Crawler, site: Site):
    early = ("-s", "MANGA_SOURCE_MODULES=tests.interrupted")
    done = crawl(*early, url=f"{site.url}/sampler")
    assert (done.exit_code, set(site.stats()["requests"].values())) == (130, {0})
    assert "stopped" in done.verdict


def test_a_signal_stops_a_crawl_that_waits_for_retry_after(start_site: Start, tmp_path: Path):
    site = start_site("--latency", "0.2", "--limit", "5", "--retry-after", "300")
    crawl = started(tmp_path / "output", url=f"{site.url}/sampler")
    wait_for(lambda: "503" in site.stats()["responses"])
    wait_for(lambda: site.stats()["in_flight"] == 0)
    crawl.send_signal(signal.SIGINT)
    _, stderr = crawl.communicate(timeout=20)
    assert crawl.returncode == 130
    assert "stopped" in stderr.splitlines()[-1]


def test_a_stopped_crawl_goes_on_where_it_was(start_site: Start, tmp_path: Path):
    site = start_site("--latency", "0.1")
    output = tmp_path / "output"
    crawl = started(output, url=f"{site.url}/akira", chapters="1-12")
    wait_for(lambda: site.stats()["requests"]["image"] > 100)
    crawl.send_signal(signal.SIGINT)
    _, stderr = crawl.communicate(timeout=20)
    assert crawl.returncode == 130
    assert stderr.splitlines()[-1].endswith("run it again for the rest")
    assert not list(output.rglob("*.part"))
    assert_goes_on(site, output, tmp_path)


def test_a_second_crawl_of_a_series_ends_in_9_naming_the_first(site: Site, tmp_path: Path):
    output = tmp_path / "output"
    with held_crawl(site, output) as first:
        second = run_crawl(output, url=f"{site.url}/akira", chapters="1-2")
        assert second.exit_code == 9
        assert f"is being crawled already by process {first.pid}" in second.verdict
    assert first.returncode == 0


def test_two_series_are_crawled_side_by_side(site: Site, tmp_path: Path):
    output = tmp_path / "output"
    with held_crawl(site, output) as first:
        assert run_crawl(output, url=f"{site.url}/sampler").exit_code == 0
    assert first.returncode == 0


@contextmanager
def held_crawl(site: Site, output: Path) -> Iterator["subprocess.Popen[str]"]:
    """A crawl of Akira that has its ledger and gets no further until the context ends."""
    akira = catalogue()["akira"]
    site.spoil(**{reader_path(akira, akira.chapters[1]): "hold"})
    crawl = started(output, url=f"{site.url}/akira", chapters="1-2")
    wait_for(lambda: list(output.glob("state/*.pid")))
    yield crawl
    site.spoil()
    crawl.communicate(timeout=60)


def test_a_killed_crawl_goes_on_where_it_was(start_site: Start, tmp_path: Path):
    site = start_site("--latency", "0.1")
    output = tmp_path / "output"
    crawl = started(output, url=f"{site.url}/akira", chapters="1-12")
    wait_for(lambda: site.stats()["requests"]["image"] > 100)
    crawl.kill()
    crawl.communicate(timeout=20)
    assert_goes_on(site, output, tmp_path)


def test_a_killed_crawl_of_the_demo_goes_on_though_its_site_is_elsewhere(tmp_path: Path):
    """Each run starts the demo on another port: no address of the last run may be asked for."""
    output, undisturbed = tmp_path / "killed" / "output", tmp_path / "undisturbed" / "output"
    for folder in (output, undisturbed):
        folder.parent.mkdir()
    asked = {"id": "akira", "chapters": "1-6", "bundle": "chapter"}
    crawl = started(output, **asked)
    wait_for(lambda: len(list(output.glob("pages/*/*/*.jpg"))) > 30)
    crawl.kill()
    crawl.communicate(timeout=20)
    assert run_crawl(output, **asked).exit_code == 0
    assert run_crawl(undisturbed, **asked).exit_code == 0
    assert manifest(output) == manifest(undisturbed)


def assert_goes_on(site: Site, output: Path, tmp_path: Path) -> None:
    """One more run ends like an undisturbed one, and fetches little twice."""
    site_paths = site.stats()["paths"]
    before = {path for path in site_paths if path.endswith((".jpg", ".png", ".webp"))}
    site.forget()
    arguments = {"url": f"{site.url}/akira", "chapters": "1-12"}
    assert run_crawl(output, **arguments).exit_code == 0
    again = [path for path in site.stats()["paths"] if path in before]
    assert len(again) <= 53
    undisturbed = tmp_path / "undisturbed" / "output"
    undisturbed.parent.mkdir()
    run_crawl(undisturbed, **arguments)
    assert manifest(output) == manifest(undisturbed)


def test_a_body_that_falls_silent_is_cut(start_site: Start, tmp_path: Path):
    site = start_site()
    sampler = catalogue()["sampler"]
    chapter = sampler.chapters[0]
    site.spoil(**{image_path(sampler, chapter, chapter.pages[2]): "silent"})
    output = tmp_path / "output"
    crawl = started(output, url=f"{site.url}/sampler")
    wait_for(lambda: site.stats()["requests"]["image"] > 5)
    site.spoil()
    crawl.communicate(timeout=100)
    assert crawl.returncode == 0
