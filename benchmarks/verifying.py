"""Whether `scrapy verify` finds every damage in a library of 2,200 pages, and how long it takes.

Every page and every volume is damaged in one of four ways: a bit turned, the last byte cut off, all
bytes zeroed, the file removed. Run `python -m benchmarks.verifying` in the project's folder.
"""

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import ChapterRow, PageRow, VolumeRow
from mangacrawl.records import Chapter, Series
from mangacrawl.volumes.book import Book, BookPage
from mangacrawl.volumes.cbz import write_cbz

SECONDS_GOAL = 10
PAGE_BYTES = 250_000
CHAPTER_PAGES = 22
VOLUME_PAGES = 220
"""Ten volumes of the 2,200 pages."""

_SERIES = Series("benchmark", "Benchmark", "", direction="rtl")


def main() -> int:
    """Measure and tell; 1 if a damage is not found or it takes too long."""
    parser = argparse.ArgumentParser(prog="benchmarks.verifying", description=__doc__)
    parser.add_argument("--pages", type=int, default=2200)
    page_count = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        files = make_library(output, page_count)
        code, faults, seconds = verify(output)
        is_quiet = (code, faults) == (0, [])
        print(f"{len(files)} files, {_bytes(files) / 1e6:.0f} MB: verified in {seconds:.1f} s")
        print(f"the goal is {SECONDS_GOAL} s")
        expected = [damage(path, number) for number, path in enumerate(files)]
        code, faults, _ = verify(output)
        found = sum(line.startswith(name) for name, line in zip(expected, faults, strict=False))
        print(f"{len(expected)} damages, {found} found, exit code {code}")
    is_right = is_quiet and code == 3 and found == len(expected)
    return 0 if is_right and seconds <= SECONDS_GOAL else 1


def make_library(output: Path, page_count: int) -> list[Path]:
    """Write pages, volumes and their ledger; returns the files in the order of the ledger."""
    rng = random.Random(0)  # noqa: S311  # no secret
    ledger = Ledger(output / "state" / "benchmark.sqlite")
    ledger.save_series(_SERIES)
    pages = list(_pages(output, page_count, rng))
    for page in pages:
        path = page.path.relative_to(output).as_posix()
        row = PageRow(page.chapter.id, page.number, None, None, path, page.sha256)
        ledger.save_page(replace(row, width=page.width, height=page.height, bytes=page.bytes))
        ledger.save_chapter(ChapterRow(page.chapter, int(page.chapter.id), CHAPTER_PAGES, True))
    volumes = []
    for start in range(0, page_count, VOLUME_PAGES):
        name = f"Benchmark v{start // VOLUME_PAGES + 1:02}"
        book = Book(name, name, name, _SERIES, tuple(pages[start : start + VOLUME_PAGES]), "")
        volumes.append(output / "library" / "Benchmark" / f"{name}.cbz")
        volumes[-1].parent.mkdir(parents=True, exist_ok=True)
        write_cbz(book, volumes[-1])
        row_of = (volumes[-1].relative_to(output).as_posix(), "", volumes[-1].stat().st_size)
        volume = VolumeRow(*row_of, _digest(volumes[-1]), len(book.pages), is_partial=False)
        ledger.save_volume(volume, volumes[-1].parent)
    ledger.close()
    return [*(page.path for page in pages), *volumes]


def damage(path: Path, number: int) -> str:
    """Damage a file in one of four ways; returns how the line that names it begins."""
    content = bytearray(path.read_bytes())
    position = number * 7919 % len(content)
    content[position] ^= 1 << number % 8
    kinds = [
        (bytes(content), "has changed"),
        (bytes(content[:-1]), "is cut to"),
        (bytes(len(content)), "is all zeros"),
        (b"", "is gone"),
    ]
    left, what = kinds[number % len(kinds)]
    path.write_bytes(left)
    if what == "is gone":
        path.unlink()
    return f"{'/'.join(path.parts[path.parts.index('output') + 1 :])} {what}"


def verify(output: Path) -> tuple[int, list[str], float]:
    """Run the command: its exit code, its lines, and its seconds."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "verify", "-s", f"MANGA_OUTPUT_DIR={output}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines(), time.monotonic() - started


def _pages(output: Path, page_count: int, rng: random.Random) -> Iterator[BookPage]:
    for index in range(page_count):
        chapter = Chapter(str(index // CHAPTER_PAGES), "", number=str(index // CHAPTER_PAGES + 1))
        number = index % CHAPTER_PAGES + 1
        path = output / "pages" / "benchmark" / chapter.id / f"{number:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rng.randbytes(PAGE_BYTES))
        yield BookPage(path, _digest(path), 900, 1300, PAGE_BYTES, chapter, number)


def _bytes(files: list[Path]) -> int:
    return sum(path.stat().st_size for path in files)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
