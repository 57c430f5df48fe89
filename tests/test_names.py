import pytest

from mangacrawl.records import Chapter
from mangacrawl.volumes.names import chapter_range, entry_name, series_name, volume_name
from mangacrawl.volumes.plan import Slice, Volume


def part(number: str | None, pages: int = 10, title: str | None = None) -> Slice:
    return Slice(Chapter(number or title or "id", "", number=number, title=title), 1, pages)


def test_a_cut_of_ours_says_which_chapters_it_holds():
    volume = Volume("borders", "1", (part("1"), part("2"), part("13")))
    assert volume_name("Akira (demo)", volume) == "Akira (demo) v01 (c001-013)"


def test_a_volume_of_the_site_has_only_its_number():
    assert volume_name("Akira", Volume("site", "3", (part("1"), part("2")))) == "Akira v03"


def test_decimal_chapters_keep_their_fraction():
    assert volume_name("Akira", Volume("chapter", None, (part("10.5"),))) == "Akira c010.5"


def test_a_chapter_of_a_volume_names_both():
    assert volume_name("Akira", Volume("chapter", "2", (part("7"),))) == "Akira v02 c007"


def test_a_cut_by_pages_names_its_pages():
    volume = Volume("pages", "2", (part("9", 250),), first_page=251)
    assert volume_name("Akira", volume) == "Akira v02 p0251-0500"


def test_a_chapter_without_number_goes_by_its_title():
    volume = Volume("chapter", None, (part(None, title="Extra: a/b"),))
    assert volume_name("Akira", volume) == "Akira Extra- a-b"


def test_a_range_of_one_chapter_names_it_once():
    assert chapter_range(Volume("borders", "1", (part("5"),))) == "c005"


def test_an_entry_tells_a_person_where_he_is():
    name = entry_name(0, Chapter("x", "", number="10.5"), 3, ".jpg")
    assert name == "0001_c010.5_p003.jpg"


@pytest.mark.parametrize("title", ["長い題" * 80, "x" * 400, "é" * 300])
def test_a_long_title_never_cuts_off_number_and_range(title: str):
    name = volume_name(series_name(title), Volume("borders", "1", (part("1"), part("13"))))
    assert name.endswith(" v01 (c001-013)")
    assert len(f"{name}.cbz.part".encode()) <= 200


def test_any_path_below_the_output_folder_stays_within_180_characters():
    series = series_name("x" * 400)
    name = volume_name(series, Volume("borders", "10", (part("100.5"), part("1000.5"))))
    path = f"devices/kindle-1072x1448/{series}/{name} [partial].kepub.epub"
    assert len(path) <= 180
