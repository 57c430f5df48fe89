import inspect
from pathlib import Path

import pytest

from mangacrawl import source as contract
from mangacrawl.errors import ArgumentError
from mangacrawl.source import Source, load_sources, slug, source_named, theme_named
from tests.recorded import CASES, Case, all_cases, parsed

load_sources([])


def shipped() -> list[type[Source]]:
    every = [*contract._SOURCES.values(), *contract._THEMES.values()]
    return [each for each in every if each.__module__.startswith("mangacrawl.")]


def shipped_cases() -> list[Case]:
    """All but the case of the source that CONTRIBUTING shows, which is not in the package."""
    ids = {source.id for source in shipped()}
    return [case for case in all_cases() if case.source in ids]


@pytest.mark.parametrize(
    "case", shipped_cases(), ids=lambda case: f"{case.source}-{case.folder.name}"
)
def test_a_recorded_page_is_read_as_it_was(case: Case):
    if case.expected is None:
        pytest.fail(case.unread(), pytrace=False)
    assert parsed(case.opened(), case.parser, case.response()) == case.expected


@pytest.mark.parametrize("source", shipped(), ids=lambda source: source.__module__)
def test_file_class_and_id_of_a_source_are_one_name(source: type[Source]):
    stem = Path(inspect.getfile(source)).stem
    assert (source.id, source.__name__.lower()) == (stem, stem)


@pytest.mark.parametrize("source", shipped(), ids=lambda source: source.__module__)
def test_every_source_says_how_far_it_was_tested(source: type[Source]):
    assert source.tested.startswith(("live", "recorded", "made-up"))


@pytest.mark.parametrize("source", shipped(), ids=lambda source: source.__module__)
def test_a_theme_has_twelve_selectors_at_most(source: type[Source]):
    assert len([name for name in dir(source) if name.endswith("_css")]) <= 12


def test_every_source_that_is_open_has_three_cases():
    sources = [each for each in shipped() if not each.closed and each.id != "mangareader"]
    cases = {each.id: len([*(CASES / each.id).glob("*/case.json")]) for each in sources}
    assert [id_ for id_, count in cases.items() if count < 3] == []


def test_an_unknown_source_is_answered_with_the_list():
    with pytest.raises(ArgumentError, match="cubari, demo"):
        source_named("nowhere")


def test_an_unknown_theme_is_answered_with_the_list():
    with pytest.raises(ArgumentError, match="mangareader"):
        theme_named("nowhere")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Akira", "akira"), ("One Piece", "one-piece"), ("Dr. Stone!", "dr-stone"), ("../x", "x")],
)
def test_a_slug_is_a_name_as_sites_write_it(name: str, expected: str):
    assert slug(name) == expected
