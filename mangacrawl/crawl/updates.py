"""From the arguments to the series of a run: one that is named, or many that are there already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Self

from scrapy.settings import BaseSettings

from mangacrawl.errors import ArgumentError, MangacrawlError, NotFound
from mangacrawl.library.collection import KnownSeries, known_series, nearest
from mangacrawl.library.state import state_folder
from mangacrawl.library.whereabouts import again
from mangacrawl.safe import visible
from mangacrawl.target import Target

ALL = "all"
_NAMING = ("name", "title", "id")
_PLACING = ("source", "theme")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The series of a run, interleaved by site; ``lost`` are those that cannot be crawled."""

    targets: tuple[Target, ...]
    lost: tuple[MangacrawlError, ...] = ()

    @classmethod
    def parse(cls, arguments: Mapping[str, str], settings: BaseSettings) -> Self:
        """Check the arguments of ``scrapy crawl manga``; raises ArgumentError or NotFound."""
        if "update" not in arguments:
            return cls((Target.parse(arguments, settings),))
        what = arguments["update"].strip()
        if not what:
            raise ArgumentError("update= is empty: say all, a series of the library, or @list.txt")
        rest = {name: value for name, value in arguments.items() if name != "update"}
        is_list = what.startswith("@")
        wrong = _NAMING + ("url",) * (is_list or what == ALL) + _PLACING * (not is_list)
        for name in wrong:
            if name in rest:
                raise ArgumentError(f"update={what} and {name}=: say one of them")
        Target.parse({"url": "http://any.example/series", **rest}, settings)  # wrong ones raise
        update = _Update(rest, settings)
        targets = {(each.source.key, each.series_id or each.url): each for each in update.all(what)}
        return cls(tuple(_interleaved(list(targets.values()))), tuple(update.lost))


class _Update:
    """Finds series in the output folder; what of them cannot be crawled is noted in ``lost``."""

    def __init__(self, arguments: Mapping[str, str], settings: BaseSettings) -> None:
        self.lost: list[MangacrawlError] = []
        self._arguments = arguments
        self._settings = settings
        self._output = Path(settings["MANGA_OUTPUT_DIR"])
        self._known = known_series(state_folder(settings))

    def all(self, what: str) -> Iterator[Target]:
        """The targets of ``update=`` what: all, @file, or one series."""
        if what == ALL:
            known = [each for each in self._known if each.facts.get("source") != "demo"]
            if not known:
                raise NotFound(f"update=all: there is no series in {self._output} yet")
            for each in known:
                yield from self._again(each)
        elif what.startswith("@"):
            yield from self._listed(Path(what[1:]))
        else:
            found = self._find(what)
            if found is None:
                raise NotFound(self._unknown(what))
            yield from self._again(found)

    def _again(self, known: KnownSeries) -> Iterator[Target]:
        try:
            yield again(known, self._arguments, self._settings)
        except ArgumentError as error:
            self.lost.append(NotFound(f"{visible(known.series.title)}: {error}"))

    def _listed(self, path: Path) -> Iterator[Target]:
        """A series a line, by name, url or key; empty lines and those that begin with # aside."""
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeError) as error:
            raise ArgumentError(f"update=@{path}: cannot be read ({error})") from error
        words = [(number, line.strip()) for number, line in enumerate(lines, 1)]
        words = [(number, word) for number, word in words if word and not word.startswith("#")]
        if not words:
            raise ArgumentError(f"update=@{path}: it names no series")
        for number, word in words:
            try:
                found = self._find(word)
                if found:
                    yield from self._again(found)
                else:
                    naming = "url" if "://" in word else "name"
                    yield Target.parse({**self._arguments, naming: word}, self._settings)
            except ArgumentError as error:
                raise ArgumentError(f"{path}, line {number}: {error}") from None

    def _find(self, word: str) -> KnownSeries | None:
        found = [each for each in self._known if each.is_called(word)]
        if len(found) > 1:
            keys = ", ".join(each.ledger.stem for each in found)
            raise ArgumentError(f"update={word}: there are several, say which: {keys}")
        return found[0] if found else None

    def _unknown(self, word: str) -> str:
        hint = nearest(word, self._known)
        return f"update={word}: there is no such series in {self._output}{hint}"


def _interleaved(targets: list[Target]) -> Iterator[Target]:
    """One of each site in turn, so that no site has all of the run for a while."""
    sites: dict[str, list[Target]] = {}
    for target in targets:
        sites.setdefault(target.source.key, []).append(target)
    for turn in zip_longest(*sites.values()):
        yield from (target for target in turn if target)
