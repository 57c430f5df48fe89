"""The ledger survives being cut, deleted, corrupted, or written by a newer version."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Crawler, Site

PAGES = 24


def delete(ledger: Path) -> None:
    ledger.unlink()


def cut(ledger: Path) -> None:
    ledger.write_bytes(ledger.read_bytes()[: ledger.stat().st_size // 2])


def scribble(ledger: Path) -> None:
    """Over the tables' roots, after the header."""
    content = bytearray(ledger.read_bytes())
    content[4096:8192] = b"\xa5" * 4096
    ledger.write_bytes(content)


def empty(ledger: Path) -> None:
    ledger.write_bytes(b"")


def overwrite(ledger: Path) -> None:
    ledger.write_bytes(b"no database at all" * 1000)


def spoil_a_record(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("UPDATE chapters SET record = 'no JSON'")


def drop_a_table(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("DROP TABLE pages")


@pytest.mark.parametrize(
    "harm", [delete, cut, scribble, empty, overwrite, spoil_a_record, drop_a_table]
)
def test_a_ruined_ledger_is_rebuilt_from_the_files_on_disk(
    crawl: Crawler, site: Site, harm: Callable[[Path], None]
):
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
    assert len(kept) == (0 if harm in {delete, empty} else 1)


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


def test_a_ledger_of_a_newer_version_ends_in_1_and_is_left_untouched(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", chapters="1")
    (ledger,) = done.output.glob("state/127*.sqlite")
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = ledger.read_bytes()
    again = crawl(url=f"{site.url}/sampler")
    assert (again.exit_code, ledger.read_bytes()) == (1, before)
    assert "newer version of mangacrawl; it is left untouched" in again.verdict
