"""Scrapyd runs the project from an egg, which is a ZIP: nothing may look beside its code."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

from tests.conftest import ROOT


def test_a_crawl_of_the_demo_runs_from_a_zip(tmp_path: Path):
    egg = tmp_path / "mangacrawl.egg"
    with ZipFile(egg, "w") as archive:
        for path in (ROOT / "mangacrawl").rglob("*.*"):
            if path.suffix != ".pyc":
                archive.write(path, path.relative_to(ROOT))
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "manga", "-a", "title=sampler", "-a", "_job=1"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(egg), "SCRAPY_SETTINGS_MODULE": "mangacrawl.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "output" / "library").rglob("*.cbz"))) == 1
    assert (tmp_path / "output" / "index.html").exists()


def test_what_an_egg_packs_is_what_the_program_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    files = [p for p in (ROOT / "mangacrawl").rglob("*") if p.is_file() and p.suffix != ".py"]
    others = {p.relative_to(ROOT).parent.as_posix() for p in files if "__pycache__" not in p.parts}
    assert others == {"mangacrawl/web/templates", "mangacrawl/volumes/templates"}
    packed = project["tool"]["setuptools"]["package-data"]
    assert packed == {
        "mangacrawl.web": ["templates/*"],
        "mangacrawl.volumes": ["templates/*"],
    }
