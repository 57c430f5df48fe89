"""What the documents show is true: their code runs, their commands work, their lists are whole."""

import json
import re
import shlex
import sys
from importlib import import_module
from pathlib import Path

import pytest
from scrapy.settings import Settings

from mangacrawl import settings
from mangacrawl.source import Source, all_sources, load_sources, source_named
from tests.conftest import ROOT, Site, run_scrapy
from tests.recorded import CASES, Case, parsed

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def plainreader(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The source that CONTRIBUTING shows, from a module outside the package."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "plainreader.py").write_text(blocks(CONTRIBUTING, "python")[0], encoding="utf-8")
    sys.path.insert(0, str(folder))
    load_sources(["plainreader"])
    sys.path.remove(str(folder))
    return source_named("plainreader")()


@pytest.mark.parametrize("name", ["series", "chapters", "pages"])
def test_the_source_that_contributing_shows_reads_its_recorded_case(plainreader: Source, name: str):
    case = Case.read(CASES / "plainreader" / name)
    assert parsed(plainreader, case.parser, case.response()) == case.expected


def test_the_source_that_contributing_shows_has_fifteen_lines():
    code = blocks(CONTRIBUTING, "python")[0]
    lines = [line for line in code.splitlines() if line.strip() and not line.startswith('"""')]
    assert len(lines) <= 15


def test_the_case_that_contributing_shows_is_the_recorded_one():
    recorded = (CASES / "plainreader" / "chapters" / "case.json").read_text(encoding="utf-8")
    assert json.loads(blocks(CONTRIBUTING, "json")[0]) == json.loads(recorded)


def crawls() -> list[str]:
    """The crawl commands that the README shows, but for those that name a real site."""
    lines = "\n".join(blocks(README, "sh")).splitlines()
    return [
        line
        for line in lines
        if "scrapy crawl" in line and not re.search(r"\.example|source=", line)
    ]


@pytest.mark.parametrize("line", crawls())
def test_a_command_of_the_readme_works(line: str, tmp_path: Path):
    words = shlex.split(line)[1:]
    arguments = [str(tmp_path / word) if word.endswith(".jsonl") else word for word in words]
    folder = ["-s", f"MANGA_OUTPUT_DIR={tmp_path / 'output'}"]
    done = run_scrapy(*arguments, *folder)
    assert done.returncode == 0, done.stderr


def test_the_readme_shows_no_setting_on_its_first_screen():
    assert "-s " not in "\n".join(README.splitlines()[:40])


def test_every_setting_of_ours_is_documented_and_no_other():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(MANGA_\w+)`", page, re.MULTILINE))
    assert documented == {name for name in vars(settings) if name.startswith("MANGA_")}


def test_the_documented_defaults_are_the_real_ones():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(MANGA_\w+)` \| `([^`]*)`", page, re.MULTILINE)
    assert dict(rows) == {
        name: str(value) for name, value in vars(settings).items() if name.startswith("MANGA_")
    }


def test_every_component_named_in_the_settings_exists():
    ours = Settings()
    ours.setmodule(settings)
    names = [ours["DOWNLOADER"], *ours["ITEM_PIPELINES"], *ours["EXTENSIONS"]]
    for name in names:
        module, _, attribute = str(name).rpartition(".")
        assert hasattr(import_module(module), attribute)


@pytest.mark.parametrize(
    "words", [["list"], ["check"], ["sources"], ["settings", "--get", "BOT_NAME"]]
)
def test_scrapys_own_commands_work(words: list[str]):
    done = run_scrapy(*words)
    assert done.returncode == 0, done.stderr


def test_scrapy_parse_reads_a_series(site: Site, tmp_path: Path):
    folder = ("-s", f"MANGA_OUTPUT_DIR={tmp_path}")
    done = run_scrapy("parse", "--spider=manga", "-c", "parse_series", *folder, f"{site.url}/traps")
    assert f"<GET {site.url}/traps/3>" in done.stdout


def test_scrapy_shell_opens_a_page_of_a_site(site: Site):
    code = "response.css('#mangaproperties h1::text').get()"
    assert "Sampler (demo) Manga" in run_scrapy("shell", f"{site.url}/sampler", "-c", code).stdout


def test_the_document_says_how_far_each_source_and_theme_was_tested():
    load_sources([])
    rows = [[cell.strip(" `") for cell in line.split("|")] for line in SOURCES.splitlines()]
    said = {row[1]: row[-2] for row in rows if len(row) > 4}
    open_ones = [each for each in all_sources() if not each.closed and each.id != "demo"]
    shipped = [each for each in open_ones if each.__module__.startswith("mangacrawl.")]
    tested = {each.id: each.tested.replace("made-up pages only", "made up") for each in shipped}
    assert {id_: said.get(id_) for id_ in tested} == tested
