"""The rows of the table: which client fetches how much from what kind of site."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from math import ceil, exp
from pathlib import Path

from benchmarks.measure import Run, Seen, run, serving
from benchmarks.peers import (
    ARIA2,
    CURL,
    GALLERY_DL,
    MANGACRAWL,
    STOCK,
    UNVERIFIED,
    Job,
    Peer,
    pages_bound,
    pages_in,
)
from benchmarks.series import Series

POOL = 50

_PAGES_PER_CHAPTER = 2200 / 120
_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - a folder below it is made by tempfile


@dataclass(frozen=True, slots=True)
class Case:
    """A site and who crawls it; `latency` and the rest are as in `benchmarks.site`.

    ``sites`` are crawled at the same time, each by a client of its own. ``bearable`` is how many
    requests at once the site answers.
    """

    name: str
    what: str
    clients: tuple[str, ...]
    pages: int = 2200
    latency: float = 0
    sigma: float = 0
    limit: int | None = None
    workers: int | None = None
    dripping: int = 0
    sites: int = 1
    repeats: int = 1

    @property
    def series(self) -> Series:
        return Series(self.pages, max(1, round(self.pages / _PAGES_PER_CHAPTER)))

    @property
    def ideal(self) -> float:
        """Seconds, if the bearable number of requests were in flight from the index on."""
        pool = min(POOL, self.limit or POOL, self.workers or POOL)
        mean_latency = self.latency * exp(self.sigma**2 / 2)
        return mean_latency * (2 + ceil((self.series.requests - 2) / pool))

    @property
    def flags(self) -> list[str]:
        """The site's."""
        series = self.series
        flags = ["--pages", str(series.pages), "--chapters", str(series.chapters)]
        flags += ["--latency", str(self.latency), "--sigma", str(self.sigma)]
        flags += ["--dripping", str(self.dripping)]
        flags += ["--limit", str(self.limit)] if self.limit else []
        return flags + (["--workers", str(self.workers)] if self.workers else [])

    def made_quick(self) -> "Case":
        """A tenth of it, once: shows that it runs, not how fast."""
        return replace(self, pages=self.pages // 10, repeats=1)


@dataclass(frozen=True, slots=True)
class Row:
    """What one client did in one case; ``bound`` are the pages in its volumes."""

    case: Case
    client: str
    run: Run
    seen: Seen
    pages: int
    bound: int

    @property
    def ratio(self) -> float | None:
        """Span by ideal; None without latency."""
        return self.seen.span / self.case.ideal if self.case.latency else None


_ALL = (MANGACRAWL, UNVERIFIED, GALLERY_DL, STOCK, ARIA2, CURL)

CASES = (
    Case("latency", "0.5 s", (MANGACRAWL, STOCK, ARIA2, CURL), latency=0.5),
    Case("serial", "0.5 s, a small series", (GALLERY_DL,), pages=55, latency=0.5),
    Case("lognormal", "lognormal around 0.5 s", (MANGACRAWL, STOCK), latency=0.5, sigma=0.5),
    Case("limit30", "503 above 30", (MANGACRAWL, STOCK), pages=550, latency=0.5, limit=30),
    Case("limit10", "503 above 10", (MANGACRAWL, STOCK), pages=800, latency=0.5, limit=10),
    Case("queue", "20 workers", (MANGACRAWL, STOCK), pages=550, latency=0.5, workers=20),
    Case("loris", "fifty slow-loris bodies", (MANGACRAWL,), latency=0.5, dripping=50),
    Case("two", "two sites at once", (MANGACRAWL,), latency=0.5, sites=2),
    Case("cpu", "no latency", _ALL, repeats=3),
    Case("memory", "no latency", (MANGACRAWL,)),
    Case("memory", "no latency", (MANGACRAWL,), pages=22_000),
)


def measure(case: Case, peers: dict[str, Peer]) -> Iterator[Row]:
    """Run a case; clients that are not among the peers are left out.

    Repeats are interleaved, so that what else the machine does meets all clients alike.
    """
    for _ in range(case.repeats):
        for client in case.clients:
            if client in peers:
                yield from _measure(case, peers[client])


def _measure(case: Case, peer: Peer) -> list[Row]:
    with ThreadPoolExecutor(case.sites) as together:
        return list(together.map(lambda _: _measure_one(case, peer), range(case.sites)))


def _measure_one(case: Case, peer: Peer) -> Row:
    with ExitStack() as stack:
        in_memory = _MEMORY_FOLDER if _MEMORY_FOLDER.is_dir() else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory("-benchmark", dir=in_memory)))
        url = stack.enter_context(serving(*case.flags))
        job = Job(url, case.series, folder)
        log = folder / "log"
        done = run(peer.command(job), peer.folder(job), log)
        row = Row(case, peer.name, done, Seen.at(url), pages_in(job), pages_bound(job))
        _say(row, log)
        shutil.rmtree(job.output, ignore_errors=True)
    return row


def _say(row: Row, log: Path) -> None:
    figures = f"{row.pages} pages, wall {row.run.wall:.1f} s, CPU {row.run.cpu:.1f} s"
    print(f"{row.case.name}, {row.client}: {figures}", file=sys.stderr, flush=True)
    if row.run.exit_code:
        words = log.read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
        print(f"  exit {row.run.exit_code}", *words, file=sys.stderr, flush=True)
