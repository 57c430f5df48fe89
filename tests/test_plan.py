from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangacrawl.errors import ArgumentError
from mangacrawl.records import Chapter
from mangacrawl.volumes.plan import Bundle, CountedChapter, Volume, plan

counts = st.lists(st.integers(1, 300), max_size=40)
bundles = st.sampled_from(["auto", "chapter", "site", "pages:250", "pages:7", "chapters:10"])


def counted(page_counts, volumes=()):
    names = [*volumes, *[None] * (len(page_counts) - len(volumes))]
    return [
        CountedChapter(Chapter(str(n), "", number=str(n), volume=volume), count)
        for n, (count, volume) in enumerate(zip(page_counts, names, strict=True), start=1)
    ]


def final(chapters, bundle="auto", *, is_ongoing=False):
    return plan(chapters, Bundle.parse(bundle), is_ongoing=is_ongoing, is_final=True)


def early(chapters, bundle="auto"):
    return plan(chapters, Bundle.parse(bundle), is_ongoing=False, is_final=False)


def pages(volumes: list[Volume]) -> list[tuple[str, int]]:
    return [
        (part.chapter.id, number)
        for volume in volumes
        for part in volume.slices
        for number in range(part.first, (part.last or 0) + 1)
    ]


def borders(volumes: list[Volume]) -> list[tuple[str, str]]:
    return [(v.slices[0].chapter.id, v.slices[-1].chapter.id) for v in volumes]


@given(counts, bundles)
def test_every_page_is_in_one_volume_and_in_order(page_counts, bundle):
    expected = [(str(n), p) for n, c in enumerate(page_counts, 1) for p in range(1, c + 1)]
    assert pages(final(counted(page_counts), bundle)) == expected


@given(counts, st.integers(1, 300))
def test_no_volume_has_more_pages_than_asked_for(page_counts, size):
    volumes = final(counted(page_counts), f"pages:{size}")
    assert all((volume.page_count or 0) <= size for volume in volumes)


@given(counts, st.integers(1, 300))
def test_all_volumes_but_the_last_are_full(page_counts, size):
    volumes = final(counted(page_counts), f"pages:{size}")
    assert all(volume.page_count == size for volume in volumes[:-1])


@given(counts)
def test_a_group_has_at_most_250_pages_unless_it_is_one_chapter(page_counts):
    volumes = final(counted(page_counts))
    assert all((v.page_count or 0) <= 250 or len(v.slices) == 1 for v in volumes)


@given(counts, st.integers(1, 300), bundles)
def test_closed_volumes_stay_when_a_chapter_is_appended(page_counts, another, bundle):
    before = early(counted(page_counts), bundle)
    after = early(counted([*page_counts, another]), bundle)
    assert after[: len(before)] == before


@given(counts, bundles)
def test_what_is_settled_early_is_in_the_final_plan(page_counts, bundle):
    chapters = counted(page_counts)
    known = [*chapters[:5], *(CountedChapter(c.chapter, None) for c in chapters[5:])]
    volumes = final(chapters, bundle)
    assert all(volume in volumes for volume in early(known, bundle))


@given(counts, bundles)
def test_first_pages_follow_each_other(page_counts, bundle):
    volumes = [v for v in final(counted(page_counts), bundle) if v.cut == "pages"]
    assert all(b.first_page == a.first_page + (a.page_count or 0) for a, b in pairwise(volumes))


def test_the_next_chapter_that_does_not_fit_closes_a_group():
    assert borders(final(counted([100, 100, 51, 200, 50, 1]))) == [
        ("1", "2"),
        ("3", "3"),
        ("4", "5"),
        ("6", "6"),
    ]


def test_the_open_tail_of_an_ongoing_series_stays_chapter_files():
    volumes = final(counted([200, 100, 20, 30]), is_ongoing=True)
    assert [(v.cut, v.number) for v in volumes] == [
        ("borders", "1"),
        ("chapter", None),
        ("chapter", None),
        ("chapter", None),
    ]


def test_the_volumes_of_the_site_win_where_it_names_any():
    volumes = final(counted([10, 10, 10, 10], volumes=["1", "1", "2"]))
    assert [(v.cut, v.number) for v in volumes] == [("site", "1"), ("site", "2"), ("chapter", None)]


def test_a_chapter_of_unknown_length_holds_up_the_groups_behind_it():
    chapters = counted([200, 100, None, 100, 200])
    assert borders(early(chapters)) == [("1", "1")]


def test_at_the_end_a_chapter_of_unknown_length_closes_its_volume():
    chapters = counted([100, None, 100, 100])
    assert borders(final(chapters)) == [("1", "2"), ("3", "4")]


def test_a_volume_with_an_unknown_chapter_has_no_page_count():
    assert final(counted([100, None]))[0].page_count is None


def test_pages_may_be_cut_within_a_chapter():
    volumes = final(counted([10, 10]), "pages:15")
    assert [[(s.first, s.last) for s in v.slices] for v in volumes] == [
        [(1, 10), (1, 5)],
        [(6, 10)],
    ]


@pytest.mark.parametrize(
    "text", ["pages:0", "pages", "chapters:x", "auto:3", "volumes", "pages:-1"]
)
def test_an_unknown_bundle_is_answered_with_the_list(text: str):
    with pytest.raises(ArgumentError, match="auto, site, chapter, pages:N, chapters:N"):
        Bundle.parse(text)


@pytest.mark.parametrize("text", ["auto", "site", "chapter", "pages:250", "chapters:10"])
def test_a_bundle_reads_as_it_is_typed(text: str):
    assert str(Bundle.parse(text)) == text
