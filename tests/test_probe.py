"""`scrapy probe` on sites of which one is fine, some have changed, one is down and one refuses."""

import json
from pathlib import Path

import pytest

from tests.conftest import QUICK, Site, run_scrapy
from tests.fixed import Answer, serving

SOURCES = """
from mangacrawl.themes.mangareader import MangaReader

def source(id_, base_url, example):
    members = {"id": id_, "base_url": base_url, "example": example}
    return type(id_.capitalize(), (MangaReader,), members)

"""
NEW_DESIGN = "text:<h1>All new</h1>"


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of the user's, in which a test writes its sources."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    path = tmp_path / "probed.py"
    path.write_text(SOURCES, encoding="utf-8")
    return path


def probe(*words: str) -> tuple[int, list[str], str]:
    """The exit code, stdout, and the last line of a probe."""
    done = run_scrapy("probe", *words, "-s", "MANGA_SOURCE_MODULES=probed", *QUICK)
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()[-1]


def test_what_has_changed_is_told_from_what_is_down_or_refuses(sources: Path, site: Site):
    site.spoil(**{"/akira": NEW_DESIGN, "/traps/4": NEW_DESIGN})
    rules = Answer(b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"})
    with serving({}) as down:
        pass
    with serving({"/robots.txt": rules}) as other, sources.open("a", encoding="utf-8") as module:
        module.write(f"source('fine', '{site.url}', 'sampler')\n")
        module.write(f"source('index', '{site.url}', 'akira')\n")
        module.write(f"source('reader', '{site.url}', 'traps')\n")
        module.write(f"source('gone', '{site.url}', 'no-more')\n")
        module.write(f"source('down', '{down.url}', 'akira')\n")
        module.write(f"source('refusing', '{other.url}', 'akira')\n")
        module.flush()
        names = ("fine", "index", "reader", "gone", "down", "refusing")
        code, lines, last = probe(*names, "--json")
    found = {row["source"]: row for row in json.loads("\n".join(lines))}
    assert {name: row["state"] for name, row in found.items()} == {
        "fine": "fine", "index": "changed", "reader": "changed", "gone": "gone", "down": "down",
        "refusing": "refused",
    }  # fmt: skip
    assert {name: row["pages"] for name, row in found.items() if row["pages"]} == {"fine": 6}
    assert found["index"]["what"].startswith("found nothing for '#mangaproperties ")
    assert "missing: chapter 4" in found["reader"]["what"]
    assert "/traps/4" in found["reader"]["what"]
    assert found["refusing"]["what"] == f"robots.txt forbids {other.url}/akira"
    assert code == 6
    assert last == "probed 6 sources: 1 fine, 2 changed, 1 gone, 1 down, 1 refused"


def test_a_nightly_job_learns_of_a_changed_layout_by_5_and_a_table(sources: Path, site: Site):
    site.spoil(**{"/akira": NEW_DESIGN})
    with sources.open("a", encoding="utf-8") as module:
        module.write(f"source('index', '{site.url}', 'akira')\n")
        module.write(f"source('unshown', '{site.url}', 'traps')\n")
    code, lines, _ = probe("index", "unshown")
    assert code == 5
    assert lines[0].split() == ["source", "state", "pages", "what"]
    assert lines[1].split()[:3] == ["index", "changed", "0"]
    assert lines[2].split()[:4] == ["unshown", "not", "shown", "0"]


def test_a_probe_is_in_no_hurry_and_leaves_nothing_behind(
    sources: Path, site: Site, tmp_path: Path
):
    folder = tmp_path / "output"
    with sources.open("a", encoding="utf-8") as module:
        module.write(f"source('fine', '{site.url}', 'sampler')\n")
    code, _, last = probe("fine", "-s", f"MANGA_OUTPUT_DIR={folder}")
    assert (code, last) == (0, "probed 1 source: 1 fine")
    assert site.stats()["peak_in_flight"] <= 2
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("cubari", "cubari names no example, a series to look at"),
        ("mangareader", "https://www.mangareader.net closed in 2021"),
    ],
)
def test_what_cannot_be_probed_is_told(name: str, why: str):
    done = run_scrapy("probe", name)
    assert (done.returncode, done.stderr.strip()) == (2, why)
