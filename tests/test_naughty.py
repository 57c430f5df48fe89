"""Names of any title, on every file system we know of."""

import os
import shutil
import subprocess
import unicodedata
from collections.abc import Container
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mangacrawl.records import Chapter, Series
from mangacrawl.safe import NAME_BYTES, folded, safe_key, safe_name, visible
from mangacrawl.volumes.comicinfo import series_xml
from mangacrawl.volumes.names import PARTIAL, part_name, series_name, volume_name
from mangacrawl.volumes.plan import Slice, Volume
from tests.naughty import NAUGHTY

TEXT = st.text(st.characters(), max_size=80) | st.sampled_from(NAUGHTY)
MANY = settings(max_examples=max(1000, settings().max_examples), deadline=None)
"""In the suite; `--hypothesis-profile=thorough` makes it 10,000 each."""

LONGEST_FOLDER = "devices/kindle-1072x1448"


def assert_legal(name: str) -> None:
    assert name
    assert PureWindowsPath(name).name == name
    assert not set(name) & set('<>:"/\\|?*')
    assert not name.startswith((" ", ".", "-", "~"))
    assert not name.endswith((" ", "."))
    assert len(name.encode()) <= NAME_BYTES
    assert unicodedata.is_normalized("NFC", name)
    assert not any(unicodedata.category(c).startswith("C") for c in name)
    stem = name.partition(".")[0].rstrip().upper()
    assert stem not in {"CON", "PRN", "AUX", "NUL", "COM1", "COM¹", "LPT9", "CONIN$", "CONOUT$"}


@pytest.mark.parametrize("title", NAUGHTY)
def test_a_naughty_title_is_a_legal_name(title: str):
    assert_legal(safe_name(title))
    assert safe_name(safe_name(title)) == safe_name(title)


@MANY
@given(TEXT)
def test_any_title_is_a_legal_name(title: str):
    assert_legal(safe_name(title))
    assert safe_name(safe_name(title)) == safe_name(title)


@MANY
@given(TEXT, TEXT)
def test_the_longest_path_stays_within_180_characters(title: str, chapter_title: str):
    chapter = Chapter("x" * 99, "", title=chapter_title or "x")
    series = series_name(title)
    name = volume_name(series, Volume("chapter", "100", (Slice(chapter, 1, 9),)), "x-0123456789")
    assert name.endswith(" [x-0123456789]")
    file_name = part_name(f"{name} {PARTIAL}", 1, 2) + ".kepub.epub"
    assert_legal(file_name)
    assert len(f"{LONGEST_FOLDER}/{series}/{file_name}") <= 180


@MANY
@given(TEXT, TEXT)
def test_ids_that_differ_have_keys_that_differ_on_every_file_system(one: str, other: str):
    if one != other:
        assert folded(safe_key(one)) != folded(safe_key(other))


@MANY
@given(TEXT, TEXT)
def test_any_title_makes_xml_and_one_line(title: str, summary: str):
    xml = series_xml(Series("a", title, "http://a.example", summary=summary, tags=(title,)))
    assert etree.fromstring(xml).tag == "ComicInfo"
    assert not {"\x1b", "\n", "\r", "\x9b"} & set(visible(title))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Akira", "akira"), ("é", "e\u0301"), ("STRASSE", "straße"), ("a?", "a*"), ("ΣΑΣ", "σας")],
)
def test_names_that_a_file_system_takes_for_one_are_found_out(one: str, other: str):
    assert folded(safe_name(one)) == folded(safe_name(other))


def _is_ascii_to_mtools(name: str, names: Container[str]) -> bool:
    """Whether mtools takes a name for another: digits are digits to it, all else underscores."""
    plain = unicodedata.normalize("NFKC", name)
    shortened = "".join(each if each.isascii() else "_" for each in name)
    return not name.isascii() and (plain.isascii() or folded(shortened) in names)


@pytest.mark.skipif(not shutil.which("mcopy"), reason="mtools and dosfstools write a FAT image")
def test_every_name_comes_back_from_a_fat_file_system(tmp_path: Path):
    there, back, image = tmp_path / "there", tmp_path / "back", tmp_path / "fat.img"
    there.mkdir()
    back.mkdir()
    names = {folded(safe_name(title)): safe_name(title) for title in NAUGHTY}
    for name in names.values():
        if max(name) > "\uffff" or _is_ascii_to_mtools(name, names):
            continue  # FAT can, mtools cannot: it keeps 16 bits of a character
        (there / f"{name}.cbz").write_text(name, encoding="utf-8")
    environment = os.environ | {"LC_ALL": "C.UTF-8"}

    def run(*command: str | Path) -> None:
        subprocess.run(
            command, check=True, env=environment, capture_output=True, stdin=subprocess.DEVNULL
        )

    run(shutil.which("mkfs.vfat") or "/usr/sbin/mkfs.vfat", "-C", image, "16384")
    run("mmd", "-i", image, "::/library")
    run("mcopy", "-i", image, *there.iterdir(), "::/library/")
    run("mcopy", "-i", image, "-s", "::/library", back)
    found = {path.name: path.read_text(encoding="utf-8") for path in (back / "library").iterdir()}
    assert found == {path.name: path.read_text(encoding="utf-8") for path in there.iterdir()}
