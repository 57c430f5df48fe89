"""Kills a change of plan at every k-th operation of the disk, in libraries with and without pages.

Chapters move between volumes that are written over, and one of them was released again. Each killed
`scrapy bundle` is followed by one that is not, which has to end as if nothing had happened.
`python -m tests.rebinds [--stride N]`.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from mangacrawl.library import releases
from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import ChapterRow, PageRow
from mangacrawl.library.verification import faults_in, read_record
from mangacrawl.records import Chapter, Series
from mangacrawl.safe import safe_key
from tests.books import page
from tests.conftest import manifest
from tests.forked import forked

_SERIES = Series("sampler", "Sampler (demo)", "http://127.0.0.1/sampler", language="en")
_CHAPTERS, _PAGES = ("1", "2", "3", "4"), 3
_BEFORE = {"1": "1", "3": "1"}
_AGAIN = "2"
_AFTER = {"1": "1", "2": "2", "3": "2", "4": "1"}


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.rebinds", description=__doc__)
    parser.add_argument("--stride", type=int, default=1, metavar="N")
    stride = parser.parse_args().stride
    faults: list[str] = []
    for keeps_pages in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            faults += _kill(Path(folder), stride, keeps_pages)
    print(*faults, f"{len(faults)} faults", sep="\n")
    return 1 if faults else 0


def _kill(folder: Path, stride: int, keeps_pages: bool) -> Iterator[str]:
    bundle = partial(_bundle, keeps_pages)
    library, output = folder / "library", folder / "output"
    make(library)
    name_volumes(library, _BEFORE)
    assert bundle(library) == 0
    name_volumes(library, _AFTER)
    release_again(library)
    shutil.copytree(library, output)
    assert bundle(output) == 0
    undisturbed = manifest(output)
    stored = sum(path.startswith("pages/") for path in undisturbed)
    assert stored == (_PAGES * len(_CHAPTERS) if keeps_pages else 0)
    kills = 0
    for number in count(1, stride):
        shutil.rmtree(output)
        shutil.copytree(library, output)
        code = bundle(output, f"kill:{number}")
        if code == 0:
            break
        kills += 1
        if bundle(output) != 0:
            yield f"killed at {number}: the next run does not end with 0"
        if manifest(output) != undisturbed:
            yield f"killed at {number}: the next run does not end the same"
        with ThreadPoolExecutor(1) as readers:
            yield from (
                str(each) for each in faults_in(output, read_record(_ledger(output)), readers)
            )
    print(f"{kills} kills, {len(undisturbed)} files")


def make(output: Path) -> None:
    """A series as a crawl leaves it, before it is bound."""
    ledger = Ledger(_ledger(output))
    ledger.save_series(_SERIES)
    ledger.save_fact("source", "demo")
    for position, number in enumerate(_CHAPTERS):
        chapter = Chapter(number, f"/sampler/{number}", number=number)
        ledger.save_chapter(ChapterRow(chapter, position, _PAGES, is_wanted=True))
        for each in range(1, _PAGES + 1):
            _store(ledger, output, chapter, each, chapter.id)
    ledger.close()


def name_volumes(output: Path, volumes: dict[str, str]) -> None:
    """Let the site count chapters to volumes so."""
    ledger = Ledger(_ledger(output))
    for row in list(ledger.chapters.values()):
        chapter = replace(row.chapter, volume=volumes.get(row.chapter.id))
        ledger.save_chapter(replace(row, chapter=chapter))
    ledger.close()


def release_again(output: Path) -> None:
    """Let a chapter have been released again and fetched: its first page is the one of before."""
    ledger = Ledger(_ledger(output))
    row, same = ledger.chapters[_AGAIN], ledger.pages[_AGAIN, 1]
    ledger.retire_chapter(_AGAIN, f"{_AGAIN}@r1")
    ledger.save_chapter(replace(row, chapter=replace(row.chapter, version=2)))
    ledger.save_page(same)
    folder = releases.folder_name(ledger, _AGAIN)
    for number in range(2, _PAGES + 1):
        _store(ledger, output, row.chapter, number, safe_key(folder))
    ledger.close()


def _store(ledger: Ledger, output: Path, chapter: Chapter, number: int, name: str) -> None:
    """Draw a page into the folder of this name; of each folder's another one."""
    folder = output / "pages" / "demo-sampler" / name
    folder.mkdir(parents=True, exist_ok=True)
    made = page(folder, chapter, number + 10 * (name != chapter.id))
    path = made.path.rename(folder / f"{number:04}.jpg").relative_to(output).as_posix()
    row = PageRow(chapter.id, number, path=path, sha256=made.sha256, bytes=made.bytes)
    ledger.save_page(replace(row, width=made.width, height=made.height))


def _bundle(keeps_pages: bool, output: Path, fault: str = "") -> int:
    """Bind in a fork; returns the exit code, or minus the signal that killed it."""
    settings = ("-s", f"MANGA_OUTPUT_DIR={output}", "-s", f"MANGA_KEEP_PAGES={keeps_pages}")
    pid = forked(["bundle", *settings], fault, output.parent / "log")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _ledger(output: Path) -> Path:
    return output / "state" / "demo-sampler.sqlite"


if __name__ == "__main__":
    sys.exit(main())
