"""Every theme crawls a site in its markup: `tests/site/<theme>.py` renders the same story."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from scrapy.http import HtmlResponse

from mangacrawl.errors import LayoutError
from mangacrawl.parsing.indexed import Indexed
from mangacrawl.source import all_sources, load_sources, recognized, theme_named
from tests.conftest import ROOT, run_crawl
from tests.fixed import Answer, picture, serving
from tests.recorded import CASES, Case
from tests.site.serving import serving_theme

load_sources([])
SHIPPED = [each for each in all_sources() if each.__module__.startswith("mangacrawl.themes.")]
THEMES = sorted(each.id for each in SHIPPED if each.id != "mangareader")
"""All: the demo site has MangaReader's markup, and most tests crawl that."""
INDEXED = [each for each in SHIPPED if issubclass(each, Indexed)]
WITH_LOCKS = ["madara", "mangathemesia", "pagewise", "strip"]
"""Those that list chapters which they do not show."""
WHOLE = [
    (201, 301), (201, 302), (201, 303), (202, 301), (202, 302), (203, 301), (203, 302),
    (204, 301), (204, 302), (205, 301), (205, 302), (206, 301), (206, 302), (207, 301), (207, 302),
]  # fmt: skip
"""The sizes of all pictures that can be had, in reading order."""


def leaves(output: Path) -> list[tuple[int, int]]:
    """The sizes of the pictures in the library, in reading order."""
    sizes = []
    for volume in sorted((output / "library").rglob("*.cbz")):
        with ZipFile(volume) as archive:
            names = sorted(name for name in archive.namelist() if name.endswith(".png"))
            for name in names:
                with Image.open(BytesIO(archive.read(name))) as picture:
                    sizes.append(picture.size)
    return sizes


@pytest.mark.parametrize("theme", THEMES)
def test_a_site_is_crawled_whole_and_in_order(theme: str, output: Path):
    with serving_theme(theme) as site:
        done = run_crawl(output, theme=theme, url=site.series_url, bundle="pages:250")
    assert done.exit_code == 0, done.stderr
    assert leaves(output) == WHOLE
    assert "Tin Harbour: complete, 15 pages" in done.verdict
    said = "not to be had: chapter 12 (paid or locked on the site)" in done.stderr
    assert said is (theme in WITH_LOCKS)


@pytest.mark.parametrize("theme", INDEXED, ids=lambda theme: theme.id)
def test_a_page_of_another_theme_is_a_layout_error_naming_the_selector(theme: type[Indexed]):
    address = "https://shelf.example/tin-harbour"
    page = HtmlResponse(address, body=b"<h1>Tin Harbour</h1><p>Nothing here", encoding="utf-8")
    with pytest.raises(LayoutError) as error:
        list(theme("https://shelf.example").parse_chapters(page))
    assert str(error.value) == f"found no chapters for {theme.chapter_css!r} at {address}"


@pytest.mark.parametrize("theme", ["mangafox", "mangahere", "madara", "mangathemesia", "foolslide"])
def test_a_site_that_no_source_knows_is_recognized(theme: str):
    found = recognized(Case.read(CASES / theme / "chapters").response())
    assert found is theme_named(theme)


def test_where_no_theme_looks_like_a_page_the_plain_ones_are_named(output: Path):
    with serving_theme("pagewise") as site:
        done = run_crawl(output, url=site.series_url)
    assert done.exit_code == 5
    assert "no theme looks like it, but theme=strip or theme=pagewise may read it" in done.verdict


def test_a_theme_that_was_recognized_is_kept_where_the_index_has_not_changed(output: Path):
    with serving_theme("mangathemesia") as site:
        first = run_crawl(output, url=site.series_url, chapters="1")
        site.asked.clear()
        second = run_crawl(output, url=site.series_url, chapters="1-2")
    assert (first.exit_code, second.exit_code) == (0, 0), second.stderr
    assert [each for each in site.asked if "/i/" not in each] == [
        "GET /robots.txt", "GET /manga/tin-harbour/", "GET /tin-harbour-chapter-2/",
    ]  # fmt: skip


def test_an_index_that_has_not_changed_is_read_again_as_another_theme(output: Path):
    with serving_theme("strip") as site:
        right = run_crawl(output, theme="strip", url=site.series_url, chapters="1")
        wrong = run_crawl(output, theme="mangafox", url=site.series_url, chapters="1-2")
    assert (right.exit_code, wrong.exit_code) == (0, 5), wrong.stderr


def test_a_wrong_theme_says_which_selector_found_nothing(output: Path):
    with serving_theme("pagewise") as site:
        done = run_crawl(output, theme="mangareader", url=site.series_url)
    assert done.exit_code == 5
    assert f"found nothing for '#mangaproperties h2.aname' at {site.series_url}" in done.verdict
    assert "or it is not theme=mangareader" in done.verdict


def shelf() -> dict[str, Answer]:
    """A site in a markup of its own; it lists seven chapters and shows one of them."""
    pages = {
        1: '<figure><img src="/1.png"></figure>',
        2: '<figure><img class="scrambled" src="/1.png"></figure>',
        3: "<p>Unlock this chapter for 3 coins.</p>",
        4: "<p>This chapter is not released yet.</p>",
        5: '<div id="chapter-protector-data" hidden>U2FsdGVk</div>',
        6: '<form class="post-password-form"><input name="post_password"></form>',
    }
    answers = {
        f"/tin-harbour/{number}": page(
            f'<nav class="leaves"><b>1</b> <a href="#">1</a></nav>{body}'
        )
        for number, body in pages.items()
    }
    rows = "".join(f'<dd><a href="/tin-harbour/{number}">No. {number}</a></dd>' for number in pages)
    index = page(f'<h1>Tin Harbour</h1><dl id="issues">{rows}<dd class="locked">No. 7</dd></dl>')
    return answers | {"/tin-harbour": index, "/1.png": Answer(picture())}


def page(body: str) -> Answer:
    return Answer(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def test_what_a_site_lists_and_does_not_show_is_skipped_and_said(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The source is that of docs/sources.md, on the theme pagewise."""
    document = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n([^`]+\(Pagewise\)[^`]+)```", document)
    assert len([line for line in code.splitlines() if line]) == 8
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with serving(shelf()) as site:
        source = code.replace("https://shelf.example", site.url)
        (tmp_path / "shelf.py").write_text(source, encoding="utf-8")
        modules = ("-s", "MANGA_SOURCE_MODULES=shelf")
        done = run_crawl(output, *modules, source="shelf", id="tin-harbour")
    assert done.exit_code == 0, done.stderr
    assert [(item["chapter"], item["status"]) for item in done.items()] == [("1", "fetched")]
    said = sorted(line for line in done.lines if "chapter" in line and "chapters" not in line)
    assert said == [
        "Tin Harbour: chapter 2: protected: its pages are scrambled",
        "Tin Harbour: chapter 3: paid or locked on the site",
        "Tin Harbour: chapter 4: not released yet",
        "Tin Harbour: chapter 5: protected: its pages are encrypted",
        "Tin Harbour: chapter 6: protected by a password",
        "not to be had: chapter 7 (paid or locked on the site)",
    ]
