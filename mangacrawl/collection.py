"""The series that earlier runs left in the output folder, found by how people name them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from mangacrawl.errors import NotFound
from mangacrawl.ledger import series_of
from mangacrawl.safe import visible
from mangacrawl.source import slug
from mangacrawl.summary import read_summary


@dataclass(frozen=True, slots=True)
class KeptSeries:
    """A series on disk: its key in the output folder, its ledger, and what it may be called.

    ``title`` is that of the key where the ledger cannot be read.
    """

    key: str
    ledger: Path
    title: str
    names: frozenset[str]


def kept_series(state: Path, names: Sequence[str]) -> list[KeptSeries]:
    """All series in a folder of ledgers, or those named by title, id or key; in order of title.

    Raises NotFound for a name that none of them has.
    """
    kept = sorted(map(_kept, state.glob("*.sqlite")), key=lambda each: each.title.casefold())
    for name in names:
        if not any(_called(each, [name]) for each in kept):
            raise NotFound(_unknown(name, kept))
    return [each for each in kept if not names or _called(each, names)]


def _kept(ledger: Path) -> KeptSeries:
    summary = read_summary(ledger)
    series = series_of(summary.facts) if summary else None
    title = series.title if series else ledger.stem
    names = {ledger.stem, slug(title)} | ({slug(series.id)} if series else set())
    return KeptSeries(ledger.stem, ledger, title, frozenset(names))


def _called(series: KeptSeries, names: Iterable[str]) -> bool:
    return any(name in series.names or slug(name) in series.names for name in names)


def _unknown(name: str, kept: Iterable[KeptSeries]) -> str:
    titles = {slug(each.title): each.title for each in kept}
    near = [titles[match] for match in get_close_matches(slug(name), titles, 5, 0.5)]
    found = f"; nearest: {', '.join(near)}" if near else ""
    return visible(f"no series {name!r} has been crawled{found}")
