"""What sites say of series and chapters in words: when a chapter came out, whether more will."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from mangacrawl.records import Direction, Status

DATE_FORMATS = (
    "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d %B, %Y", "%d %b, %Y",
    "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y",
)  # fmt: skip
"""Dates that mean one day only: 04/07/2009 is in April or in July, so a theme has to say so."""

AUTHOR = "author|auteur|autor|pengarang|yazar|mangaka|作者"
ARTIST = "artist|illustrat|dessinateur|çizer|seniman|作画"
ALTERNATIVE = "alternative|alternatif|associated|other name"
TYPE = "type|tipe"
STATUS = "status|statut|estado|stato|durum"
"""Labels of what a series' page tells, in the languages of most sites."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")

_ONGOING = re.compile(
    r"on.?going|publishing|releasing|updating|hiatus|paus|en cours|en curso|en emisi[oó]n"
    r"|em (?:andamento|lan[cç]amento)|in corso|laufend|devam|berjalan|on.?hold|连载|連載|연재",
    re.IGNORECASE,
)
_COMPLETED = re.compile(
    r"complet|finish|finaliz|finalis|terminad|termin[eé]|conclu|abgeschlossen|tamamland|tamat"
    r"|\bended\b|cancel|discontinued|dropped|完结|完結|완결",
    re.IGNORECASE,
)

_NOT_SAID = re.compile(r"(?:updating|n/?a|unknown|none|-+|\?+)?", re.IGNORECASE)
_DIRECTIONS: dict[str, Direction] = {
    "manga": "rtl", "manhwa": "ltr", "manhua": "ltr", "webtoon": "ltr", "comic": "ltr",
}  # fmt: skip


def status_in(text: str | None) -> Status | None:
    """Whether a series goes on; None if the text does not say, or says both.

    What has paused may go on, what was cancelled will not.
    """
    goes_on, is_done = (bool(text and words.search(text)) for words in (_ONGOING, _COMPLETED))
    if goes_on == is_done:
        return None
    return "ongoing" if goes_on else "completed"


def release_date(text: str | None, formats: Iterable[str] = DATE_FORMATS) -> date | None:
    """The day that a text names; None if it only says how long ago that was, or none at all."""
    words = _ORDINAL.sub("", " ".join((text or "").split()))
    if day := _ISO.match(words):
        words, formats = day[0], ("%Y-%m-%d",)
    for each in formats:
        try:
            return datetime.strptime(words, each).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def behind_label(rows: Iterable[str], label: str) -> str | None:
    """What a row such as "Author(s): Ilse Brand" says behind its label; None if none says it."""
    words = re.compile(rf"(?:{label})\w*(?:\(\w+\))?\s*[:\uff1a]?\s*(.*)", re.IGNORECASE)
    found = next(filter(None, map(words.match, rows)), None)
    return found[1] if found and is_said(found[1]) else None


def is_said(value: str) -> bool:
    """Whether a value is one, and not what sites write where they have none."""
    return not _NOT_SAID.fullmatch(value.strip())


def titles_in(text: str | None) -> tuple[str, ...]:
    """The titles in a list of them, parted by semicolons, or else by slashes, or else by commas."""
    mark = next((each for each in (";", " / ", "|", ",", "、") if each in (text or "")), "\n")
    return tuple(each.strip() for each in (text or "").split(mark) if is_said(each))


def direction_in(type_: str | None) -> Direction | None:
    """The direction of a kind of comic, such as a manhwa; None for a kind that tells nothing."""
    return _DIRECTIONS.get((type_ or "").lower())
