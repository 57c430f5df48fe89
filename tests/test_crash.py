"""Killed crawls, disks that fail or are full, clocks that jump: nothing is lost or damaged."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Crawler, Site, crawl_command, run_crawl
from tests.forked import harness


def test_twenty_kills_end_as_if_nothing_had_happened():
    done = harness("tests.kills", "--small", "--kills", "20", "--seed", "7")
    assert done.returncode == 0, done.stdout
    assert "0 damaged files" in done.stdout


@pytest.mark.parametrize("kind", ["ENOSPC", "EIO", "EROFS"])
def test_a_disk_that_fails_at_any_operation_ends_the_run_with_7_and_damages_nothing(kind: str):
    done = harness("tests.faults", kind, "--stride", "29")
    assert done.returncode == 0, done.stdout


def test_a_file_is_flushed_before_it_has_its_name_and_its_row_follows(
    crawl: Crawler, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MANGACRAWL_FAULT", f"log:{tmp_path / 'log'}")
    faulty = ("-s", "MANGA_SOURCE_MODULES=tests.faulty_disk")
    done = crawl(*faulty, url=f"{site.url}/sampler", chapters="1")
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    for path in (done.output / "pages").rglob("0*.*"):
        written = lines.index(f"write {path}.part")
        flushed = lines.index(f"fsync {path}.part", written)
        renamed = lines.index(f"rename {path}", flushed)
        folder = lines.index(f"fsync {path.parent}", renamed)
        assert "commit ledger" in lines[folder:]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("no tmpfs can be mounted here: it takes Linux and root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_surely_too_small_ends_in_7_before_any_page_is_fetched(
    site: Site, small_disk: Path
):
    done = run_crawl(small_disk / "output", url=f"{site.url}/akira")
    assert done.exit_code == 7
    assert "it needs about 240 MB, has 1." in done.verdict
    assert site.stats()["requests"]["image"] == 0


def test_what_may_not_fit_is_said_and_what_does_is_not_refused(site: Site, small_disk: Path):
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    done = run_crawl(small_disk / "output", url=f"{site.url}/sampler")
    assert done.exit_code == 0
    assert any("may fill up: it needs about 8.0 MB, has 4." in line for line in done.lines)


def test_a_disk_that_fills_up_loses_nothing(site: Site, small_disk: Path, tmp_path: Path):
    enlarge = ["mount", "-o", "remount,size=9m", str(small_disk)]
    subprocess.run(enlarge, check=True)
    ballast = small_disk / "ballast"
    output = small_disk / "output"
    run_crawl(output, url=f"{site.url}/sampler", chapters="1")
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 500_000))
    done = run_crawl(output, "-s", "MANGA_KEEP_PAGES=False", url=f"{site.url}/sampler")
    assert done.exit_code == 7
    assert "needs about" in done.verdict
    assert not list(output.rglob("*.part"))
    ballast.unlink()
    again = run_crawl(output, url=f"{site.url}/sampler")
    assert again.exit_code == 0
    undisturbed = run_crawl(tmp_path / "other" / "output", url=f"{site.url}/sampler")
    assert again.files("library") == undisturbed.files("library")
    assert again.files("pages") == undisturbed.files("pages")


@pytest.mark.skipif(not shutil.which("faketime"), reason="needs faketime (Debian: faketime)")
@pytest.mark.parametrize("shift", ["+113 days", "-1 day"])
def test_a_clock_that_jumps_changes_nothing(site: Site, output: Path, shift: str):
    done = run_crawl(output, url=f"{site.url}/sampler")
    before = done.files("pages") | done.files("library")
    site.forget()
    again = subprocess.run(
        ["faketime", "-f", shift.replace(" days", "d").replace(" day", "d"),
         *crawl_command(output, url=f"{site.url}/sampler")],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"NO_PROXY": "*"},
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert site.stats()["requests"]["image"] == 0
    assert done.files("pages") | done.files("library") == before
