import pytest

from mangacrawl.crawl.finding import found_by_name
from mangacrawl.errors import Ambiguous, NotFound
from mangacrawl.library.copies import Preference, gaps
from mangacrawl.parsing.numbering import Numbering, numbering
from mangacrawl.records import Chapter, SeriesLink

LISTED = [
    Chapter("a1", "", "1", language="en", group="A"),
    Chapter("b1", "", "1", language="en", group="B"),
    Chapter("f1", "", "1", language="fr", group="F"),
    Chapter("b2", "", "2", language="en", group="B"),
    Chapter("f3", "", "3", language="fr", group="F"),
]


def chosen(preference: Preference, *kept: str) -> list[str]:
    return [chapter.id for chapter in preference.choose(LISTED, kept)]


def test_the_group_with_most_chapters_is_taken():
    assert chosen(Preference()) == ["b1", "b2"]


def test_gaps_of_a_group_are_filled_from_the_next():
    assert chosen(Preference(groups=("A",))) == ["a1", "b2"]


def test_gaps_of_a_language_are_filled_from_the_next():
    assert chosen(Preference(languages=("en", "fr"))) == ["b1", "b2", "f3"]


def test_a_chapter_stays_with_who_made_it_before():
    assert chosen(Preference(), "a1") == ["a1", "b2"]


def test_only_all_takes_two_copies_of_a_chapter():
    assert chosen(Preference(languages=("en",), groups=("all",))) == ["a1", "b1", "b2"]


def test_a_language_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(NotFound, match="language= can be en, fr"):
        chosen(Preference(languages=("de",)))


def test_a_chapter_that_is_shown_beats_one_that_is_elsewhere():
    listed = [Chapter("x", "", "1", unavailable="only at x"), Chapter("y", "", "1", group="Y")]
    assert [each.id for each in Preference().choose(listed)] == ["y"]


def test_numbers_that_begin_anew_in_every_volume_are_different_chapters():
    listed = [Chapter(f"v{v}", "", "1", volume=v) for v in ("1", "2")]
    assert len(Preference().choose(listed)) == 2


def test_missing_numbers_are_gaps():
    listed = [Chapter(number, "", number) for number in ("1", "3.5", "7")]
    assert gaps(listed) == [(2, 2), (4, 6)]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Vol.1 Ch.3v2", Numbering("1", "3", 2)),
        ("第12話", Numbering(None, "12")),
        ("第３巻 第12.5話", Numbering("3", "12.5")),
        ("10.5", Numbering(None, "10.5")),
        ("Extra", Numbering(None, None)),
        ("Vol. 2 Extra 1", Numbering("2", None)),
        ("Ch. 1-2", Numbering(None, "1")),
        ("#601: Chapter 14 - Page 09", Numbering(None, "14")),
        ("100 Days of Summer", Numbering(None, None)),
        ("", Numbering(None, None)),
    ],
)
def test_a_chapter_is_numbered_in_every_spelling(label: str, expected: Numbering):
    assert numbering(label) == expected


LINKS = [
    SeriesLink("1", "Blue", "", ("Ao",)),
    SeriesLink("2", "Blue Box", ""),
    SeriesLink("3", "Box", ""),
]


@pytest.mark.parametrize(("name", "id_"), [("blue", "1"), ("ao", "1"), ("Blue Box!", "2")])
def test_an_exact_title_wins(name: str, id_: str):
    assert found_by_name(LINKS, name).id == id_


def test_a_name_of_several_is_answered_with_the_list():
    with pytest.raises(Ambiguous, match="2 series") as caught:
        found_by_name([*LINKS, SeriesLink("4", "Blue", "")], "Blue")
    assert caught.value.details == ("  id=1  Blue", "  id=4  Blue")
