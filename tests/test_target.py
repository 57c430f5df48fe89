import pytest
from scrapy.settings import Settings

from mangacrawl.choices import choices_of
from mangacrawl.errors import ArgumentError
from mangacrawl.target import Target

SETTINGS = Settings({"MANGA_DEFAULT_SOURCE": "demo", "MANGA_SOURCE_MODULES": []})


def target(**arguments: str) -> Target:
    return Target.parse(arguments, SETTINGS)


def test_a_name_without_source_is_looked_for_at_the_demo_site():
    found = target(name="Akira")
    assert (found.source.id, found.series_id) == ("demo", "akira")


def test_title_is_another_spelling_of_name():
    assert target(title="Akira").series_id == target(name="Akira").series_id


def test_the_demo_is_announced():
    assert "built-in demo site" in target(name="akira").notices[0]


def test_a_url_that_no_source_knows_is_read_with_the_default_theme():
    found = target(url="http://comics.example/akira")
    assert (found.source.base_url, found.source.key) == (
        "http://comics.example",
        "comics.example",
    )
    assert found.is_guess


def test_a_theme_may_be_named():
    assert not target(url="http://comics.example/akira", theme="mangareader").is_guess


def test_what_scrapyd_adds_is_ignored():
    assert target(name="akira", _job="1", _version="2").series_id == "akira"


def test_choices_made_now_win_over_those_of_the_ledger():
    choices = choices_of({"bundle": "chapter"}, {"bundle": "site", "formats": "pdf"})
    assert (str(choices.bundle), choices.formats, choices.device) == ("chapter", ("pdf",), "none")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "name="),
        ({"name": ""}, "name= is empty"),
        ({"name": "  "}, "name= is empty"),
        ({"name": "a", "title": "b"}, "one of them"),
        ({"name": "a", "url": "http://a.example/x"}, "one of them"),
        ({"name": "akira", "colour": "red"}, "no such argument; there is name, title"),
        ({"url": "ftp://a.example/x"}, "only http:// and https://"),
        ({"url": "file:///etc/passwd"}, "only http:// and https://"),
        ({"url": "akira"}, "only http:// and https://"),
        ({"name": "a", "source": "nowhere"}, "there is cubari, demo"),
        ({"url": "http://a.example/x", "theme": "none"}, "there is .*guya, "),
        ({"name": "a", "theme": "mangareader"}, "needs url="),
        ({"name": "a", "source": "mangareader"}, "closed in 2021"),
        ({"url": "https://mangareader.net/naruto"}, "closed in 2021"),
        ({"name": "a", "chapters": "foo"}, "latest:3"),
        ({"name": "a", "chapters": "5-1"}, "ends before it begins"),
        ({"name": "a", "bundle": "pages:0"}, "auto, site, chapter, pages:N"),
        ({"name": "a", "formats": "mobi"}, "cbz, pdf"),
        ({"name": "a", "device": "abacus"}, "kindle-600x800"),
        ({"name": "a", "partial": "maybe"}, "yes or no"),
    ],
)
def test_wrong_arguments_are_answered_with_the_allowed_ones(arguments: dict[str, str], said: str):
    with pytest.raises(ArgumentError, match=said.replace("(", r"\(")):
        target(**arguments)
