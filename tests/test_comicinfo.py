from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mangacrawl.records import Chapter, Series
from mangacrawl.volumes.comicinfo import chapter_title, series_xml, volume_xml
from tests.books import book
from tests.captures import captures


def fields(xml: bytes) -> dict[str, str | None]:
    return {element.tag: element.text for element in etree.fromstring(xml) if len(element) == 0}


def test_a_volume_says_what_is_known_and_nothing_else(tmp_path: Path):
    assert fields(volume_xml(book(tmp_path))) == {
        "Title": "Chapters 1-1.5",
        "Series": "Akira & <Tetsuo>",
        "Summary": "Neo-Tokyo.",
        "Notes": "Cut by mangacrawl.",
        "Writer": "Otomo Katsuhiro",
        "Web": "https://a.example/akira",
        "PageCount": "3",
        "LanguageISO": "en",
        "Manga": "YesAndRightToLeft",
    }


def test_a_chapter_file_has_its_number(tmp_path: Path):
    assert fields(volume_xml(book(tmp_path, is_chapter=True)))["Number"] == "1"


def test_each_chapter_is_a_bookmark_and_each_spread_is_marked(tmp_path: Path):
    pages = etree.fromstring(volume_xml(book(tmp_path))).findall("Pages/Page")
    assert [page.get("Bookmark") for page in pages] == [
        'Chapter 1: "First" <page>',
        None,
        "Chapter 1.5",
    ]
    assert [page.get("DoublePage") for page in pages] == [None, "true", None]
    assert [page.get("ImageWidth") for page in pages] == ["90", "180", "90"]


def test_the_official_schema_accepts_a_volume(tmp_path: Path):
    schema = etree.XMLSchema(etree.parse(captures("schemas/ComicInfo-v2.1-draft.xsd")))
    for changes in ({}, {"is_chapter": True}, {"number": "1"}):
        schema.assertValid(etree.fromstring(volume_xml(book(tmp_path, **changes))))


@given(st.text(st.characters(), max_size=50))
def test_any_title_makes_well_formed_xml(title: str):
    root = etree.fromstring(series_xml(Series("a", title, "http://a.example")))
    assert root.tag == "ComicInfo"


@pytest.mark.parametrize(
    ("chapter", "title"),
    [
        (Chapter("1", "", number="10.5", title="Awake"), "Chapter 10.5: Awake"),
        (Chapter("1", "", number="2"), "Chapter 2"),
        (Chapter("1", "", title="Extra"), "Extra"),
    ],
)
def test_a_chapter_in_a_table_of_contents(chapter: Chapter, title: str):
    assert chapter_title(chapter) == title
