from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from mangacrawl.errors import ConversionError
from mangacrawl.volumes.cbz import write_cbz
from tests.books import book


def test_the_pages_are_the_originals_in_reading_order(tmp_path: Path):
    made = book(tmp_path)
    write_cbz(made, tmp_path / "a.cbz")
    with ZipFile(tmp_path / "a.cbz") as archive:
        assert archive.namelist() == [
            "ComicInfo.xml",
            "0001_c001_p001.jpg",
            "0002_c001_p002.jpg",
            "0003_c001.5_p001.jpg",
        ]
        read = [archive.read(name) for name in archive.namelist()[1:]]
    assert read == [page.path.read_bytes() for page in made.pages]


def test_nothing_is_compressed_twice(tmp_path: Path):
    write_cbz(book(tmp_path), tmp_path / "a.cbz")
    with ZipFile(tmp_path / "a.cbz") as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {ZIP_STORED}


def test_two_builds_are_the_same_bytes(tmp_path: Path):
    made = book(tmp_path)
    write_cbz(made, tmp_path / "a.cbz")
    write_cbz(made, tmp_path / "b.cbz")
    assert (tmp_path / "a.cbz").read_bytes() == (tmp_path / "b.cbz").read_bytes()


def test_a_page_that_has_changed_on_disk_fails_the_volume_by_name(tmp_path: Path):
    made = book(tmp_path)
    made.pages[1].path.write_bytes(b"other")
    with pytest.raises(ConversionError, match=r"chapter 1, page 2: .* changed"):
        write_cbz(made, tmp_path / "a.cbz")
