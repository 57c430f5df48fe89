"""Text that breaks things, in every field a site can fill: through a crawl, into every file."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree

from mangacrawl.safe import folded
from tests.conftest import Crawl, run_crawl
from tests.fixed import PLAIN, Answer, picture, serving
from tests.judges import JUDGES, Judge

HOSTILE = (
    "</title>]]>&lt;<script>alert(1)</script>\"onload='alert(1)' ../../x\\y:z?"
    "\x00\x07\x0b\x1b[2J\x1b]0;x\x07\x9b31m\r\nERROR: forged\u202e\u200b\ufffe\ud800{{7*7}}%s"
)
HTML = {"Content-Type": "text/html"}
SAFE_PARTS = re.compile(r"[^<>:\"\\|?*\x00-\x1f\x7f-\x9f\u202e\u200b]+")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Crawl]:
    """A crawl of a series whose every word is hostile, and a second one."""
    output = tmp_path_factory.mktemp("hostile") / "output"
    images = {f"/{n}.png": Answer(picture(40 * n)) for n in (1, 2)}
    with serving(images) as site:
        pages = [f"{site.url}/1.png", f"{site.url}/2.png"]
        chapter = {"title": HOSTILE, "volume": HOSTILE, "groups": {HOSTILE: pages}}
        words = dict.fromkeys(("title", "description", "author", "artist", "cover"), HOSTILE)
        series = words | {"chapters": {f"1{HOSTILE}": chapter, "2": chapter}}
        body = json.dumps(series).encode()
        listed = Answer(body, headers={"Content-Type": "text/plain"})
        site.answers = images | {"/moon.json": listed}
        formats = "cbz,epub,pdf"
        return [run_crawl(output, url=f"{site.url}/moon.json", formats=formats) for _ in range(2)]


def made(runs: list[Crawl], pattern: str) -> list[Path]:
    found = sorted(runs[0].output.rglob(pattern))
    assert found
    return found


def test_the_run_is_whole_and_the_second_changes_nothing(runs: list[Crawl]):
    first, again = runs
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert [item["status"] for item in again.items()] == ["stored"] * 4
    assert first.files() == again.files()


def test_nothing_reaches_the_terminal_but_one_line_of_plain_text(runs: list[Crawl]):
    for done in runs:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b\ud800-\udfff]", done.stderr)
        assert not [line for line in done.lines if line.startswith("ERROR: forged")]


def test_no_file_is_outside_or_has_a_name_that_a_file_system_refuses(runs: list[Crawl]):
    output = runs[0].output
    assert sorted(each.name for each in output.parent.iterdir()) == ["output", "pages.jsonl"]
    for path in output.rglob("*"):
        relative = path.relative_to(output)
        assert len(str(relative)) <= 180
        assert all(SAFE_PARTS.fullmatch(part) for part in relative.parts)


def test_every_xml_and_page_is_well_formed_and_holds_no_script_of_the_sites(runs: list[Crawl]):
    for path in [*made(runs, "*.cbz"), *made(runs, "*.epub")]:
        with ZipFile(path) as archive:
            names = archive.namelist()
            assert not [name for name in names if name.startswith("/") or ".." in name.split("/")]
            for name in names:
                if name.endswith((".xml", ".opf", ".xhtml", ".ncx")):
                    root = etree.fromstring(archive.read(name))
                    assert not root.xpath("//*[local-name()='script'] | //@onload")
    for path in made(runs, "*.html"):
        assert "<script>alert(1)</script>" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "judge",
    [
        pytest.param(each, marks=pytest.mark.skipif(not each.is_there, reason="is not installed"))
        for each in JUDGES
        if "ebook-convert" not in each.name
    ],
    ids=lambda judge: f"{judge.name} {judge.suffix}",
)
def test_other_programs_find_no_fault_in_the_volumes(runs: list[Crawl], judge: Judge):
    assert [judge.faults(path) for path in made(runs, f"*{judge.suffix}")] == [""]


def test_series_of_one_name_to_a_file_system_have_folders_of_their_own_for_good(tmp_path: Path):
    names = ("Akira", "akira", "AKIRA?", "Akira*", "é", "e\u0301")
    titles = {f"/{place}": name for place, name in enumerate(names)}
    output = tmp_path / "output"
    with serving({}) as site:
        chapter = '<a class="chapter" href="/one">1</a>'
        answers = {
            path: Answer(f"<meta charset=utf-8><h1>{title}</h1>{chapter}".encode(), headers=HTML)
            for path, title in titles.items()
        }
        site.answers = answers | {
            "/one": Answer(b'<img src="/1.png">', headers=HTML),
            "/1.png": Answer(picture()),
        }

        def crawled() -> dict[str, str]:
            runs = [run_crawl(output, *PLAIN, url=f"{site.url}{x}", theme="plain") for x in titles]
            assert [done.exit_code for done in runs] == [0] * 6
            return {path: digest for path, digest in runs[0].files().items() if "web" not in path}

        assert crawled() == crawled()
    folders = [path.name for path in (output / "library").iterdir()]
    assert len({folded(name) for name in folders}) == len(folders) == 6
