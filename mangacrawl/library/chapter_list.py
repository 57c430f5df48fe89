"""How the chapters that a site lists are joined with those that the ledger has."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mangacrawl.chapters import Selection, in_reading_order
from mangacrawl.crawl.index import NothingKnown
from mangacrawl.errors import NotFound
from mangacrawl.library import releases
from mangacrawl.library.copies import Preference, gaps
from mangacrawl.library.ledger import Ledger
from mangacrawl.library.rows import ChapterRow
from mangacrawl.records import Chapter
from mangacrawl.safe import visible

logger = logging.getLogger(__name__)

FACT = "chapters"
"""Under which the ledger keeps which chapters were asked for; empty: all of them."""

GONE = "no longer listed by the site"
"""Why a chapter that is not whole never will be."""


_MOST_GAPS = 10


@dataclass(frozen=True, slots=True)
class Copies:
    """Which copies of chapters to take; chapters of a growing source stay as they were met."""

    preference: Preference
    is_new_choice: bool = False
    is_growing: bool = False


def merge(
    ledger: Ledger,
    title: str,
    listed: Sequence[Chapter] | None,
    selection: Selection | None,
    copies: Copies,
) -> list[str]:
    """Take down what the site lists (None: the same as before) and what of it is wanted.

    What it lists no longer stays, and is said once. Returns lines for the user. Raises NotFound if
    it has no chapter of those selected, NothingKnown if the ledger has no chapters though they are
    said to be the same.
    """
    were_wanted = {id_ for id_, row in ledger.chapters.items() if row.is_wanted}
    releases.retire_replaced(ledger, title, listed or ())
    known = sorted(ledger.chapters.values(), key=lambda row: row.position)
    ordered, gone = _ordered(known, listed, is_growing=copies.is_growing)
    there = [chapter for chapter in ordered if chapter.id not in gone or chapter.id in were_wanted]
    taken = copies.preference.choose(there, () if copies.is_new_choice else were_wanted)
    choice = [chapter for chapter in taken if chapter.id not in gone]
    if not choice and listed is None:
        raise NothingKnown(f"the ledger of {title} has no chapters")
    if not choice:
        raise NotFound(f"{title} has no chapter that is wanted here")
    chosen = {chapter.id for chapter in (selection.pick(choice) if selection else choice)}
    if selection and not chosen:
        raise NotFound(
            f"{title} has no {selection.text}; it has {choice[0].label} to {choice[-1].label}"
        )
    ids = {chapter.id for chapter in taken}
    wanted = ids & (were_wanted | chosen) - releases.outdated(choice)
    for position, chapter in enumerate(ordered):
        if chapter.id not in ids and chapter.id not in ledger.chapters:
            continue
        before = ledger.chapters.get(chapter.id, ChapterRow(chapter, position))
        row = replace(
            before,
            chapter=replace(chapter, pages=()),
            position=position,
            is_wanted=chapter.id in wanted,
            is_listed=chapter.id not in gone,
            unavailable=chapter.unavailable or before.unavailable,
        )
        _save(ledger, title, before, row)
    return [*_unavailable_lines(choice), *_gap_lines(choice)]


def _ordered(
    known: Sequence[ChapterRow], listed: Sequence[Chapter] | None, *, is_growing: bool
) -> tuple[list[Chapter], set[str]]:
    """All chapters in reading order, and the ids of those that the site does not list."""
    if listed is None:
        gone = {row.chapter.id for row in known if not row.is_listed}
        return [row.chapter for row in known], gone
    unlisted = {row.chapter.id for row in known} - {chapter.id for chapter in listed}
    kept = [row.chapter for row in known if row.chapter.id in unlisted]
    if is_growing:  # what was met on the way is never listed
        return [*listed, *kept], set()
    return in_reading_order([*listed, *kept]), unlisted


def _save(ledger: Ledger, title: str, before: ChapterRow, row: ChapterRow) -> None:
    """Write a chapter down; say once that the site lists it no longer."""
    if row.is_listed and row.unavailable == GONE:
        row = replace(row, unavailable=None)
    if before.is_listed and not row.is_listed and row.is_wanted:
        label = row.chapter.label
        logger.info("%s: %s, but kept: chapter %s", *map(visible, (title, GONE, label)))
    ledger.save_chapter(row)


def asked_for(before: str | None, selection: Selection | None) -> str:
    """Which chapters are asked for by now, as the user would type it; None: nothing was before."""
    if selection is None or before == "":
        return ""
    if selection.volumes is not None:
        return selection.typed
    terms = [*(before or "").split(","), *selection.typed.split(",")]
    return ",".join(dict.fromkeys(term for term in terms if term))


def _unavailable_lines(copies: Sequence[Chapter]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for chapter in copies:
        if chapter.unavailable:
            reasons.setdefault(chapter.unavailable, []).append(chapter.label)
    return [
        f"not to be had: chapter {visible(', '.join(labels))} ({visible(why)})"
        for why, labels in reasons.items()
    ]


def _gap_lines(copies: Sequence[Chapter]) -> list[str]:
    found = gaps(copies)
    parts = [str(low) if low == high else f"{low}-{high}" for low, high in found[:_MOST_GAPS]]
    more = f" and {len(found) - _MOST_GAPS} more gaps" if len(found) > _MOST_GAPS else ""
    return [f"the site does not list chapter {', '.join(parts)}{more}"] if found else []
