import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mangacrawl.errors import DiskError, MangacrawlError
from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import ChapterRow, CoverRow, PageRow, VolumeRow, series_of
from mangacrawl.library.summary import read_summary
from mangacrawl.records import Chapter, Series

SERIES = Series("akira", "Akira", "http://a.example/akira", authors=("A", "B"), year=1982)
CHAPTER = ChapterRow(
    Chapter("1", "http://a.example/akira/1", "1", title="One", released=date(2010, 2, 1)),
    position=0,
    page_count=2,
    is_wanted=True,
)
PAGE = PageRow("1", 1, "u", "i", "pages/akira/1/0001.jpg", "ab" * 32, 900, 1300, 42, "t", None)
COVER = CoverRow("2", "covers/akira/v2.jpg", "ef" * 32, 600, 900, 42)
VOLUME = VolumeRow("library/Akira/Akira v01.cbz", "s", 42, "cd" * 32, 1, is_partial=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "akira.sqlite"


def filled(path: Path) -> None:
    ledger = Ledger(path)
    ledger.save_series(SERIES)
    ledger.save_chapter(CHAPTER)
    ledger.save_page(PAGE)
    ledger.save_page(PageRow("1", 2, error="HTTP 404"))
    ledger.save_volume(VOLUME, path.parent)
    ledger.save_cover(COVER, path.parent)
    ledger.close()


def test_what_was_saved_is_there_again(path: Path):
    filled(path)
    ledger = Ledger(path)
    ledger.close()
    assert series_of(ledger.facts) == SERIES
    assert ledger.chapters == {"1": CHAPTER}
    assert ledger.pages["1", 1] == PAGE
    assert ledger.volumes == {VOLUME.path: VOLUME}
    assert ledger.covers == {"2": COVER}


def test_a_future_is_done_when_the_row_can_be_read_by_another(path: Path):
    ledger = Ledger(path)
    ledger.save_page(PAGE, path.parent).result(timeout=10)
    with closing(sqlite3.connect(path)) as other:
        rows = other.execute("SELECT sha256 FROM pages").fetchall()
    ledger.close()
    assert rows == [("ab" * 32,)]


def test_a_page_that_moves_keeps_the_rest_of_its_row(path: Path):
    filled(path)
    ledger = Ledger(path)
    ledger.slim("1", 1)
    ledger.move_page(ledger.pages["1", 1], VOLUME.path, "0001_c001_p001.jpg", path.parent)
    ledger.close()
    ledger = Ledger(path)
    ledger.close()
    moved = replace(PAGE, path=VOLUME.path, entry="0001_c001_p001.jpg")
    assert ledger.pages["1", 1] == moved


def test_a_ledger_of_the_first_version_is_brought_up_to_date(path: Path):
    filled(path)
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            "DROP TABLE covers; ALTER TABLE pages DROP COLUMN entry;"
            "ALTER TABLE chapters DROP COLUMN is_listed; PRAGMA user_version = 1;"
        )
    for _ in range(2):
        ledger = Ledger(path)
        ledger.close()
        assert ledger.pages["1", 1] == PAGE


def test_a_row_saved_twice_is_there_once(path: Path):
    filled(path)
    ledger = Ledger(path)
    ledger.save_page(replace(PAGE, bytes=43))
    ledger.close()
    assert Ledger(path).pages["1", 1].bytes == 43


def test_a_forgotten_volume_is_gone(path: Path):
    filled(path)
    ledger = Ledger(path)
    ledger.forget_volume(VOLUME.path).result(timeout=10)
    ledger.close()
    assert Ledger(path).volumes == {}


def test_a_folder_that_cannot_be_flushed_is_a_disk_error(path: Path, tmp_path: Path):
    ledger = Ledger(path)
    future = ledger.save_page(PAGE, tmp_path / "nowhere")
    with pytest.raises(DiskError):
        future.result(timeout=10)
    with pytest.raises(DiskError):
        ledger.close()


@pytest.mark.parametrize("what", [{"url": "/\ud800"}, {"width": 2**70}])
def test_a_row_that_sqlite_does_not_take_is_an_error_and_holds_nobody_up(path: Path, what):
    ledger = Ledger(path)
    for future in (ledger.save_page(replace(PAGE, **what)), ledger.save_page(PAGE)):
        with pytest.raises(DiskError, match="cannot write"):
            future.result(timeout=10)
    with pytest.raises(DiskError):
        ledger.close()


def test_a_row_whose_folder_could_not_be_flushed_is_not_written(path: Path, tmp_path: Path):
    ledger = Ledger(path)
    ledger.save_page(PAGE, tmp_path / "nowhere")
    with pytest.raises(DiskError):
        ledger.close()
    assert Ledger(path).pages == {}


def test_a_ledger_of_a_newer_version_is_left_untouched(path: Path):
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(MangacrawlError, match="newer version"):
        Ledger(path)


def test_a_file_that_is_no_ledger_is_a_disk_error(path: Path):
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(DiskError):
        Ledger(path)


def test_a_summary_counts_pages_and_holes(path: Path):
    filled(path)
    summary = read_summary(path)
    assert summary
    assert (summary.pages, summary.missing, summary.volumes) == (2, 1, (VOLUME,))
    assert [(hole.chapter, hole.span) for hole in summary.holes] == [("1", "page 2")]


def test_there_is_no_summary_of_what_is_no_ledger(tmp_path: Path):
    assert read_summary(tmp_path / "nothing.sqlite") is None
