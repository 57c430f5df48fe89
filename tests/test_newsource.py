"""A new source, as `scrapy newsource` begins it and docs/sources.md goes on."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from mangacrawl.source import load_sources, theme_named
from mangacrawl.visits import skeleton
from mangacrawl.visits.sketch import PageImages, chapter_links, page_images
from tests.conftest import QUICK, ROOT, Site, run_scrapy
from tests.fixed import Answer, Server, serving
from tests.site.serving import serving_theme

DOCUMENT = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
SHOWN = "http://127.0.0.1:8010"
NO_IMAGES = PageImages("#pages img")
HTML = {"Content-Type": "text/html; charset=utf-8"}


def blocks(heading: str, language: str) -> list[str]:
    section = DOCUMENT.split(f"### {heading}\n")[1].split("\n##")[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a clone has, as far as the walk needs it."""
    folder = tmp_path / "checkout"
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "mangacrawl", folder / "mangacrawl", ignore=unwanted)
    shutil.copytree(ROOT / "tests" / "sources", folder / "tests" / "sources")
    for name in ("tests/__init__.py", "tests/recorded.py", "tests/test_sources.py", "scrapy.cfg"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def walked(checkout: Path, site: Site, commands: str) -> list[tuple[int, str]]:
    """What the document's commands do where the demo is at this address."""
    return typed(checkout, commands.replace(SHOWN, site.url))


def typed(checkout: Path, commands: str) -> list[tuple[int, str]]:
    """The exit codes and outputs of commands, typed in a clone."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    ends = []
    for line in commands.splitlines():
        program, *words = shlex.split(line)
        module = ["-m", "scrapy"] if program.endswith("scrapy") else []
        done = subprocess.run(
            [sys.executable, *module, *words],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        ends.append((done.returncode, done.stdout + done.stderr))
    return ends


def test_the_walk_on_a_theme_ends_with_a_crawl(checkout: Path, site: Site):
    begin, go_on = blocks("On a theme", "sh")
    (written, _), (failed, told) = walked(checkout, site, begin)
    assert (written, failed) == (0, 1), told
    code = (checkout / "mangacrawl" / "sources" / "mycomics.py").read_text(encoding="utf-8")
    year = r"recorded \(\d{4}\)"
    shown = blocks("On a theme", "python")[0].replace(SHOWN, site.url)
    assert re.sub(year, "", code) == re.sub(year, "", shown)
    assert len([line for line in code.splitlines() if line]) <= 8
    assert "parse_chapters reads there" in told
    assert "python -m tests.recorded mycomics" in told
    ends = walked(checkout, site, go_on)
    assert [code for code, _ in ends] == [0, 0, 0], ends
    assert "complete, 24 pages" in ends[-1][1]


def test_the_walk_from_scratch_ends_with_a_crawl(checkout: Path, site: Site):
    begin, go_on = blocks("From scratch", "sh")
    (written, _), (failed, told) = walked(checkout, site, begin)
    assert (written, failed) == (0, 1), told
    assert '"title": "Sampler (demo) Manga"' in told
    tidy = "python -m ruff check mangacrawl/sources\npython -m ruff format --check"
    assert [code for code, _ in typed(checkout, tidy)] == [0, 0]
    path = checkout / "mangacrawl" / "sources" / "owncomics.py"
    code = path.read_text(encoding="utf-8")
    (mended,) = blocks("From scratch", "python")
    assert 'text(response, "h1"), response.url)' in code
    path.write_text(re.sub(r" +return Series\(.*\n", mended, code), encoding="utf-8")
    ends = walked(checkout, site, go_on)
    assert [code for code, _ in ends] == [0, 0], ends
    assert "complete, 24 pages" in ends[-1][1]
    assert (checkout / "output" / "library" / "Sampler (demo)").is_dir()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a/../b", "say letters and digits, such as PlainReader"),
        ("class", "say letters and digits, such as PlainReader"),
        ("xkcd", "xkcd is there already: mangacrawl.sources.xkcd"),
        ("PlainReader", "tests/sources/plainreader is there already"),
        ("Chapter", "Chapter is the name of something else here: say another"),
    ],
)
def test_a_name_that_cannot_be_is_told_before_the_first_request(name: str, why: str):
    with serving({}) as site:
        done = run_scrapy("newsource", name, f"{site.url}/akira")
    assert (done.returncode, site.asked) == (2, [])
    assert done.stderr.strip().endswith(why)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["ftp://127.0.0.1/akira"], "only http:// and https:// addresses can be crawled"),
        (["http://127.0.0.1/akira", "--theme", "nowhere"], "theme=nowhere: there is "),
    ],
)
def test_an_address_or_a_theme_that_cannot_be_is_told(options: list[str], why: str):
    done = run_scrapy("newsource", "Unwritten", *options)
    assert done.returncode == 2
    assert why in done.stderr


def begun(site: Server, *options: str) -> tuple[int, str]:
    """The exit code and the last line of a `newsource` that writes nothing."""
    done = run_scrapy("newsource", "Unwritten", f"{site.url}/akira", *options, *QUICK)
    assert not (ROOT / "mangacrawl" / "sources" / "unwritten.py").exists()
    assert not (ROOT / "tests" / "sources" / "unwritten").exists()
    return done.returncode, done.stderr.splitlines()[-1]


def test_what_robots_txt_forbids_is_not_fetched():
    rules = Answer(b"User-agent: *\nDisallow: /akira\n", headers={"Content-Type": "text/plain"})
    with serving({"/robots.txt": rules}) as site:
        assert begun(site) == (6, f"robots.txt forbids {site.url}/akira")
        assert site.paths() == ["/robots.txt"]
        assert site.asked[0].headers["user-agent"].startswith("mangacrawl/")


def test_a_site_that_is_down_ends_in_4():
    with serving({}) as site:
        pass
    code, line = begun(site)
    assert (code, "connection refused" in line) == (4, True)


def test_what_is_no_page_ends_in_5():
    picture = Answer(b"\x89PNG", headers={"Content-Type": "image/png"})
    with serving({"/akira": picture}) as site:
        assert begun(site) == (5, f"{site.url}/akira is not a page (image/png)")


def test_a_theme_that_finds_nothing_ends_in_5_with_its_selector():
    with serving({"/akira": Answer(b"<p>Nothing", headers=HTML)}) as site:
        code, line = begun(site, "--theme", "mangareader")
    assert code == 5
    assert line.startswith("found nothing for '#mangaproperties ")


@pytest.mark.parametrize("theme", ["madara", "madara_older", "mangafox", "strip"])
def test_a_source_on_each_theme_is_begun_at_its_site(checkout: Path, theme: str):
    with serving_theme(theme) as site:
        begin = f"scrapy newsource Begun {site.series_url} --theme {theme.partition('_')[0]}"
        ((code, told),) = typed(checkout, begin)
    assert code == 0, told
    assert "the first picture is there" in told
    cases = {path.name for path in (checkout / "tests" / "sources" / "begun").iterdir()}
    assert cases >= {"series", "chapters", "pages"}


def test_a_list_that_goes_on_elsewhere_is_followed():
    links = '<a class="chapter" href="/akira/2">2</a><a rel="next" href="/akira?page=2">more</a>'
    url = "https://comics.example/akira"
    code = skeleton.from_scratch("Own", url, chapter_links(page(links, "/akira")), NO_IMAGES)
    assert 'if following := link(response, "a[rel~=next]"):' in code
    assert "Iterator[Chapter | Request]" in code


def test_a_series_of_which_nothing_is_shown_ends_in_6(site: Site):
    site.spoil(**{f"/traps/{number}": "text:It is not released yet" for number in (1, 2, 3)})
    url = f"{site.url}/traps"
    done = run_scrapy("newsource", "Unwritten", url, "--theme", "mangareader")
    assert done.returncode == 6
    assert "chapter 2: not released yet" in done.stderr
    assert done.stderr.splitlines()[-1] == "the site shows no chapter to look at"


def page(body: str, path: str = "/manga/akira/") -> HtmlResponse:
    return HtmlResponse(f"https://comics.example{path}", body=body.encode(), encoding="utf-8")


def test_a_list_that_is_newest_first_is_turned_round():
    links = "".join(f'<li class=row><a href="/manga/akira/{n}/">Ch. {n}</a>' for n in (3, 2, 1))
    found = chapter_links(page(f"<a href=/manga/akira/>7</a><ul>{links}</ul>"))
    assert found.css == "li.row a"
    assert found.addresses[0] == "https://comics.example/manga/akira/1/"
    code = skeleton.from_scratch("Own", page("").url, found, NO_IMAGES)
    assert 'for chapter in reversed(response.css("li.row a")):' in code


def test_a_link_round_a_cover_and_an_entry_for_comments_are_left_out():
    covers = "".join(f"<a href=/a/{n}><img src=/c.png></a><a href=/a/{n}>{n}</a>" for n in (1, 2))
    assert chapter_links(page(f"<div id=list>{covers}</div>", "/a")).css == (
        "#list a:not(:has(img))"
    )
    pages = "".join(f"<option value=/a/1/{n}>{n}" for n in (2, 3))
    menu = f"<select id=menu><option value=/a/1 selected>1{pages}<option value=0>Comments</select>"
    found = page_images(page(f"{menu}<img id=page src=/1.png>", "/a/1"))
    assert found.menu_css == "#menu option:first-child[selected] ~ option[value*='/']"
    assert found.second == "https://comics.example/a/1/2"


def test_what_cannot_be_guessed_is_to_be_filled_in():
    code = skeleton.from_scratch(
        "Own", page("").url, chapter_links(page("")), page_images(page(""))
    )
    assert 'response.css("#fill-in-where-the-links-to-chapters-are a")' in code
    assert 'pictures(response, "#fill-in-where-the-images-of-pages-are img")' in code


def test_a_strip_from_scratch_has_fifteen_lines():
    url = "https://comics.example/akira"
    images = "".join(f"<img src=/akira/1/{n}.png>" for n in range(3))
    strip = page_images(page(f"<img src=/logo.png><div id=strip>{images}</div>", "/akira/1"))
    links = chapter_links(page("<div id=list><a href=/akira/1>1</a></div>", "/akira"))
    code = skeleton.from_scratch("Own", url, links, strip)
    lines = [line for line in code.splitlines() if line and not line.startswith('"""')]
    assert len(lines) == 15
    assert 'pictures(response, "#strip img")' in code


def test_series_that_lie_deeper_are_found_by_their_id():
    load_sources([])
    code = skeleton.themed("Own", theme_named("mangareader"), page("").url)
    assert 'return Request(f"{self.base_url}/manga/{series_id}/")' in code
