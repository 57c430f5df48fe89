"""`python -m benchmarks.web` measures what there is to look at: pages, reader, report, progress."""

import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import ChapterRow, PageRow, VolumeRow
from mangacrawl.records import Chapter, Series
from mangacrawl.web.library import PLAN, PlannedVolume, as_plan, write_library_page
from mangacrawl.web.reader import ChapterStart, ReaderBook, ReaderPage, reader_file, render_reader

SERIES, VOLUMES, PAGES = 500, 20, 250
PICTURE = (1600, 2400)

# Runs a crawl as a person would and sums up what its looking and drawing took.
WATCHED = """
import sys, time
from scrapy.cmdline import execute
from mangacrawl.display import Display
from mangacrawl.extensions.progress import ShowProgress
spent = 0.0
def watched(method):
    def timed(self, item):
        global spent
        began = time.thread_time()
        method(self, item)
        spent += time.thread_time() - began
    return timed
look = ShowProgress._look
ShowProgress._look = lambda self: watched(lambda self, _: look(self))(self, None)
ShowProgress.item_scraped = watched(ShowProgress.item_scraped)
Display.say = watched(Display.say)
try:
    execute(["scrapy", *sys.argv[2:]])
finally:
    open(sys.argv[1], "w").write(f"{spent} {time.process_time()}")
"""


def main() -> int:
    """Print a line for each figure."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        root = Path(folder)
        measure_library(root / "library", browser)
        measure_reader(root / "reader", browser)
        measure_crawl(root / "crawl")
    return 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's, headless."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def measure_library(output: Path, browser: Browser) -> None:
    """Write ledgers of many series, then their pages; read the browser's own first paint."""
    for number in range(SERIES):
        write_ledger(output, number)
    first = timed(lambda: write_library_page(output, output / "state"))
    again = timed(lambda: write_library_page(output, output / "state"))
    page = browser.new_page()
    page.goto((output / "index.html").as_uri(), wait_until="load")
    paints = page.evaluate(
        "new Promise((done) => new PerformanceObserver((list) => done(list.getEntries()"
        ".map((each) => each.startTime))).observe({type: 'paint', buffered: true}))"
    )
    page.close()
    size = (output / "index.html").stat().st_size
    tell(f"library page of {SERIES} series with {VOLUMES} volumes each", f"{size / 1e3:.0f} kB")
    tell("pages of all series written, the first time and again", f"{first:.1f} s, {again:.1f} s")
    tell("first paint of the library page", f"{max(paints):.0f} ms")


def write_ledger(output: Path, number: int) -> None:
    """What a crawl of a series leaves, its pages and volumes aside."""
    title = f"A Series of Some Length, the {number}th of Many"
    key = f"site-series-{number}"
    ledger = Ledger(output / "state" / f"{key}.sqlite")
    ledger.save_series(Series(str(number), title, "https://a.example/", authors=("Some Author",)))
    planned = []
    for volume in range(1, VOLUMES + 1):
        chapter = Chapter(str(volume), "", str(volume), str(volume))
        ledger.save_chapter(ChapterRow(chapter, volume, 10, is_wanted=True))
        for page in range(1, 11):
            path = f"pages/{key}/{volume}/{page:04}.jpg"
            row = PageRow(chapter.id, page, path=path, bytes=1, fetched_at="2026-01-01T00:00:00")
            ledger.save_page(row)
        name = f"{title} v{volume:02}"
        planned.append(PlannedVolume(name, f"Volume {volume}", 10, 0))
        row_of = VolumeRow(f"library/{title}/{name}.cbz", "s", 10, "0", 10, is_partial=False)
        ledger.save_volume(row_of, output)
    ledger.save_fact(PLAN, as_plan(planned))
    ledger.close()


def measure_reader(output: Path, browser: Browser) -> None:
    """Render readers, and turn the pages of one with pictures as large as scans are."""
    (output / "pages").mkdir(parents=True)
    paths = [f"pages/{number:04}.jpg" for number in range(12)]
    for path in paths:
        Image.effect_noise(PICTURE, 60).save(output / path, quality=80)
    pages = tuple(ReaderPage(paths[n % len(paths)], *PICTURE) for n in range(PAGES))
    book = ReaderBook("s", "v", "V", "S", "rtl", pages, (ChapterStart("One", 1),), ())
    seconds = timed(lambda: [render_reader(book) for _ in range(200)]) / 200
    all_of_them = f"{seconds * SERIES * VOLUMES:.0f} s for {SERIES * VOLUMES:,}"
    tell(f"a reader of {PAGES} pages rendered", f"{seconds * 1e3:.2f} ms, {all_of_them}")
    place = output / "web" / "s" / reader_file(book.name)
    place.parent.mkdir(parents=True)
    place.write_bytes(render_reader(book))
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(place.as_uri())
    page.wait_for_timeout(1000)
    turns = []
    for _ in range(10):
        turns.append(page.evaluate(TURN))
        page.wait_for_timeout(500)  # a reader reads; what is next is loaded meanwhile
    page.close()
    slowest = f"{median(turns):.0f} ms, the slowest {max(turns):.0f} ms"
    tell("next page on the screen, the median of ten", slowest)


TURN = """new Promise((done) => {
  const began = performance.now();
  const key = new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true });
  document.body.dispatchEvent(key);
  document.querySelector("#stage img").decode().then(() =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began))));
})"""
"""Turns a page and tells after how many milliseconds a frame with it was drawn."""


def measure_crawl(folder: Path) -> None:
    """Crawl the demo's 2,200 pages on a terminal; its report, and what drawing took."""
    folder.mkdir()
    side, other = pty.openpty()
    termios.tcsetwinsize(other, (40, 120))
    crawl = ["crawl", "manga", "-a", "name=akira", "-s", f"MANGA_OUTPUT_DIR={folder / 'output'}"]
    running = subprocess.Popen(
        [sys.executable, "-c", WATCHED, str(folder / "cpu"), *crawl],
        stdin=other,
        stdout=subprocess.DEVNULL,
        stderr=other,
        env=os.environ | {"TERM": "xterm-256color"},
    )
    os.close(other)
    while True:
        try:
            os.read(side, 65536)
        except OSError:
            break
    running.wait()
    drawing, all_cpu = map(float, (folder / "cpu").read_text(encoding="utf-8").split())
    share = f"{drawing:.2f} of {all_cpu:.1f} CPU s, {drawing / all_cpu:.1%}"
    tell("progress display in a crawl of 2,200 pages", share)
    (report,) = (folder / "output").rglob("report.html")
    record = report.with_suffix(".json")
    samples = len(json.loads(record.read_bytes())["timeline"])
    sizes = f"{report.stat().st_size / 1e3:.0f} kB, JSON {record.stat().st_size / 1e3:.0f} kB"
    tell("report of it", f"{sizes}, {samples} samples")


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def tell(what: str, figure: str) -> None:
    """Print a row of a table."""
    print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
