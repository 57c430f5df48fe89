"""The ledger survives being cut, deleted, corrupted, or written by a newer version."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
import requests

from mangacrawl.errors import DiskError
from mangacrawl.library.ledger import Ledger
from mangacrawl.library.recovery import open_ledger, sweep
from mangacrawl.library.rows import ChapterRow, PageRow
from mangacrawl.library.series_lock import SeriesLock
from mangacrawl.records import Chapter
from tests.conftest import Crawler, Site, Start

PAGES = 24

Harm = Callable[[Path], None]


def fill(path: Path) -> None:
    """A ledger of several of SQLite's pages."""
    ledger = Ledger(path)
    for number in range(1, 201):
        ledger.save_page(PageRow("1", number, url=f"/akira/1/{number}", sha256="ab" * 32))
    ledger.save_chapter(ChapterRow(Chapter("1", "/akira/1"), 0))
    ledger.close()


def delete(ledger: Path) -> None:
    ledger.unlink()


def cut(ledger: Path) -> None:
    ledger.write_bytes(ledger.read_bytes()[: ledger.stat().st_size // 2])


def scribble(ledger: Path) -> None:
    """Over the tables' roots, after the header."""
    content = bytearray(ledger.read_bytes())
    content[4096:8192] = b"\xa5" * 4096
    ledger.write_bytes(content)


def overwrite(ledger: Path) -> None:
    ledger.write_bytes(b"no database at all" * 1000)


def spoil_a_record(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("UPDATE chapters SET record = 'no JSON'")


def drop_a_table(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("DROP TABLE pages")


@pytest.mark.parametrize("harm", [delete, scribble, spoil_a_record])
def test_a_ruined_ledger_is_rebuilt_from_the_files_on_disk(crawl: Crawler, site: Site, harm: Harm):
    done = crawl(url=f"{site.url}/sampler", bundle="chapters:2")
    before = done.files()
    stamps = {path: path.stat().st_mtime_ns for path in (done.output / "library").rglob("*.*")}
    (ledger,) = done.output.glob("state/127*.sqlite")
    harm(ledger)
    site.forget()
    again = crawl(url=f"{site.url}/sampler", bundle="chapters:2")
    assert again.exit_code == 0
    assert site.stats()["requests"]["image"] == 0
    assert f"the ledger was lost; rebuilt it from {PAGES} of {PAGES} pages found on disk" in (
        again.lines
    )
    assert again.files() == before
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    kept = list(done.output.glob("state/*.damaged-1"))
    assert len(kept) == (0 if harm is delete else 1)


@pytest.mark.parametrize("harm", [cut, scribble, overwrite, spoil_a_record, drop_a_table])
def test_what_is_no_ledger_any_more_is_found_out_and_kept(tmp_path: Path, harm: Harm):
    path = tmp_path / "akira.sqlite"
    fill(path)
    harm(path)
    ruined = path.read_bytes()
    ledger = open_ledger(path)
    ledger.close()
    assert (ledger.pages, ledger.chapters) == ({}, {})
    assert (tmp_path / "akira.sqlite.damaged-1").read_bytes() == ruined


def test_wherever_a_ledger_is_cut_it_reads_whole_or_is_found_out(tmp_path: Path):
    path = tmp_path / "akira.sqlite"
    fill(path)
    content = path.read_bytes()
    for length in range(1, len(content), 509):
        path.write_bytes(content[:length])
        ledger = open_ledger(path)
        ledger.close()
        assert len(ledger.pages) in {0, 200}


def test_where_there_can_be_no_write_ahead_log_there_is_a_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """SQLite's locking by dot-files has no shared memory, as many network shares have none."""
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect",
        lambda path, **kw: connect(f"{path.as_uri()}?vfs=unix-dotfile", uri=True, **kw),
    )  # fmt: skip
    fill(tmp_path / "akira.sqlite")
    assert len(Ledger(tmp_path / "akira.sqlite").pages) == 200
    assert not list(tmp_path.glob("*-wal"))


def test_a_lock_that_does_not_hold_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fcntl.flock", lambda *_: None)
    with pytest.raises(DiskError, match=r"locks do not hold in .* MANGA_STATE_DIR"):
        SeriesLock(tmp_path / "akira.lock").acquire("Akira")


def test_a_second_crawl_ends_with_9_before_any_request(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", chapters="1")
    (ledger,) = done.output.glob("state/127*.sqlite")
    lock = SeriesLock(ledger.with_suffix(".lock"))
    lock.acquire("Sampler")
    site.forget()
    second = crawl(url=f"{site.url}/sampler")
    lock.release()
    assert second.exit_code == 9
    assert f"is being crawled already by process {os.getpid()}" in second.verdict
    assert site.stats()["paths"] == []


def test_state_may_be_elsewhere(crawl: Crawler, site: Site, tmp_path: Path):
    elsewhere = ("-s", f"MANGA_STATE_DIR={tmp_path / 'local'}")
    done = crawl(*elsewhere, url=f"{site.url}/sampler", chapters="1")
    assert not (done.output / "state").exists()
    assert len(list((tmp_path / "local").glob("127*.sqlite"))) == 1
    site.forget()
    crawl(*elsewhere, url=f"{site.url}/sampler", chapters="1")
    assert site.stats()["requests"]["image"] == 0


def test_pages_too_many_do_not_stand_for_those_that_are_missing(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", bundle="chapter")
    before = done.files("library")
    (ledger,) = done.output.glob("state/127*.sqlite")
    ledger.unlink()
    for name in ("0003", "0004"):
        page = next(done.output.glob(f"pages/*/1/{name}.*"))
        page.rename(page.with_stem(f"9{name}"))
    shutil.rmtree(done.output / "library")
    site.forget()
    again = crawl(url=f"{site.url}/sampler", bundle="chapter")
    assert (again.exit_code, site.stats()["requests"]["image"]) == (0, 2)
    assert again.files("library") == before


def test_pages_that_are_in_their_cbz_only_are_found_there(crawl: Crawler, site: Site):
    frugal = ("-s", "MANGA_KEEP_PAGES=False")
    done = crawl(*frugal, url=f"{site.url}/sampler")
    before = done.files()
    (ledger,) = done.output.glob("state/127*.sqlite")
    ledger.unlink()
    site.forget()
    again = crawl(*frugal, url=f"{site.url}/sampler")
    assert (again.exit_code, site.stats()["requests"]["image"]) == (0, 0)
    assert again.files() == before


def test_of_a_strange_cbz_in_the_library_nothing_is_taken_and_nothing_gets_out(
    crawl: Crawler, site: Site, tmp_path: Path
):
    frugal = ("-s", "MANGA_KEEP_PAGES=False")
    done = crawl(*frugal, url=f"{site.url}/sampler")
    before = done.files()
    (ledger,) = done.output.glob("state/127*.sqlite")
    (volume,) = done.output.rglob("*.cbz")
    with ZipFile(volume) as archive:
        names = archive.namelist()
    link = ZipInfo(names[2])
    link.external_attr = 0o120777 << 16
    with ZipFile(volume, "w", ZIP_DEFLATED) as archive:
        archive.writestr("../../../escaped.jpg", "escaped")
        archive.writestr(f"{tmp_path}/escaped.jpg", "escaped")
        archive.writestr(names[1], bytes(200_000_000))
        archive.writestr(link, "/etc/passwd")
    ledger.unlink()
    again = crawl(*frugal, url=f"{site.url}/sampler")
    assert again.exit_code == 0
    assert again.files() == before
    assert not list(tmp_path.rglob("*escaped*"))


def test_a_rebuilt_ledger_keeps_the_choices_that_can_still_be_read(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", bundle="chapter")
    (ledger,) = done.output.glob("state/127*.sqlite")
    spoil_a_record(ledger)
    again = crawl(url=f"{site.url}/sampler")
    assert "as before: bundle=chapter" in again.lines
    assert again.files() == done.files()


def test_a_file_that_is_no_picture_is_not_taken_for_a_page(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler")
    before = done.files()
    (ledger,) = done.output.glob("state/127*.sqlite")
    ledger.unlink()
    page = next(done.output.glob("pages/*/1/0002.*"))
    page.write_bytes(page.read_bytes()[:-100])
    site.forget()
    again = crawl(url=f"{site.url}/sampler")
    assert site.stats()["requests"]["image"] == 1
    assert again.files() == before


def test_a_renamed_series_that_now_has_volumes_on_a_site_that_moved_is_not_fetched_again(
    crawl: Crawler, site: Site, start_site: Start, monkeypatch: pytest.MonkeyPatch
):
    moved = ("-s", "MANGA_SOURCE_MODULES=tests.moved")
    monkeypatch.setenv("MANGACRAWL_MOVED", site.url)
    before = crawl(*moved, source="moved", id="sampler").files("pages")
    new = start_site()
    index = requests.get(f"{new.url}/sampler", timeout=10).text
    new.spoil(**{"/sampler": "text:" + index.replace("Sampler", "Renamed")})
    monkeypatch.setenv("MANGACRAWL_MOVED", new.url)
    monkeypatch.setenv("MANGACRAWL_VOLUME", "3")
    site.forget()
    new.forget()
    done = crawl(*moved, source="moved", id="sampler")
    assert done.exit_code == 0
    assert done.verdict.startswith("Renamed (demo): complete")
    assert [path.name for path in done.output.rglob("*.cbz")] == ["Sampler (demo) v03.cbz"]
    assert done.files("pages") == before
    assert new.stats()["paths"] == ["/robots.txt", "/sampler"]
    assert site.stats()["paths"] == []


def test_a_ledger_of_a_newer_version_ends_in_1_and_is_left_untouched(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", chapters="1")
    (ledger,) = done.output.glob("state/127*.sqlite")
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = ledger.read_bytes()
    again = crawl(url=f"{site.url}/sampler")
    assert (again.exit_code, ledger.read_bytes()) == (1, before)
    assert "newer version of mangacrawl; it is left untouched" in again.verdict


def test_an_index_that_is_the_same_is_read_where_the_ledger_has_lost_it(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler")
    before = done.files()
    (ledger,) = done.output.glob("state/127*.sqlite")
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("DELETE FROM chapters")
    site.forget()
    again = crawl(url=f"{site.url}/sampler")
    assert again.exit_code == 0
    index = [path for path in site.stats()["paths"] if path == "/sampler"]
    assert (len(index), site.stats()["responses"]["304"]) == (2, 1)
    assert site.stats()["requests"]["image"] == 0
    assert again.files() == before


def test_what_cannot_be_removed_is_a_fault_of_the_disk(tmp_path: Path):
    (tmp_path / "pages" / "akira" / "1" / "0001.jpg.part").mkdir(parents=True)
    with pytest.raises(DiskError, match=r"cannot remove .*0001\.jpg\.part: "):
        sweep(tmp_path, "akira", "Akira")


def test_what_a_killed_run_left_half_written_is_swept(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", chapters="1")
    before = done.files()
    for path in [path for path in done.output.rglob("*.*") if "state" not in path.parts]:
        path.with_name(f"{path.name}.part").write_bytes(b"half")
    assert crawl(url=f"{site.url}/sampler", chapters="1").files() == before
