"""How a run ended, in one plain line and an exit code that a script can trust."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby, takewhile
from typing import TYPE_CHECKING

from mangacrawl.errors import (
    Incomplete,
    LimitHit,
    MangacrawlError,
    Refused,
    Stopped,
    Withheld,
    worst,
)
from mangacrawl.library.holes import Hole, holes_in
from mangacrawl.library.rows import PageRow
from mangacrawl.memory import peak_memory
from mangacrawl.parsing.challenges import names_obstacle
from mangacrawl.parsing.limits import names_limit
from mangacrawl.safe import visible
from mangacrawl.words import counted

if TYPE_CHECKING:
    from mangacrawl.library.series_crawl import SeriesCrawl

_MOST_LINES = 20
"""Chapters with missing pages that are named one by one."""


_KINDS = {
    0: "complete", 1: "failed", 2: "failed", 3: "incomplete", 4: "unreachable", 5: "not found",
    6: "refused", 7: "failed by the disk", 8: "ended by a limit", 9: "already running",
    130: "stopped",
}  # fmt: skip
"""What became of a series among many, by the exit code that it alone would have had."""


_HINTS = {
    3: "; run it again for the rest", 130: "; run it again for the rest",
    4: "; try again later",
    7: "; what is there is whole: make room or set MANGA_OUTPUT_DIR, then run it again",
}  # fmt: skip
"""What to do about a problem, by its exit code, where its own words do not say it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``line`` is the last word, ``hint`` what to do about it, ``details`` name what is missing.

    ``problem`` is None where all went well. ``new`` counts the pages that were fetched, ``lost``
    those that could not be had; both are None where no series was found.
    """

    problem: MangacrawlError | None
    line: str
    details: tuple[str, ...] = ()
    hint: str = ""
    new: int | None = None
    lost: int | None = None

    @property
    def exit_code(self) -> int:
        return self.problem.exit_code if self.problem else 0

    @property
    def words(self) -> str:
        return self.line + self.hint


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds of wall time, the most requests to a site at once, retries.

    ``pool_peak`` is None for a run that asks no site for anything.
    """

    seconds: float
    pool_peak: int | None
    retries: int

    def __str__(self) -> str:
        figures = f"{self.seconds:.0f} s"
        figures += "" if self.pool_peak is None else f", pool peak {self.pool_peak}"
        figures += f", CPU {time.process_time():.0f} s"
        memory = peak_memory()
        return figures + (f", {memory / 1e6:.0f} MB" if memory else "")


def series_verdict(
    crawl: "SeriesCrawl | None", asked_for: str, problems: Sequence[MangacrawlError]
) -> Verdict:
    """Sum up what became of one series; `asked_for` names it where it was never found."""
    was_stopped = any(isinstance(each, Stopped) for each in problems)
    details = tuple(_missing(crawl)) if crawl and not was_stopped else ()
    if details and not any(isinstance(each, Incomplete) for each in problems):
        problems = [*problems, _lack(crawl)]
    if crawl and (withheld := _withheld(crawl)):
        problems = [*problems, withheld]
    problem = worst(problems)
    name = visible(crawl.series.title if crawl else asked_for)
    if crawl is None:
        problem = problem or MangacrawlError("nothing was crawled")
        cause = visible(str(problem))
        line = cause if cause.startswith(name) else f"{name}: {cause}"
        return Verdict(problem, line, problem.details, hint=_HINTS.get(problem.exit_code, ""))
    cause = visible(str(problem)) if problem else "complete"
    line = f"{name}: {cause}, {_pages(crawl)}, {counted(len(crawl.bound), 'volume')}"
    hint = _HINTS.get(problem.exit_code, "") if problem else ""
    lost = sum(page.error is not None for _, pages in crawl.missing() for page in pages)
    return Verdict(problem, line, details, hint, crawl.fetched, lost)


def one_of_many(verdict: Verdict) -> str:
    """The line of a series in a run of many: what is new of it, and not what the run took."""
    if verdict.new is None:
        return verdict.line
    news = counted(verdict.new, "new page") if verdict.new else "nothing new"
    return f"{verdict.line}, {news}"


def run_verdict(
    verdicts: Sequence[Verdict], total: int, problems: Sequence[MangacrawlError], cost: Cost
) -> Verdict:
    """Sum up a run of `total` series; `problems` are those of the run, not of a series."""
    lost = sum(verdict.lost or 0 for verdict in verdicts)
    tries = counted(cost.retries, "retry", "retries")
    trouble = (f"supervised: {tries}, {lost} lost",) * bool(cost.retries or lost)
    found = [*problems, *(verdict.problem for verdict in verdicts if verdict.problem)]
    problem = worst(found)
    if total == len(verdicts) == 1:
        (only,) = verdicts
        line = only.line if only.new is None else f"{only.line}, {cost}"
        line += f"; {problem}" if problem and problem is not only.problem else ""
        return Verdict(problem, line, (*only.details, *trouble), only.hint)
    kinds = Counter(_KINDS[verdict.exit_code] for verdict in verdicts)
    kinds["not begun"] = total - len(verdicts)
    counts = [f"{count} {kind}" for kind, count in kinds.items() if count]
    causes = [visible(str(each)) for each in problems]
    line = f"{total} series: {', '.join([*causes, *counts])}, {cost}"
    hint = _HINTS.get(problem.exit_code, "") if problem else ""
    return Verdict(problem, line, trouble, hint)


def _pages(crawl: "SeriesCrawl") -> str:
    stored, total = crawl.stored_total(), crawl.page_total()
    return counted(stored, "page") if stored >= total else f"{stored} of {total} pages"


def holes(crawl: "SeriesCrawl") -> Iterator[Hole]:
    """What the series lacks, in reading order."""
    for row, missing in crawl.missing():
        known = missing or _listed(crawl, row.chapter.id)[-1:]
        yield from holes_in(row.chapter.label, row.page_count, known)


def _listed(crawl: "SeriesCrawl", chapter_id: str) -> list[PageRow]:
    """The rows of a chapter whose list was not read to its end."""
    rows = (crawl.ledger.pages.get((chapter_id, number)) for number in count(1))
    return list(takewhile(lambda row: row is not None, rows))  # type: ignore[arg-type]


def _lack(crawl: "SeriesCrawl | None") -> MangacrawlError:
    """What a series with holes ends with, by why its chapters could not be listed."""
    whys = [hole.why for hole in holes(crawl) if not hole.pages] if crawl else []
    if refused := next(filter(names_obstacle, whys), None):
        return Refused(refused)
    limit = next(filter(names_limit, whys), None)
    return LimitHit(limit) if limit else Incomplete("incomplete")


def _withheld(crawl: "SeriesCrawl") -> MangacrawlError | None:
    """What a series ends with if the site shows none of the chapters that were asked for."""
    rows = crawl.roster.rows()
    if not rows or crawl.wanted():
        return None
    first, *others = dict.fromkeys(row.unavailable for row in rows)
    why = f" ({first})" if not others else ""
    return Withheld(f"the site shows no chapter that was asked for{why}")


def _missing(crawl: "SeriesCrawl") -> Iterator[str]:
    lines = []
    for chapter, found in groupby(holes(crawl), key=lambda hole: hole.chapter):
        parts = [f"{hole.span} ({hole.why})" if hole.pages else f"({hole.why})" for hole in found]
        colon = "" if parts[0].startswith("(") else ":"
        lines.append(f"missing: chapter {chapter}{colon} {'; '.join(parts)}")
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"missing: pages of {len(lines) - _MOST_LINES} more chapters"
