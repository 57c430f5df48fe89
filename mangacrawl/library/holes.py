"""What a series lacks, by chapter and reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mangacrawl.library.rows import PageRow
from mangacrawl.safe import visible

_NOT_FETCHED = "not fetched yet"
_NOT_LISTED = "not listed yet"


@dataclass(frozen=True, slots=True)
class Hole:
    """Pages that a chapter lacks for one reason; no ``pages``: all of it, its count is unknown.

    All text is fit for a terminal.
    """

    chapter: str
    pages: tuple[int, ...]
    why: str

    @property
    def span(self) -> str:
        """Its pages as people write them, "page 2-5, 9"; empty for a whole chapter."""
        return f"page {_ranges(self.pages)}" if self.pages else ""


def holes_in(label: str, count: int | None, missing: Iterable[PageRow]) -> Iterator[Hole]:
    """The holes of one chapter of `count` pages; None: its pages could not be listed.

    `missing` are the rows of its pages that are not stored. The reason why a chapter could not be
    listed stands with the last page that is known.
    """
    chapter = visible(label)
    if count is None:
        why = next((row.error for row in missing if row.error), _NOT_LISTED)
        yield Hole(chapter, (), visible(why))
        return
    reasons: dict[str, list[int]] = {}
    for row in missing:
        reasons.setdefault(row.error or _NOT_FETCHED, []).append(row.number)
    for why, numbers in reasons.items():
        yield Hole(chapter, tuple(numbers), visible(why))


def _ranges(numbers: Iterable[int]) -> str:
    """Ascending numbers with their runs drawn together: "2-5, 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
