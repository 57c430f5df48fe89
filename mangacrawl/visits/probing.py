"""Whether sources still read their sites: one chapter of each, into a folder that goes away."""

from collections.abc import Iterable
from dataclasses import dataclass

from scrapy.settings import BaseSettings

from mangacrawl.crawl.series_run import SeriesRun
from mangacrawl.crawl.updates import Wanted
from mangacrawl.errors import (
    ArgumentError,
    Incomplete,
    LayoutError,
    MangacrawlError,
    NotFound,
    Refused,
    Unreachable,
    Withheld,
)
from mangacrawl.failures import names_layout
from mangacrawl.safe import visible
from mangacrawl.source import Source, all_sources, source_named
from mangacrawl.spiders.manga import MangaSpider
from mangacrawl.target import Target

_POOL = 2
"""Requests at once to a site: a probe is in no hurry."""

_STATES = (
    (LayoutError, "changed"), (NotFound, "gone"), (Unreachable, "down"), (Refused, "refused"),
    (Incomplete, "incomplete"),
)  # fmt: skip
"""What to call the problem that a probe ended with; the first that fits."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How a source fared: ``state`` is "fine" or what is wrong, ``pages`` were read and proved."""

    source: str
    state: str
    pages: int
    what: str
    problem: MangacrawlError | None


class Probe(MangaSpider):
    """Crawls the latest chapter of each source's example series."""

    def __init__(self, sources: Iterable[type[Source]]) -> None:
        super().__init__(chapters="latest:1")
        self._sources = list(sources)

    def wanted(self, settings: BaseSettings) -> Wanted:
        """The example of each source, which it has."""
        examples = [{"source": each.id, "id": str(each.example)} for each in self._sources]
        return Wanted(tuple(Target.parse(self.arguments | one, settings) for one in examples))

    def findings(self) -> list[Finding]:
        """What was found, a source each."""
        return [_finding(run) for run in self.runs]


def probed_settings(settings: BaseSettings, folder: str) -> None:
    """Let a crawl leave nothing behind outside a folder, and tell nobody."""
    ours: dict[str, object] = {"MANGA_OUTPUT_DIR": folder, "MANGA_STATE_DIR": None, "FEEDS": {}}
    for name, value in (ours | {"CONCURRENT_REQUESTS_PER_DOMAIN": _POOL}).items():
        settings.set(name, value, priority="cmdline")


def probeable(names: Iterable[str]) -> list[type[Source]]:
    """The sources of these ids, or all that name an example; raises ArgumentError.

    The demo is part of this program: it is only probed where it is named.
    """
    named = [source_named(name) for name in names]
    for source in named:
        if source.closed:
            raise ArgumentError(f"{source.base_url} closed in {source.closed}")
        if source.example is None:
            raise ArgumentError(f"{source.id} names no example, a series to look at")
    return named or [
        source
        for source in all_sources()
        if source.base_url and source.example and not source.closed and source.id != "demo"
    ]


def _finding(run: SeriesRun) -> Finding:
    source = run.target.source.id
    verdict = run.verdict
    if verdict is None:
        problem: MangacrawlError | None = MangacrawlError("it was not looked at")
        return Finding(source, "not probed", 0, str(problem), problem)
    problem, pages = verdict.problem, verdict.new or 0
    if problem is None:
        return Finding(source, "fine", pages, "", None)
    if isinstance(problem, Withheld):  # no sign of another layout
        return Finding(source, "not shown", 0, visible(str(problem)), None)
    what = "; ".join(verdict.details) or visible(str(problem))
    if isinstance(problem, Incomplete) and any(map(names_layout, verdict.details)):
        problem = LayoutError(what)
    state = next((name for kind, name in _STATES if isinstance(problem, kind)), "failed")
    return Finding(source, state, pages, what, problem)
