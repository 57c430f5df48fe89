"""The one way for text from a site into a path, an XML, a log line or a terminal.

HTML is not here: Jinja escapes it.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

from mangacrawl.redaction import redacted

NAME_BYTES = 200
"""The longest path component, in UTF-8 bytes: ext4, APFS, NTFS and FAT all take it."""

_LINE_CHARS = 2000
"""Of a title that a site makes longer, nobody wants to see the rest."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def visible(text: str) -> str:
    """One line without control, format (bidi, zero width), surrogate or unassigned characters.

    For logs and terminals: no ANSI escape, no forged line, no reversed text, no password, and no
    book in a line.
    """
    shown = text if len(text) <= _LINE_CHARS else f"{text[:_LINE_CHARS]}…"
    return _one_line(redacted(shown))


def _one_line(text: str) -> str:
    kept = (c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join("".join(kept).split())


def xml_text(text: str) -> str:
    """Text without the characters that XML 1.0 forbids; the XML writer escapes the rest."""
    return _NOT_XML.sub("", text)


def safe_name(text: str, max_bytes: int = NAME_BYTES, max_chars: int = NAME_BYTES) -> str:
    """A title as one path component, legal on Linux, macOS, Windows, FAT32 and Android.

    NFC, never empty, never hidden, no reserved device name, no trailing dot or space; cut on a
    character. Idempotent.
    """
    name = unicodedata.normalize("NFC", _one_line(unicodedata.normalize("NFC", text)))
    name = " ".join(_FORBIDDEN.sub("-", name).split())
    name = _cut(name.lstrip(" .-~"), max_bytes, max_chars).rstrip(" .")
    if not name:
        return "untitled"
    if not _RESERVED.fullmatch(name):
        return name
    return _cut(f"_{name}", max_bytes, max_chars).rstrip(" .")


@lru_cache(maxsize=20_000)
def folded(name: str) -> str:
    """What a name is to a file system that folds case and normalization: equal means the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).upper().casefold())


def safe_key(text: str, max_chars: int = 60) -> str:
    """A source's id as a path component: as it is where it can be, else with a hash behind.

    Different ids never meet, not even where the file system folds case.
    """
    if _KEY.fullmatch(text) and len(text) <= max_chars and not _RESERVED.fullmatch(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[: max_chars - 11].strip("-")
    return f"{plain or 'id'}-{digest}"


def _cut(name: str, max_bytes: int, max_chars: int) -> str:
    return name[:max_chars].encode()[:max_bytes].decode(errors="ignore")
