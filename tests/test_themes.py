"""Every theme crawls a site in its markup: `tests/site/<theme>.py` renders the same story."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from scrapy.http import HtmlResponse

from mangacrawl.errors import LayoutError
from mangacrawl.indexed import Indexed
from mangacrawl.source import all_sources, load_sources, recognized, theme_named
from tests.conftest import run_crawl
from tests.recorded import CASES, Case
from tests.site.serving import serving_theme

THEMES = [
    "foolslide", "madara", "mangafox", "mangahere", "mangathemesia", "pagewise", "strip",
]  # fmt: skip
WITHOUT_LOCKS = ["foolslide", "mangafox", "mangahere"]
"""Those that list no chapters which they do not show."""
WHOLE = [
    (201, 301), (201, 302), (201, 303), (202, 301), (202, 302), (203, 301), (203, 302),
    (204, 301), (204, 302), (205, 301), (205, 302), (206, 301), (206, 302), (207, 301), (207, 302),
]  # fmt: skip
"""The sizes of all pictures that can be had, in reading order."""


def indexed_themes() -> list[type[Indexed]]:
    load_sources([])
    return [each for each in all_sources() if issubclass(each, Indexed) and not each.base_url]


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
    assert said is (theme not in WITHOUT_LOCKS)


@pytest.mark.parametrize("theme", indexed_themes(), ids=lambda theme: theme.id)
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


def test_a_wrong_theme_says_which_selector_found_nothing(output: Path):
    with serving_theme("pagewise") as site:
        done = run_crawl(output, theme="mangareader", url=site.series_url)
    assert done.exit_code == 5
    assert f"found nothing for '#mangaproperties h2.aname' at {site.series_url}" in done.verdict
    assert "or it is not theme=mangareader" in done.verdict
