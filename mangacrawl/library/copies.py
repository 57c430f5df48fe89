"""Which copy of a chapter to take where several groups, in several languages, made one."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mangacrawl.errors import NotFound
from mangacrawl.records import Chapter

ALL = "all"
"""`group=all` takes every copy."""

_DEFAULT_LANGUAGE = "en"

_Maker = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Preference:
    """Languages (BCP 47) and groups in order of preference; empty means that none was named."""

    languages: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def takes_all(self) -> bool:
        """Whether every copy of a chapter is wanted."""
        return self.groups == (ALL,)

    def choose(self, listed: Sequence[Chapter], kept: Collection[str] = ()) -> list[Chapter]:
        """One copy of each chapter, in the order listed; raises NotFound with the languages.

        A chapter is one that is shown, in the language named first that it is in, of the group
        named first that made it. Groups not named come after, the one with most of the series'
        chapters first, so that the gaps of one are filled from the next. `kept` are the ids of
        copies chosen earlier: a chapter stays with who made it then. Of the copies of one group
        the last version counts.
        """
        spoken = self._spoken(listed)
        if self.takes_all:
            return spoken
        shown = Counter(chapter.group for chapter in spoken if chapter.unavailable is None)
        groups = sorted(shown, key=lambda group: (self._group_rank(group), -shown[group]))
        places = {group: place for place, group in enumerate(groups)}
        restarts = _restarts(spoken)
        makers = {_key(each, restarts): _maker(each) for each in spoken if each.id in kept}
        best: dict[tuple[str | None, ...], tuple[tuple[int, ...], Chapter]] = {}
        for place, chapter in enumerate(spoken):
            key = _key(chapter, restarts)
            rank = (
                chapter.unavailable is not None,
                key in makers and makers[key] != _maker(chapter),
                self._language_rank(chapter.language),
                places.get(chapter.group, len(places)),
                -chapter.version,
                place,
            )
            if key not in best or rank < best[key][0]:
                best[key] = (rank, chapter)
        chosen = {chapter.id for _, chapter in best.values()}
        return [chapter for chapter in spoken if chapter.id in chosen]

    def _spoken(self, listed: Sequence[Chapter]) -> list[Chapter]:
        """The chapters in the languages wanted; without a wish English, else the most frequent."""
        there = Counter(each.language for each in listed if each.language)
        wanted = self.languages
        if not wanted and len(there) > 1:
            is_default = any(_speaks(each, _DEFAULT_LANGUAGE) for each in there)
            wanted = (_DEFAULT_LANGUAGE if is_default else there.most_common(1)[0][0],)
        spoken = [each for each in listed if not wanted or _any_speaks(each.language, wanted)]
        if listed and not spoken:
            raise NotFound(
                f"there is no chapter in {', '.join(wanted)}; language= can be "
                f"{', '.join(sorted(there))}"
            )
        return spoken

    def _language_rank(self, language: str | None) -> int:
        ranks = (rank for rank, wanted in enumerate(self.languages) if _speaks(language, wanted))
        return next(ranks, len(self.languages))

    def _group_rank(self, group: str | None) -> int:
        """Of groups that worked together each name counts."""
        names = {name.casefold() for name in [group or "", *(group or "").split(" & ")]}
        ranks = (rank for rank, wanted in enumerate(self.groups) if wanted.casefold() in names)
        return next(ranks, len(self.groups))


def gaps(chapters: Sequence[Chapter]) -> list[tuple[int, int]]:
    """The runs of whole numbers that are missing between the first chapter and the last."""
    numbers = {int(chapter.number.partition(".")[0]) for chapter in chapters if chapter.number}
    ordered = sorted(numbers)
    return [(low + 1, high - 1) for low, high in pairwise(ordered) if high - low > 1]


def _speaks(language: str | None, wanted: str) -> bool:
    """Whether a language is the wanted one or a variety of it; what is not said may be."""
    if language is None:
        return True
    spoken, wish = language.casefold(), wanted.casefold()
    return spoken == wish or spoken.startswith(f"{wish}-")


def _any_speaks(language: str | None, wanted: Collection[str]) -> bool:
    return any(_speaks(language, each) for each in wanted)


def _maker(chapter: Chapter) -> _Maker:
    return chapter.language, chapter.group


def _key(chapter: Chapter, restarts: bool) -> tuple[str | None, ...]:
    """What two copies of a chapter have in common; extras are told apart by their titles."""
    if chapter.number is None:
        return None, chapter.volume, chapter.title
    return (chapter.number, chapter.volume if restarts else None)


def _restarts(chapters: Sequence[Chapter]) -> bool:
    """Whether every volume begins again with chapter 1, so that numbers alone tell nothing."""
    firsts: dict[_Maker, set[str | None]] = {}
    for chapter in chapters:
        if chapter.number == "1" and chapter.volume:
            firsts.setdefault(_maker(chapter), set()).add(chapter.volume)
    return any(len(volumes) > 1 for volumes in firsts.values())
