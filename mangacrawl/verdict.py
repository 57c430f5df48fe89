"""How a run ended, in one plain line and an exit code that a script can trust."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from mangacrawl.errors import Incomplete, MangacrawlError, Stopped, worst
from mangacrawl.holes import Hole, holes_in
from mangacrawl.safe import visible

if TYPE_CHECKING:
    from mangacrawl.series_crawl import SeriesCrawl

_MOST_LINES = 20
"""Chapters with missing pages that are named one by one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``details`` are lines that name what is missing; ``line`` is the last word."""

    exit_code: int
    line: str
    details: tuple[str, ...] = ()


def verdict_on(
    crawl: "SeriesCrawl | None",
    asked_for: str,
    problems: list[MangacrawlError],
    *,
    seconds: float,
    pool_peak: int,
    retries: int = 0,
) -> Verdict:
    """Sum up the run of one series; `asked_for` names it where it was never found."""
    was_stopped = any(isinstance(each, Stopped) for each in problems)
    details = tuple(_missing(crawl)) if crawl and not was_stopped else ()
    if details and not any(isinstance(each, Incomplete) for each in problems):
        problems = [*problems, Incomplete("incomplete")]
    problem = worst(problems)
    name = visible(crawl.series.title if crawl else asked_for)
    figures = f"{seconds:.0f} s, pool peak {pool_peak}, CPU {time.process_time():.0f} s"
    memory = _peak_memory()
    figures += f", {memory / 1e6:.0f} MB" if memory else ""
    if crawl is None:
        cause = visible(str(problem)) if problem else "nothing was crawled"
        line = cause if cause.startswith(name) else f"{name}: {cause}"
        return Verdict(problem.exit_code if problem else 1, line)
    counts = f"{_pages(crawl)}, {_counted(len(crawl.bound), 'volume')}"
    lost = sum(page.error is not None for _, pages in crawl.missing() for page in pages)
    if retries or lost:
        details = (*details, f"supervised: {_counted(retries, 'retry')}, {lost} lost")
    if problem is None:
        return Verdict(0, f"{name}: complete, {counts}, {figures}", details)
    cause = visible(str(problem))
    hint = "; run it again for the rest" if problem.exit_code in {3, 130} else ""
    return Verdict(problem.exit_code, f"{name}: {cause}, {counts}, {figures}{hint}", details)


def _pages(crawl: "SeriesCrawl") -> str:
    stored, total = crawl.stored_total(), crawl.page_total()
    return _counted(total, "page") if stored == total else f"{stored} of {total} pages"


def _counted(count: int, noun: str) -> str:
    plural = {"retry": "retries"}.get(noun, f"{noun}s")
    return f"{count} {noun if count == 1 else plural}"


def holes(crawl: "SeriesCrawl") -> Iterator[Hole]:
    """What the series lacks, in reading order."""
    for row, missing in crawl.missing():
        first = crawl.ledger.pages.get((row.chapter.id, 1))
        yield from holes_in(row.chapter.label, row.page_count, missing or filter(None, [first]))


def _missing(crawl: "SeriesCrawl") -> Iterator[str]:
    lines = []
    for chapter, found in groupby(holes(crawl), key=lambda hole: hole.chapter):
        parts = [f"{hole.span} ({hole.why})" if hole.pages else f"({hole.why})" for hole in found]
        colon = "" if parts[0].startswith("(") else ":"
        lines.append(f"missing: chapter {chapter}{colon} {'; '.join(parts)}")
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"missing: pages of {len(lines) - _MOST_LINES} more chapters"


def _peak_memory() -> int | None:
    """The largest this process ever was, in bytes; None where the system does not tell.

    Linux's getrusage would count the parent's size before exec too.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415 - there is none on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return None
