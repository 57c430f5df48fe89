from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mangacrawl.records import Chapter, Credit, Series
from mangacrawl.volumes.comicinfo import chapter_title, series_xml, volume_xml
from mangacrawl.volumes.style import ComicInfoStyle
from tests.books import SERIES, book, page
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


def test_what_a_source_tells_of_a_release_is_told(tmp_path: Path):
    one = Chapter("one", "", number="1", group="First, Group", released=date(2019, 3, 30))
    two = Chapter(
        "two", "", number="2", group="Second", released=date(2019, 4, 1), language="pt-BR"
    )
    pages = (page(tmp_path, one, 1), page(tmp_path, two, 1), page(tmp_path, one, 2))
    series = replace(SERIES, publisher="Press", age_rating="Teen", tags=("Drama", "Sci-Fi"))
    told = fields(volume_xml(book(tmp_path, series=series, pages=pages)))
    names = ("Year", "Month", "Day", "Translator", "Publisher", "AgeRating", "Genre", "LanguageISO")
    assert {name: told[name] for name in names} == {
        "Year": "2019",
        "Month": "4",
        "Day": "1",
        "Translator": "First Group, Second",
        "Publisher": "Press",
        "AgeRating": "Teen",
        "Genre": "Drama, Sci-Fi",
        "LanguageISO": "en",
    }


def test_who_made_single_chapters_is_credited_beside_who_made_the_series(tmp_path: Path):
    credits_ = (
        Credit("writer", "David"), Credit("artist", "David"), Credit("translator", "A, B"),
        Credit("writer", "Otomo, Katsuhiro"),
    )  # fmt: skip
    one = Chapter("one", "", number="1", credits=credits_[:3], group="Group")
    two = Chapter("two", "", number="2", credits=credits_)
    told = fields(
        volume_xml(book(tmp_path, pages=(page(tmp_path, one, 1), page(tmp_path, two, 1))))
    )
    assert [told[name] for name in ("Writer", "Penciller", "Translator")] == [
        "Otomo Katsuhiro, David",
        "David",
        "Group, A B",
    ]


@pytest.mark.parametrize(
    ("style", "volume", "chapter"),
    [
        ("portable", (None, None), ("7", None)),
        ("komga", ("2", None), ("7", None)),
        ("kavita", (None, "2"), ("7", "2")),
    ],
)
def test_volume_and_number_are_what_a_program_reads(tmp_path: Path, style, volume, chapter):
    one = Chapter("one", "", number="7", volume="2")
    pages = (page(tmp_path, one, 1),)
    whole = fields(volume_xml(book(tmp_path, pages=pages, number="2", place="2"), style))
    single = fields(volume_xml(book(tmp_path, pages=pages, is_chapter=True, place="7"), style))
    assert (whole.get("Number"), whole.get("Volume")) == volume
    assert (single.get("Number"), single.get("Volume")) == chapter


def test_a_volume_number_that_is_not_whole_is_left_out(tmp_path: Path):
    made = fields(volume_xml(book(tmp_path, number="2.5", place="2.5"), "kavita"))
    assert "Volume" not in made


def test_a_chapter_file_has_its_own_address_too(tmp_path: Path):
    one = Chapter("one", "https://a.example/akira/1 x?y=ü", number="1")
    made = book(tmp_path, pages=(page(tmp_path, one, 1),), is_chapter=True)
    assert fields(volume_xml(made))["Web"] == "https://a.example/akira https://a.example/akira/1"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", ""])
def test_only_addresses_of_the_web_are_told(tmp_path: Path, url: str):
    assert "Web" not in fields(volume_xml(book(tmp_path, series=replace(SERIES, url=url))))


def test_mihon_finds_status_and_year_in_the_series_folder():
    root = etree.fromstring(series_xml(replace(SERIES, status="completed", year=1982)))
    status = root.find("{http://www.w3.org/2001/XMLSchema}PublishingStatusTachiyomi")
    assert status is not None
    assert (status.text, root.findtext("Year")) == ("Completed", "1982")


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
    series = replace(SERIES, publisher="Press", age_rating="Mature 17+", artists=("A",))
    one = Chapter("one", "", number="1", volume="1", group="Group", released=date(2019, 4, 1))
    pages = (page(tmp_path, one, 1), page(tmp_path, one, 2, (180, 130)))
    for changes in ({}, {"is_chapter": True}, {"number": "1", "place": "1"}):
        for style in get_args(ComicInfoStyle):
            made = book(tmp_path, series=series, pages=pages, **changes)
            schema.assertValid(etree.fromstring(volume_xml(made, style)))


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
