"""The names that we write, and what Kavita, Komga and Mihon make of them."""

from collections.abc import Iterator

import pytest

from mangacrawl.records import Chapter
from mangacrawl.volumes.names import misled, series_name, volume_name
from mangacrawl.volumes.plan import Slice, Volume
from tests import readers

# A title, how it is cut, the volume's number, its first and last chapter; the name; Kavita's volume
# and chapter; Mihon's number.
TABLE = """
Akira site 1 1 8 | Akira v01 | 1 - | 1
Akira site 12 90 98 | Akira v12 | 12 - | 12
Akira site 2.5 30 30 | Akira v02.5 | 2.5 - | 2.5
Akira borders 1 1 13 | Akira v01 (c001-013) | 1 1-13 | 1.013
Akira borders 2 10.5 12 | Akira v02 (c010.5-012) | 2 10.5-12 | 10.5
Akira borders 3 14 14 | Akira v03 (c014) | 3 14 | 14
Akira borders 100 998 1002 | Akira v100 (c998-1002) | 100 998-1002 | 998.1002
Akira chapter - 1 1 | Akira c001 | - 1 | 1
Akira chapter - 10.5 10.5 | Akira c010.5 | - 10.5 | 10.5
Akira chapter 2 7 7 | Akira v02 c007 | 2 7 | 7
Akira chapter 2 7.5 7.5 | Akira v02 c007.5 | 2 7.5 | 7.5
Akira chapter - 0 0 | Akira c000 | - 0 | 0
Akira pages 2 5 9 | Akira v02 p0251-0500 | 2 - | 251.05
Akira (demo) site 1 1 8 | Akira (demo) v01 | 1 - | 1
Akira (demo) borders 1 1 13 | Akira (demo) v01 (c001-013) | 1 1-13 | 1.013
Mob Psycho 100 site 1 1 8 | Mob Psycho 100 v01 (c001-008) | 1 1-8 | 1.008
Mob Psycho 100 borders 2 9 20 | Mob Psycho 100 v02 (c009-020) | 2 9-20 | 9.02
Mob Psycho 100 chapter - 100 100 | Mob Psycho 100 c100 | - 100 | 100
Mob Psycho 100 chapter 3 21.5 21.5 | Mob Psycho 100 v03 c021.5 | 3 21.5 | 21.5
Mob Psycho 100 pages 2 5 9 | Mob Psycho 100 v02 p0251-0500 (c005-009) | 2 5-9 | 251.05
20th Century Boys site 1 1 8 | 20th Century Boys v01 | 1 - | 1
20th Century Boys borders 2 9 20 | 20th Century Boys v02 (c009-020) | 2 9-20 | 9.02
20th Century Boys chapter - 3 3 | 20th Century Boys c003 | - 3 | 3
Kaiju No. 8 site 4 25 34 | Kaiju No. 8 v04 (c025-034) | 4 25-34 | 25.034
Kaiju No. 8 chapter - 8 8 | Kaiju No. 8 c008 | - 8 | 8
Gantz 7 site 1 1 8 | Gantz 7 v01 (c001-008) | 1 1-8 | 1.008
Gantz 7 borders 1 1 13 | Gantz 7 v01 (c001-013) | 1 1-13 | 1.013
Area 88 chapter 1 2 2 | Area 88 v01 c002 | 1 2 | 2
Dr. Stone site 1 1 7 | Dr. Stone v01 | 1 - | 1
Dr. Stone chapter - 232.1 232.1 | Dr. Stone c232.1 | - 232.1 | 232.1
86--EIGHTY-SIX site 1 1 8 | 86--EIGHTY-SIX v01 | 1 - | 1
86--EIGHTY-SIX borders 1 1 13 | 86--EIGHTY-SIX v01 (c001-013) | 1 1-13 | 1.013
5 Centimeters site 1 1 5 | 5 Centimeters v01 | 1 - | 1
Steins;Gate 0 site 1 1 6 | Steins;Gate 0 v01 (c001-006) | 1 1-6 | 1.006
One-Punch Man site 1 1 8 | One-Punch Man v01 | 1 - | 1
One-Punch Man chapter - 4 4 | One-Punch Man c004 | - 4 | 4
Yotsuba&! site 1 1 7 | Yotsuba&! v01 | 1 - | 1
Fate/stay night site 1 1 8 | Fate-stay night v01 | 1 - | 1
xxxHolic borders 1 1 13 | xxxHolic v01 (c001-013) | 1 1-13 | 1.013
V8 Rally site 1 1 8 | V8 Rally v01 | 1 - | 1
Brothers S2 chapter 1 2 2 | Brothers S2 v01 c002 | 1 2 | 2
アキラ site 1 1 8 | アキラ v01 | 1 - | 1
アキラ chapter - 10.5 10.5 | アキラ c010.5 | - 10.5 | 10.5
K-On! Shuffle borders 1 1 13 | K-On! Shuffle v01 (c001-013) | 1 1-13 | 1.013
"""


def rows() -> Iterator[tuple[str, str, str, tuple[str | None, str | None], float]]:
    for line in TABLE.strip().splitlines():
        made, name, kavita, mihon = (part.strip() for part in line.split("|"))
        *words, cut, number, first, last = made.split()
        chapters = [Slice(Chapter(each, "", number=each), 1, 125) for each in (first, last)]
        slices = chapters[:1] if first == last else chapters
        first_page = 251 if cut == "pages" else 1
        volume = Volume(cut, None if number == "-" else number, tuple(slices), first_page)  # type: ignore[arg-type]
        title = " ".join(words)
        series = series_name(title)
        read = tuple(None if part == "-" else part for part in kavita.split())
        yield title, volume_name(series, volume), name, (read[0], read[1]), float(mihon)


ROWS = list(rows())
NAMES = [name for _, _, name, _, _ in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_volume_has_the_name_that_readers_parse(row):
    _, made, name, _, _ = row
    assert made == name


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_kavita_finds_the_volume_and_the_chapters(row):
    _, _, name, (volume, chapters), _ = row
    assert readers.kavita(name) == (volume, chapters)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_mihon_finds_a_number_that_sorts(row):
    title, _, name, _, number = row
    assert readers.mihon(title, name) == number


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_no_title_of_the_table_needs_a_warning(row):
    title, _, name, _, _ = row
    assert misled(title, series_name(title), name) == []


def test_the_table_is_long_enough():
    assert len(NAMES) >= 40


def test_komga_sorts_volumes_and_decimals_in_reading_order():
    names = ["Akira v10 (c091)", "Akira v02 (c009-020)", "Akira v01 (c001-008)", "Akira v02 c021"]
    assert readers.komga(names) == [names[2], names[1], names[3], names[0]]


@pytest.mark.parametrize(
    ("series", "name", "read"),
    [
        ("Vitamin C 3", "Vitamin C 3 v01 (c001-008)", ("1", "3")),
        ("V8 Rally", "V8 Rally c010.5", ("8", "10.5")),
        ("Brothers S2", "Brothers S2 c002", ("2", "2")),
        ("Gantz 7", "Gantz 7 v01", ("1", "7")),
    ],
)
def test_what_kavita_reads_wrong_is_known(series: str, name: str, read: tuple[str, str]):
    assert readers.kavita(name) == read
    assert misled(series, series, name) == ["Kavita"]


def test_mihon_is_misled_where_a_file_cannot_have_the_title_as_it_is():
    title, name = "Mob Psycho 100?", "Mob Psycho 100- v02 (c009-020)"
    assert readers.mihon(title, name) == 100
    assert misled(title, series_name(title), name) == ["Mihon"]


def test_a_title_that_is_cut_misleads_nobody_by_what_is_cut_off():
    title = "The Endless and Rather Tiresome Chronicle of the Year 2999"
    name = "The Endless and Rather Tiresome Chronicle of the Y v02 (c009-020)"
    assert series_name(title) == name[:50]
    assert misled(title, series_name(title), name) == []
