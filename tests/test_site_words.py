"""What sites say in words, as their pages have it."""

import pytest

from mangacrawl.parsing.indexed import oldest_first
from mangacrawl.parsing.numbering import title_in
from mangacrawl.parsing.site_words import release_date, status_in
from mangacrawl.records import Chapter


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("August 3, 2022", "2022-08-03"),
        ("  Aug 28,\n 2015 ", "2015-08-28"),
        ("January 4th, 2024", "2024-01-04"),
        ("4 January 2024", "2024-01-04"),
        ("2024-01-04T10:00:00+09:00", "2024-01-04"),
        ("2024/1/4", "2024-01-04"),
        ("04.01.2024", "2024-01-04"),
        ("04/07/2009", "None"),
        ("2 hours ago", "None"),
        ("Yesterday", "None"),
        ("in 3 days", "None"),
        ("February 30, 2024", "None"),
        ("9999-99-99", "None"),
        ("", "None"),
    ],
)
def test_a_date_is_a_day_or_nothing(text: str, day: str):
    assert str(release_date(text)) == day


def test_a_theme_may_know_which_number_is_the_month():
    assert str(release_date("04/07/2009", ("%m/%d/%Y",))) == "2009-04-07"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("OnGoing", "ongoing"),
        ("Ongoing, Tin Harbour 97 is coming next...", "ongoing"),
        ("On Hold", "ongoing"),
        ("Hiatus", "ongoing"),
        ("Em Lançamento", "ongoing"),
        ("連載中", "ongoing"),
        ("Completed", "completed"),
        ("Finalizado", "completed"),
        ("Terminé", "completed"),
        ("Canceled", "completed"),
        ("完結", "completed"),
        ("Ongoing (Complete)", None),
        ("9th, it has 1,551,847 monthly views", None),
        (None, None),
    ],
)
def test_a_series_goes_on_is_done_or_does_not_say(text: str | None, status: str | None):
    assert status_in(text) == status


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("Chapter 1 : The God Of Destruction", "The God Of Destruction"),
        ("Vol.1 Ch.3v2 - Arrival", "Arrival"),
        ("Chapter 1-2: Both", "Both"),
        ("Chapter 10.5", None),
        ("96", None),
        ("Extra: At the Pier", "Extra: At the Pier"),
        ("Prologue", "Prologue"),
        ("100 Days of Summer", "100 Days of Summer"),
        ("第12話 港", "港"),
        (" : ", None),
    ],
)
def test_a_title_is_what_a_label_says_beside_its_numbers(label: str, title: str | None):
    assert title_in(label) == title


@pytest.mark.parametrize(
    ("listed", "in_order"),
    [
        (["3", "2", None, "1"], ["1", None, "2", "3"]),
        (["1", "2", "3"], ["1", "2", "3"]),
        (["2", "1", "3", "4"], ["2", "1", "3", "4"]),
        ([None, None], [None, None]),
    ],
)
def test_a_list_is_turned_where_its_numbers_fall(
    listed: list[str | None], in_order: list[str | None]
):
    chapters = [Chapter(str(place), "", number) for place, number in enumerate(listed)]
    assert [chapter.number for chapter in oldest_first(chapters)] == in_order


def test_a_list_without_numbers_is_turned_where_its_dates_fall():
    days = (release_date("2024-03-01"), None, release_date("2024-01-01"))
    chapters = [Chapter(str(place), "", released=day) for place, day in enumerate(days)]
    assert [chapter.id for chapter in oldest_first(chapters)] == ["2", "1", "0"]
