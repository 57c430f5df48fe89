"""How the chapters that a site lists are joined with those that the ledger has."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from mangacrawl import releases
from mangacrawl.chapters import Selection, in_reading_order
from mangacrawl.errors import NotFound
from mangacrawl.index import NothingKnown
from mangacrawl.ledger import ChapterRow, Ledger
from mangacrawl.records import Chapter
from mangacrawl.safe import visible

logger = logging.getLogger(__name__)

FACT = "chapters"
"""Under which the ledger keeps which chapters were asked for; empty: all of them."""

GONE = "no longer listed by the site"
"""Why a chapter that is not whole never will be."""


def merge(
    ledger: Ledger, title: str, listed: Sequence[Chapter] | None, selection: Selection | None
) -> None:
    """Take down what the site lists (None: the same as before) and what of it is wanted.

    What it lists no longer stays, and is said once. Raises NotFound if it has no chapter of those
    selected, NothingKnown if the ledger has no chapters though they are said to be the same.
    """
    were_wanted = {id_ for id_, row in ledger.chapters.items() if row.is_wanted}
    releases.retire_replaced(ledger, title, listed or ())
    known = sorted(ledger.chapters.values(), key=lambda row: row.position)
    if listed is None:
        gone = {row.chapter.id for row in known if not row.is_listed}
        ordered = [row.chapter for row in known]
    else:
        gone = {row.chapter.id for row in known} - {chapter.id for chapter in listed}
        kept = [row.chapter for row in known if row.chapter.id in gone]
        ordered = in_reading_order([*listed, *kept])
    choice = [chapter for chapter in ordered if chapter.id not in gone]
    if not choice:
        raise NothingKnown(f"the ledger of {title} has no chapters")
    chosen = {chapter.id for chapter in (selection.pick(choice) if selection else choice)}
    if selection and not chosen:
        raise NotFound(
            f"{title} has no chapter {selection.text}; "
            f"it has {choice[0].label} to {choice[-1].label}"
        )
    outdated = releases.outdated(choice)
    for position, chapter in enumerate(ordered):
        before = ledger.chapters.get(chapter.id, ChapterRow(chapter, position))
        row = replace(
            before,
            chapter=chapter,
            position=position,
            is_wanted=chapter.id in (were_wanted | chosen) - outdated,
            is_listed=chapter.id not in gone,
        )
        if row.is_listed and row.unavailable == GONE:
            row = replace(row, unavailable=None)
        if before.is_listed and not row.is_listed and row.is_wanted:
            logger.info("%s: %s, but kept: chapter %s", *map(visible, (title, GONE, chapter.label)))
        ledger.save_chapter(row)


def asked_for(before: str | None, selection: Selection | None) -> str:
    """Which chapters are asked for by now, as the user would type it; None: nothing was before."""
    if selection is None or before == "":
        return ""
    terms = [*(before or "").split(","), *selection.text.replace(" ", "").split(",")]
    return ",".join(dict.fromkeys(term for term in terms if term))
