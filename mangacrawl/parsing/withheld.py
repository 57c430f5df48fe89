"""Chapters that a site lists and does not show: recognized to be named, never to be opened."""

import re
from itertools import chain

from scrapy.http import TextResponse as Response

from mangacrawl.parsing.reading import elements, said, tree

PAID = "paid or locked on the site"

_MARKS = (
    (b"chapter-protector-data", rb"""\bid=["']?chapter-protector-data\b""", "encrypted"),
    (b"scramble", rb"""\sdata-scrambled?\b|\bclass=["'][^"'<>]*\bscrambled\b""", "scrambled"),
    (b"choJuGiga", rb"""["']choJuGiga["']\s*:\s*["']baku""", "scrambled"),
)
"""Of each a word that is looked for first: this is asked of every page of a chapter."""

_WORDS = (
    ("not released yet", r"\bnot (?:been )?released yet\b|\bchapter (?:is )?coming soon\b"),
    ("licensed", r"\b(?:has been|is|was) licensed\b(?! under| to| by| from)"),
    (PAID, r"\b(?:unlock|buy|purchase) (?:this|the) (?:chapter|episode)\b"),
    (PAID, r"\bpremium chapter\b|\b(?:chapter|episode) is (?:locked|premium|paid)\b"),
    (PAID, r"\b(?:\d+|not enough) coins\b"),
    ("removed by the site", r"\b(?:chapter|episode) (?:has been|was) removed\b"),
)
_SHOWN_INSTEAD = (
    ("protected by a password", "form.post-password-form, input[name=post_password]"),
    ("for members of the site", ".content-blocked"),
    (
        "protected: its pages are scrambled",
        "#readerarea canvas, .reading-content canvas, #reader canvas, .reader canvas",
    ),
)
_HIDDEN = "script, style, template"


def scrambled(response: Response) -> str | None:
    """Why a chapter's pictures would be of no use; None if nothing shows that they would not."""
    for word, mark, how in _MARKS:
        if word in response.body and re.search(mark, response.body):
            return f"protected: its pages are {how}"
    return None


def withheld(response: Response) -> str | None:
    """Why a page without pictures has none; None if it does not say.

    Ask only then: a reader's comment may say so too. Words that a menu or a footer has ("coins",
    "licensed under") do not count, for a page that is read wrong must not pass for one withheld.
    """
    marked = (why for why, css in _SHOWN_INSTEAD if elements(response, css))
    words = said(tree(response), without=_HIDDEN)
    found = (why for why, what in _WORDS if re.search(what, words, re.IGNORECASE))
    return scrambled(response) or next(chain(marked, found), None)
