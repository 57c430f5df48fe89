"""Reading pages from files and from archives, which may be anybody's by now."""

from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mangacrawl.errors import ConversionError
from mangacrawl.volumes.book import original_bytes
from mangacrawl.volumes.cbz import write_cbz
from mangacrawl.volumes.originals import original_size, read_original
from tests.books import book


def bound(folder: Path) -> Path:
    path = folder / "volume.cbz"
    write_cbz(book(folder), path)
    return path


def test_a_page_in_an_archive_has_the_same_bytes(tmp_path: Path):
    page = book(tmp_path).pages[1]
    inside = replace(page, path=bound(tmp_path), entry="0002_c001_p002.jpg")
    assert original_bytes(inside) == page.path.read_bytes()
    assert original_size(inside.path, inside.entry) == page.bytes
    assert inside.extension == page.extension == ".jpg"


@pytest.mark.parametrize("entry", ["0009_c001_p009.jpg", "../0001_c001_p001.jpg", ""])
def test_an_entry_that_is_not_there_is_gone(tmp_path: Path, entry: str):
    page = replace(book(tmp_path).pages[0], path=bound(tmp_path), entry=entry)
    with pytest.raises(ConversionError):
        original_bytes(page)


def test_an_archive_that_was_written_anew_is_looked_at_anew(tmp_path: Path):
    path = bound(tmp_path)
    assert original_size(path, "0001_c001_p001.jpg") is not None
    with ZipFile(path, "w") as archive:
        archive.writestr("other.jpg", b"other")
    assert original_size(path, "0001_c001_p001.jpg") is None
    assert read_original(path, "other.jpg", 5) == b"other"


def test_a_bomb_is_not_unpacked(tmp_path: Path):
    path = tmp_path / "bomb.cbz"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("0001.jpg", bytes(10_000_000))
    with pytest.raises(FileNotFoundError):
        read_original(path, "0001.jpg", 1000)


def test_no_more_is_read_than_a_page_has(tmp_path: Path):
    path = tmp_path / "0001.jpg"
    path.write_bytes(bytes(10_000))
    assert len(read_original(path, None, 100)) == 101


def test_a_folder_in_the_place_of_a_page_is_named(tmp_path: Path):
    page = replace(book(tmp_path).pages[0], path=tmp_path)
    with pytest.raises(ConversionError, match=r"chapter 1, page 1: the stored file cannot be read"):
        original_bytes(page)


@settings(max_examples=200)
@given(st.data())
def test_whatever_is_in_the_archive_the_page_is_right_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    folder = tmp_path_factory.mktemp("damaged")
    page = book(folder).pages[0]
    path = bound(folder)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    try:
        found = original_bytes(replace(page, path=path, entry="0001_c001_p001.jpg"))
    except ConversionError:
        return
    assert found == page.path.read_bytes()
