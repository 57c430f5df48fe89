"""What becomes of chapters that their site releases again, cuts anew or moves."""

from hashlib import sha256
from zipfile import ZipFile

import pytest

from tests.conftest import Crawl, Crawler
from tests.fixed import Answer, picture, serving
from tests.releases import HTML, chapter, index, pages

THEME = ("-s", "MANGA_SOURCE_MODULES=tests.releases")
ONE, TWO = "/1.1.2020-01-01", "/2.1.2020-01-01"
FIRST = index(chapter(1), chapter(2)) | pages(ONE, "a", "b") | pages(TWO, "c", "d")


NAMES = {sha256(picture(ord(name))).hexdigest(): name for name in "abcdefg"}


def shown(done: Crawl) -> list[str]:
    """The names of the pictures in the volumes of chapter files, in order."""
    found = []
    for path in sorted((done.output / "library").rglob("*.cbz")):
        with ZipFile(path) as volume:
            bodies = [volume.read(name) for name in volume.namelist() if name.endswith(".png")]
        found.append("".join(NAMES[sha256(body).hexdigest()] for body in bodies))
    return found


def stored(done: Crawl) -> str:
    """The names of the pictures in files of their own."""
    return "".join(sorted(NAMES[digest] for digest in done.files("pages").values()))


@pytest.mark.parametrize(
    "listed",
    [
        (chapter(1), chapter(2, version=2)),
        (chapter(1), chapter(2, released="2020-02-02")),
        (chapter(1), chapter(2), chapter(2, id_="2", version=2)),
    ],
)
def test_a_new_release_wins_once_it_is_whole(crawl: Crawler, listed: tuple[str, ...]):
    again = "/2.1.2020-02-02" if "2020-02-02" in listed[-1] else "/2.2.2020-01-01"
    with serving(answers := dict(FIRST)) as site:
        first = crawl(*THEME, url=f"{site.url}/series", theme="releases", bundle="chapter")
        assert shown(first) == ["ab", "cd"]
        before = first.files("library")
        answers.update(index(*listed) | pages(again, "c", "e", "f"))
        answers["/f.png"] = Answer(status=404)
        torn = crawl(*THEME, update="all")
        assert (torn.exit_code, torn.files("library"), stored(torn)) == (3, before, "abcde")
        answers.update(pages(again, "c", "e", "f"))
        site.asked.clear()
        whole = crawl(*THEME, update="all")
        assert (whole.exit_code, shown(whole), stored(whole)) == (0, ["ab", "cef"], "abcef")
        assert "/c.png" not in site.paths()
        assert len({(item["chapter"], item["page"]) for item in whole.items()}) == 5


def test_a_release_of_less_than_half_the_pages_replaces_nothing(crawl: Crawler):
    with serving({**FIRST, **pages(TWO, "c", "d", "e")}) as site:
        first = crawl(*THEME, url=f"{site.url}/series", theme="releases", bundle="chapter")
        before = first.files("library")
        notice = pages("/2.2.2020-01-01", "f")
        site.answers = {**FIRST, **index(chapter(1), chapter(2, version=2)), **notice}
        again = crawl(*THEME, update="all")
        assert (again.exit_code, shown(again), stored(again)) == (0, ["ab", "cde"], "abcdef")
        assert again.files("library") == before
        said = "Series: chapter 2 was released again with 1 page instead of 3: the old one stays"
        assert said in again.lines


def test_another_chapter_of_a_higher_version_takes_the_place_of_the_first(crawl: Crawler):
    with serving(answers := dict(FIRST)) as site:
        crawl(*THEME, url=f"{site.url}/series", theme="releases", bundle="chapter")
        both = chapter(2), chapter(2, id_="two", version=2)
        answers.update(index(chapter(1), *both) | pages("/two.2.2020-01-01", "e", "f"))
        again = crawl(*THEME, update="all")
        assert (again.exit_code, shown(again)) == (0, ["ab", "ef"])


def test_a_recut_of_volumes_fetches_nothing(crawl: Crawler):
    with serving(answers := dict(FIRST)) as site:
        first = crawl(*THEME, url=f"{site.url}/series", theme="releases", bundle="site")
        assert shown(first) == ["ab", "cd"]
        answers.update(index(chapter(1, volume="1"), chapter(2, volume="1")))
        site.asked.clear()
        again = crawl(*THEME, update="all")
        assert (again.exit_code, shown(again)) == (0, ["abcd"])
        assert site.paths() == ["/robots.txt", "/series"]
        assert "replaced the volumes of an earlier plan: 2" in again.lines


def tagged(text: str, etag: str) -> Answer:
    return Answer(text.encode(), headers={**HTML, "ETag": etag})


def test_an_index_of_several_pages_is_unchanged_if_none_of_them_has_changed(crawl: Crawler):
    answers = {
        "/series": tagged("<h1>Series</h1>", "a"),
        "/series/list": tagged(chapter(1) + "<a class=next>", "b"),
        "/series/list/2": tagged(chapter(2), "c"),
    }
    lists = list(answers)
    with serving(answers := {**FIRST, **answers}) as site:
        first = crawl(*THEME, url=f"{site.url}/series", theme="paged", bundle="chapter")
        assert shown(first) == ["ab", "cd"]
        site.asked.clear()
        assert crawl(*THEME, update="all").exit_code == 0
        assert site.paths() == ["/robots.txt", *lists]
        answers["/series/list/2"] = tagged(chapter(2) + chapter(3), "d")
        answers.update(pages("/3.1.2020-01-01", "e"))
        site.asked.clear()
        assert shown(crawl(*THEME, update="all")) == ["ab", "cd", "e"]
        assert site.paths() == ["/robots.txt", *lists, *lists, "/3.1.2020-01-01", "/e.png"]
