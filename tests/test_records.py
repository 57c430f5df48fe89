"""What a site says is what a record holds, or it is no record."""

from datetime import date

import pytest

from mangacrawl.records import Chapter, Page, Series


@pytest.mark.parametrize(
    "values",
    [
        {"title": None},
        {"title": ["Akira"]},
        {"url": 1},
        {"year": "1982"},
        {"authors": "Otomo"},
        {"tags": ("drama", None)},
        {"status": {}},
    ],
)
def test_a_value_of_another_type_is_refused(values):
    with pytest.raises(TypeError):
        Series(**{"id": "akira", "title": "Akira", "url": "/akira"} | values)


@pytest.mark.parametrize("number", [0, -1, 10_001, 10**30])
def test_a_page_has_a_number_that_pages_have(number: int):
    with pytest.raises(ValueError, match=f"page number {number}"):
        Page(number)


@pytest.mark.parametrize(
    ("number", "kept"),
    [("10.5", "10.5"), ("010.50", "10.5"), ("x", None), ("1.2.3", None), ("9" * 99, None)],
)
def test_a_chapter_has_a_number_or_none(number: str, kept: str | None):
    assert Chapter("1", "/1", number=number, volume=number).number == kept
    assert Chapter("1", "/1", number=number, volume=number).volume == kept


def test_half_a_character_is_none():
    chapter = Chapter("\ud8001", "/1", title="a\udfffb", released=date(2020, 1, 1))
    assert (chapter.id, chapter.title) == ("\ufffd1", "a\ufffdb")
    assert Series("1", "Akira", "/", authors=("\ud800",)).authors == ("\ufffd",)
