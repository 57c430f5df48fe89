from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangacrawl.chapters import Selection, in_reading_order, padded_number
from mangacrawl.errors import ArgumentError
from mangacrawl.parsing.numbering import plain_number
from mangacrawl.records import Chapter


def chapter(number: str | None, volume: str | None = None, id_: str = "", version: int = 1):
    return Chapter(id_ or f"{volume}/{number}", "", number=number, volume=volume, version=version)


def numbers(chapters):
    return [each.number for each in chapters]


NUMBERS = [chapter(n) for n in ("1", "2", "3", "5", "10", "10.5", "20", "21")]


def test_decimals_stand_between_their_neighbours():
    listed = [chapter(n) for n in ("110.5", "2", "111", "10", "110", "1.1", "1")]
    assert numbers(in_reading_order(listed)) == ["1", "1.1", "2", "10", "110", "110.5", "111"]


def test_volumes_come_before_numbers():
    listed = [chapter("1", "2"), chapter("2", "1"), chapter("1", "1")]
    assert [c.id for c in in_reading_order(listed)] == ["1/1", "1/2", "2/1"]


def test_a_chapter_without_volume_comes_last():
    listed = [chapter("9"), chapter("8", "2"), chapter("1", "1")]
    assert numbers(in_reading_order(listed)) == ["1", "8", "9"]


def test_a_chapter_that_lost_its_volume_stays_among_its_neighbours():
    listed = [chapter("1", "1"), chapter("2"), chapter("3", "1"), chapter("4", "2")]
    assert numbers(in_reading_order(listed)) == ["1", "2", "3", "4"]


def test_a_chapter_without_number_follows_the_one_it_follows_on_the_site():
    listed = [chapter("1"), chapter(None, id_="extra"), chapter("2")]
    assert [c.id for c in in_reading_order(listed)] == ["None/1", "extra", "None/2"]


def test_the_latest_version_of_a_chapter_stays():
    listed = [chapter("1", id_="a"), chapter("1", id_="a", version=2)]
    assert [c.version for c in in_reading_order(listed)] == [2]


def test_a_chapter_listed_twice_is_there_once():
    assert len(in_reading_order([chapter("1"), chapter("1")])) == 1


@given(st.lists(st.decimals(0, 9999, places=2), unique=True, max_size=60))
def test_any_numbers_come_in_their_order(values: list[Decimal]):
    listed = [chapter(plain_number(str(value))) for value in values]
    found = [Decimal(c.number or "") for c in in_reading_order(listed)]
    assert found == sorted(values)


@given(st.decimals(0, 99999, places=3))
def test_a_plain_number_keeps_its_value(value: Decimal):
    assert Decimal(plain_number(str(value))) == value


@pytest.mark.parametrize(
    ("text", "plain"), [("001", "1"), ("010.50", "10.5"), ("0", "0"), ("5.0", "5"), ("x", "x")]
)
def test_a_plain_number_has_no_padding(text: str, plain: str):
    assert plain_number(text) == plain


def test_padding_leaves_the_fraction_alone():
    assert padded_number("10.5") == "010.5"


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("1-5,10.5", ["1", "2", "3", "5", "10.5"]),
        ("20-", ["20", "21"]),
        ("-2", ["1", "2"]),
        ("10", ["10"]),
        ("latest:3", ["10.5", "20", "21"]),
        ("1, latest:1", ["1", "21"]),
    ],
)
def test_a_selection_picks_by_number(text: str, picked: list[str]):
    selection = Selection.parse(text)
    assert selection
    assert numbers(selection.pick(NUMBERS)) == picked


@pytest.mark.parametrize("text", ["foo", "5-1", "1,,2", "latest:0", "latest:x", "-", "1-2-3", ","])
def test_a_wrong_selection_names_the_allowed_forms(text: str):
    with pytest.raises(ArgumentError, match="latest:3"):
        Selection.parse(text)
