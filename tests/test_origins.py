"""Sources from elsewhere: installed packages and modules of the user's, sound and broken."""

import json
from pathlib import Path

import pytest

from mangacrawl.source import broken_sources, load_sources
from tests.conftest import Site, run_crawl, run_scrapy

SOUND = """
from mangacrawl.themes.mangareader import MangaReader

class {name}(MangaReader):
    id = "{id}"
    base_url = "{base_url}"
"""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that packages can be installed into, and that Python looks into."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def install(folder: Path, name: str, **modules: str) -> None:
    """Put a package there as pip would: its modules, and what it says of itself."""
    told = folder / f"{name}-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"{module} = {module}" for module in modules]
    (told / "entry_points.txt").write_text("\n".join(["[mangacrawl.sources]", *lines, ""]))
    for module, code in modules.items():
        (folder / f"{module}.py").write_text(code, encoding="utf-8")


def sound(id_: str, base_url: str = "https://comics.example") -> str:
    return SOUND.format(name=id_.capitalize(), id=id_, base_url=base_url)


def test_every_source_of_the_package_can_be_imported():
    load_sources([])
    assert broken_sources() == {}


def test_the_sources_of_an_installed_package_are_crawled(elsewhere: Path, output: Path, site: Site):
    install(elsewhere, "more-comics", morecomics=sound("morecomics", site.url))
    done = run_crawl(output, source="morecomics", name="sampler", chapters="1")
    assert done.exit_code == 0, done.stderr
    assert {item["source"] for item in done.items()} == {"morecomics"}


BROKEN = {
    "imports": ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
    "syntax": ("class:", "SyntaxError: invalid syntax (syntax.py, line 1)"),
    "exits": ("raise SystemExit('bye')", "SystemExit: bye"),
    "nameless": (
        "from mangacrawl.source import Source\nclass Nameless(Source):\n    pass",
        "TypeError: Nameless has no id of its own",
    ),
    "abstract": (
        "from mangacrawl.source import Source\nclass Half(Source):\n    id = 'half'",
        "TypeError: Half lacks parse_chapters, parse_pages, parse_series",
    ),
    "nowhere_": (
        sound("lost", "comics.example"),
        "TypeError: Lost has no address of the web as its base_url: comics.example",
    ),
    "twice": (
        sound("xkcd"),
        "TypeError: Xkcd has the id xkcd, which mangacrawl.sources.xkcd has already",
    ),
}


def test_a_broken_source_is_told_by_name_in_one_line_and_stops_no_other(elsewhere: Path):
    install(elsewhere, "broken", **{name: code for name, (code, _) in BROKEN.items()})
    install(elsewhere, "sound", zsound=sound("zsound"))
    done = run_scrapy("sources", "--json", "-s", "MANGA_SOURCE_MODULES=no.such.module")
    assert done.returncode == 0, done.stderr
    assert sorted(done.stderr.splitlines()) == sorted(
        [f"left out: {name} of broken: {why}" for name, (_, why) in BROKEN.items()]
        + ["left out: no.such.module: ModuleNotFoundError: No module named 'no'"]
    )
    ids = {row["id"] for row in json.loads(done.stdout)}
    assert {"zsound", "xkcd", "demo"} <= ids
    assert not {"half", "lost"} & ids


def test_a_crawl_tells_it_once_and_goes_on(elsewhere: Path, output: Path):
    install(elsewhere, "broken", imports="import nowhere")
    done = run_crawl(output, name="sampler", chapters="1")
    assert done.exit_code == 0
    assert [line for line in done.lines if "left out" in line] == [
        "left out: imports of broken: ModuleNotFoundError: No module named 'nowhere'"
    ]


def test_whoever_asks_for_a_broken_source_learns_why_there_is_none(elsewhere: Path, output: Path):
    install(elsewhere, "broken", imports="import nowhere")
    done = run_crawl(output, source="imports", name="sampler")
    assert done.exit_code == 2
    assert done.lines[0].startswith("left out: imports of broken")
    assert done.verdict.startswith("source=imports: there is cubari, demo")
