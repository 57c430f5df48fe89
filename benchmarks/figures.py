"""What the rows prove: each ratio that the project asks of itself, with what was measured."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.cases import POOL, Row
from benchmarks.peers import CURL, GALLERY_DL, MANGACRAWL, UNVERIFIED

_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity, what is asked of it, what it is, and whether that is enough."""

    what: str
    asked: str
    measured: str
    is_reached: bool


def figures(rows: list[Row]) -> Iterator[Figure]:
    """Every figure whose rows were measured."""
    ours = [row for row in rows if row.client == MANGACRAWL]
    yield from _pool(ours)
    yield from _akira(_of(ours, "latency"))
    yield from _against_gallery_dl(_of(ours, "latency"), _of(rows, "serial", GALLERY_DL))
    for row in _of(ours, "lognormal"):
        yield Figure(
            "lognormal latency: span / ideal", "≤ 1.12", f"{row.ratio:.3f}", _most(row.ratio, 1.12)
        )
    for row in _of(ours, "limit30"):
        yield from _breaking(row, "503 above 30 in flight", 0.03)
        what = "503 above 30 in flight: span / ideal at 30"
        yield Figure(what, "≤ 1.30", f"{row.ratio:.2f}", _most(row.ratio, 1.3))
    for row in _of(ours, "limit10"):
        yield from _breaking(row, "503 above 10 in flight", 0.05)
    for row in _of(ours, "loris"):
        what = "fifty slow-loris bodies: span / ideal, all pages there"
        is_whole = row.pages == row.case.pages
        yield Figure(what, "< 2", f"{row.ratio:.2f}", _most(row.ratio, 2) and is_whole)
    yield from _two(_of(ours, "two"))
    yield from _cpu(_of(rows, "cpu"))
    yield from _memory(ours)
    yield from _ceiling(_of(rows, "cpu"))


def _pool(ours: list[Row]) -> Iterator[Figure]:
    """A site that drips counts what was given up until it notices: it tells nothing of these."""
    ours = [row for row in ours if not row.case.dripping]
    peaks = [row.seen.peak for row in ours if row.case.latency]
    if peaks:
        peak = max(peaks)
        yield Figure("most requests in flight, all cases", "50", str(peak), peak == POOL)
    connections = [row.seen.connections for row in ours if not row.case.limit]
    if connections:
        most = max(connections)
        yield Figure("most connections, healthy sites", "≤ 51", str(most), most <= POOL + 1)


def _akira(found: list[Row]) -> Iterator[Figure]:
    for row in found:
        span, wall = row.ratio, row.run.wall / row.case.ideal
        yield Figure("0.5 s latency: span / ideal", "≤ 1.05", f"{span:.3f}", _most(span, 1.05))
        is_whole = row.pages == row.bound == row.case.pages
        what = "0.5 s latency: wall / ideal, verified and bound"
        yield Figure(what, "≤ 1.08", f"{wall:.3f}", wall <= 1.08 and is_whole)
        middle = row.seen.middle_mean
        what = "0.5 s latency: mean in flight, middle of the run"
        yield Figure(what, "≥ 47", f"{middle:.1f}", middle >= 47)


def _against_gallery_dl(ours: list[Row], theirs: list[Row]) -> Iterator[Figure]:
    """gallery-dl's start counts once, its requests as many times as the large series has them."""
    for our, their in zip(ours, theirs, strict=False):
        requests = our.case.series.requests - 1  # it does not ask for robots.txt
        wall = their.run.wall - their.seen.span + their.seen.span * requests / their.seen.requests
        times = wall / our.run.wall
        what = "0.5 s latency: times faster than gallery-dl (computed)"
        yield Figure(what, "≥ 40", f"{times:.1f}", times >= 40)


def _breaking(row: Row, what: str, most: float) -> Iterator[Figure]:
    is_whole = row.pages == row.case.pages and row.run.exit_code == 0
    measured = f"{row.pages:,} of {row.case.pages:,}, exit {row.run.exit_code}"
    yield Figure(f"{what}: pages", "all, exit 0", measured, is_whole)
    share = row.seen.refusals / row.seen.requests
    yield Figure(f"{what}: 503s", f"≤ {most:.0%}", f"{share:.1%}", share <= most)


def _two(found: list[Row]) -> Iterator[Figure]:
    if found:
        means = [row.seen.mean for row in found]
        measured = " and ".join(f"{mean:.1f}" for mean in means)
        yield Figure("two sites at once: mean in flight", "≥ 45 each", measured, min(means) >= 45)


def _cpu(rows: list[Row]) -> Iterator[Figure]:
    whole = [row for row in rows if row.pages == row.case.pages]
    theirs = [row.run.cpu for row in _of(whole, "cpu", GALLERY_DL)]
    if not theirs:
        return
    for client, what, most in (
        (MANGACRAWL, "CPU / gallery-dl's, every picture verified", 3.0),
        (UNVERIFIED, "CPU / gallery-dl's, none verified", 1.9),
    ):
        ours = [row.run.cpu for row in _of(whole, "cpu", client)]
        if ours:
            times = median(ours) / median(theirs)
            yield Figure(what, f"≤ {most:.1f}", f"{times:.2f}", times <= most)


def _memory(ours: list[Row]) -> Iterator[Figure]:
    small = [row for row in ours if row.case.pages == 2200]
    if small:
        largest = max(row.run.memory for row in small) / _MEGABYTE
        yield Figure("memory, 2,200 pages", "≤ 160 MB", f"{largest:.0f} MB", largest <= 160)
    found = sorted(_of(ours, "memory"), key=lambda row: row.case.pages)
    if len(found) == 2:
        times = found[1].run.memory / found[0].run.memory
        what = "memory, 22,000 pages / 2,200 pages"
        yield Figure(what, "≤ 1.15", f"{times:.2f}", times <= 1.15)


def _ceiling(rows: list[Row]) -> Iterator[Figure]:
    most = [row.seen.requests / row.seen.span for row in _of(rows, "cpu", CURL)]
    need = [row.seen.requests / row.seen.span for row in _of(rows, "cpu", MANGACRAWL)]
    if most and need:
        times = median(most) / median(need)
        measured = f"{times:.0f} ({median(most):,.0f} and {median(need):,.0f} requests a second)"
        what = "the site's ceiling / what mangacrawl asks for without latency"
        yield Figure(what, "≥ 10", measured, times >= 10)


def _of(rows: Iterable[Row], case: str, client: str | None = None) -> list[Row]:
    return [row for row in rows if row.case.name == case and client in {None, row.client}]


def _most(value: float | None, most: float) -> bool:
    return value is not None and value <= most
