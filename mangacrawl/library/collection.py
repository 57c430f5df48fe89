"""The series that earlier runs left in the output folder, found by how people name them."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from mangacrawl.errors import NotFound
from mangacrawl.library.rows import series_of
from mangacrawl.library.summary import read_facts
from mangacrawl.records import Series
from mangacrawl.safe import visible

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series of the output folder and the facts of its ledger, whose name is the series' key."""

    ledger: Path
    facts: Mapping[str, str]
    series: Series

    def is_called(self, name: str) -> bool:
        """Whether this is its key, id, title, address or folder."""
        series = self.series
        names = (self.ledger.stem, series.id, series.title, series.url, self.facts.get("folder"))
        return name.casefold() in {each.casefold() for each in names if each}


def known_series(state: Path) -> list[KnownSeries]:
    """The series in a folder of ledgers, by title; a ledger that cannot be read is left out."""
    known = []
    for ledger in state.glob("*.sqlite"):
        facts = read_facts(ledger)
        try:
            series = series_of(facts or {})
        except (ValueError, TypeError):
            logger.warning("%s is damaged: crawl its series by name or address", ledger)
            continue
        if facts and series:
            known.append(KnownSeries(ledger, facts, series))
    return sorted(known, key=lambda each: (each.series.title.casefold(), each.ledger))


def series_called(names: Sequence[str], state: Path) -> list[KnownSeries]:
    """The series that are called so; raises NotFound for a name that none has."""
    known = known_series(state)
    for name in names:
        if not any(each.is_called(name) for each in known):
            raise NotFound(f"no series {visible(name)!r} has been crawled{nearest(name, known)}")
    return [each for each in known if any(map(each.is_called, names))]


def nearest(name: str, known: Sequence[KnownSeries]) -> str:
    """The titles most like a name, to be said after it; empty if none is."""
    titles = [visible(each.series.title) for each in known]
    near = get_close_matches(name, titles, 3, 0.5)
    return f"; nearest: {', '.join(near)}" if near else ""
