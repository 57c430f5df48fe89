"""What fitting pages to a Kindle and binding them costs, beside what the 2015 tool did.

That was ImageMagick's mogrify and a PDF of 250 pages from convert; Debian forbids convert to write
PDFs, so GraphicsMagick's does it here. Both get the same pages in the same run, and our volumes are
checked. Then CBZs of the originals, and EPUBs of larger scans for a Paperwhite 5 beside mogrify
alone. Run `python -m benchmarks.bundling` in the project's folder.
"""

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from mangacrawl.records import Chapter, Series
from mangacrawl.volumes.book import Book, BookPage
from mangacrawl.volumes.edition import Edition
from mangacrawl.volumes.profiles import device_named
from mangacrawl.volumes.style import Style

VOLUME_PAGES = 250
CPU_GOAL, MEMORY_GOAL = 5, 8
"""How many times less CPU time and peak memory we must take."""
CBZ_CPU_SECONDS, CBZ_BYTES, CBZ_PAGES = 1.5, 60e6, 2200
"""What CBZs of so many pages may take, on a disk of memory."""
EPUB_GOAL = 4
"""How many times less CPU time EPUBs must take than mogrify's resize of the same pages."""
_LARGE = 1.6
"""What scans for the EPUBs are enlarged by, so that a Paperwhite 5 is smaller."""

_TOOLS = ("mogrify", "gm", "qpdf", "pdfimages")
_SIZES = ((1100, 1600), (900, 1300))
"""By turns a size that a JPEG decoder can halve for a Kindle, which is fast, and one it cannot."""

_DRAWN = 20
"""Different pages; the others are copies of them."""

_CHILD = (
    "import sys; from benchmarks import bundling; getattr(bundling, sys.argv[1])(*sys.argv[2:])"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """User and system CPU seconds of one process or more, and the peak of the largest in bytes."""

    cpu_seconds: float
    peak_bytes: int

    def __add__(self, other: "Cost") -> "Cost":
        peak = max(self.peak_bytes, other.peak_bytes)
        return Cost(self.cpu_seconds + other.cpu_seconds, peak)


def main() -> int:
    """Measure, check and tell; 1 if a goal is missed or a volume is wrong, 2 if a tool lacks."""
    parser = argparse.ArgumentParser(prog="benchmarks.bundling", description=__doc__)
    parser.add_argument("--pages", type=int, default=440)
    page_count = parser.parse_args().pages
    missing = [tool for tool in _TOOLS if not shutil.which(tool)]
    if missing:
        print(f"not installed: {', '.join(missing)}")
        return 2
    failures = 0
    for comparison in (_compare, _compare_cbz, _compare_epub):
        with tempfile.TemporaryDirectory() as folder:
            failures += comparison(Path(folder), page_count)
    return 1 if failures else 0


def _compare(folder: Path, page_count: int) -> int:
    for name in ("pages", "ours", "original", "small", "theirs"):
        (folder / name).mkdir()
    # In a child, since a process that is started inherits our own peak.
    _cost(*_child("draw", folder / "pages", page_count))
    ours = _cost(*_child("bind", folder / "pages", folder / "ours", "pdf", "kindle-600x800"))
    theirs = _theirs(folder)
    _cost(*_child("bind", folder / "pages", folder / "original", "pdf", "none"))
    faults = list(_faults(folder))
    _tell(page_count, ours, theirs)
    print(*faults or ["qpdf finds no fault, and the original JPEGs come back unchanged"], sep="\n")
    is_cheap = ours.cpu_seconds * CPU_GOAL <= theirs.cpu_seconds
    is_small = ours.peak_bytes * MEMORY_GOAL <= theirs.peak_bytes
    return 0 if is_cheap and is_small and not faults else 1


def _compare_cbz(folder: Path, page_count: int) -> int:
    for name in ("pages", "ours"):
        (folder / name).mkdir()
    _cost(*_child("draw", folder / "pages", page_count))
    cost = _cost(*_child("bind", folder / "pages", folder / "ours", "cbz", "none"))
    cost = Cost(cost.cpu_seconds - _idle().cpu_seconds, cost.peak_bytes)
    goal = CBZ_CPU_SECONDS * page_count / CBZ_PAGES
    print(
        f"CBZ of originals: {cost.cpu_seconds:.2f} CPU s beside Python's start (goal {goal:.2f}),"
    )
    print(f"  {cost.peak_bytes / 1e6:.0f} MB (goal {CBZ_BYTES / 1e6:.0f})")
    return int(cost.cpu_seconds > goal or cost.peak_bytes > CBZ_BYTES)


def _compare_epub(folder: Path, page_count: int) -> int:
    for name in ("pages", "ours", "small"):
        (folder / name).mkdir()
    _cost(*_child("draw", folder / "pages", page_count, _LARGE))
    ours = _cost(*_child("bind", folder / "pages", folder / "ours", "epub", "kindle-pw5"))
    pages = sorted((folder / "pages").iterdir())
    theirs = _cost("mogrify", "-resize", "1236x1648", "-path", folder / "small", *pages)
    less = theirs.cpu_seconds / ours.cpu_seconds
    print(f"EPUB for kindle-pw5: {ours.cpu_seconds:.1f} CPU s, {ours.peak_bytes / 1e6:.0f} MB; ")
    print(f"  mogrify {theirs.cpu_seconds:.1f} CPU s: one part in {less:.1f} (goal {EPUB_GOAL})")
    return int(less < EPUB_GOAL)


def _idle() -> Cost:
    """What a child costs that binds nothing."""
    return _cost(sys.executable, "-c", "from benchmarks import bundling")


def _theirs(folder: Path) -> Cost:
    pages = sorted((folder / "pages").iterdir())
    cost = _cost("mogrify", "-resize", "600x800", "-path", folder / "small", *pages)
    small = sorted((folder / "small").iterdir())
    for number, volume in enumerate(_volumes(small)):
        cost += _cost("gm", "convert", *volume, folder / "theirs" / f"{number}.pdf")
    return cost


def _faults(folder: Path) -> Iterator[str]:
    """What is wrong with our volumes; qpdf would take minutes to decode the originals."""
    for path in sorted((folder / "ours").iterdir()):
        check = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False)
        if check.returncode:
            yield f"{path.name}: qpdf --check exits with {check.returncode}"
    back = folder / "back"
    back.mkdir()
    for path in sorted((folder / "original").iterdir()):
        subprocess.run(["pdfimages", "-all", path, back / path.stem], check=True)
    pages = [_digest(path) for path in sorted((folder / "pages").iterdir())]
    if [_digest(path) for path in sorted(back.iterdir())] != pages:
        yield "the original JPEGs do not come back unchanged"


def _tell(page_count: int, ours: Cost, theirs: Cost) -> None:
    less_cpu = theirs.cpu_seconds / ours.cpu_seconds
    less_memory = theirs.peak_bytes / ours.peak_bytes
    print(f"{f'{page_count} pages':<24}{'CPU s':>8}{'peak MB':>10}")
    for name, cost in (("mangacrawl", ours), ("mogrify and gm convert", theirs)):
        print(f"{name:<24}{cost.cpu_seconds:8.1f}{cost.peak_bytes / 1e6:10.0f}")
    print(f"{'ours is one part in':<24}{less_cpu:8.1f}{less_memory:10.1f}")
    print(f"{'the goal is':<24}{CPU_GOAL:8}{MEMORY_GOAL:10}")


def _child(*arguments: object) -> list[str | Path]:
    return [sys.executable, "-c", _CHILD, *(str(argument) for argument in arguments)]


def _cost(*command: str | Path) -> Cost:
    """Run a process to its end; raises CalledProcessError if it fails."""
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)  # Popen need not wait any more
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command[0])
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def draw(folder: str, page_count: str, scale: str = "1") -> None:
    """Draw pages of lines, screentone and paper grain: RGB-coded JPEGs of some 250 kB."""
    for number in range(int(page_count)):
        path = Path(folder, f"{number:05}.jpg")
        if number < _DRAWN:
            page = _page(number)
            size = round(page.width * float(scale)), round(page.height * float(scale))
            page.resize(size).save(path, "JPEG", quality=75)
        else:
            shutil.copyfile(path.with_name(f"{number % _DRAWN:05}.jpg"), path)


def _page(number: int) -> Image.Image:
    rng = random.Random(number)  # noqa: S311  # no secret
    width, height = size = _SIZES[number % 2]
    image = Image.new("L", size, 245)
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        line = [(rng.randrange(width), rng.randrange(height)) for _ in range(2)]
        pen.line(line, fill=rng.randrange(90), width=rng.randrange(1, 6))
    for row in range(300, 700, 7):
        for column in range(150, 650, 7):
            pen.ellipse((column, row, column + 2, row + 2), fill=70)
    grain = Image.frombytes("L", size, rng.randbytes(width * height))
    return Image.blend(image, grain, 0.012).convert("RGB")


def bind(folder: str, target: str, form: str, device: str) -> None:
    """Bind the pages in a folder as the crawler does."""
    chapter = Chapter("1", "", number="1")
    series = Series("benchmark", "Benchmark", "", direction="rtl")
    paths = sorted(Path(folder).iterdir())
    drawn = [(*_size(path), _digest(path)) for path in paths[:_DRAWN]]
    for index, volume in enumerate(_volumes(paths)):
        pages = []
        for number, path in enumerate(volume, 1):
            width, height, digest = drawn[int(path.stem) % _DRAWN]
            size = path.stat().st_size
            pages.append(BookPage(path, digest, width, height, size, chapter, number))
        name = f"{index:03}"
        book = Book(name, f"Benchmark {name}", name, series, tuple(pages), notes="")
        with Edition(form, device_named(device), Style()).files(book, Path(target)) as files:
            for file in files:
                file.write(Path(target, file.name))


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def _volumes(pages: list[Path]) -> Iterator[list[Path]]:
    for start in range(0, len(pages), VOLUME_PAGES):
        yield pages[start : start + VOLUME_PAGES]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
