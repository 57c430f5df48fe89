"""Test cases of recorded pages, as `tests/recorded.py` reads them: written by `newsource`."""

import json
from datetime import UTC, datetime
from pathlib import Path

from scrapy.http import TextResponse


def write_case(
    folder: Path, source: str, parser: str, response: TextResponse, *, is_posted: bool = False
) -> None:
    """Record a page and the parser it is for; what it must return is left open.

    The page becomes a cassette of betamax's. A page that was POSTed for, which a cassette could
    not be asked for by its address, becomes a plain file.
    """
    folder.mkdir(parents=True)
    case = {"source": source, "parser": parser, "url": response.url, "expected": None}
    _write(folder / "case.json", json.dumps(case, indent=1, ensure_ascii=False))
    if is_posted:
        _write(folder / "page.html", response.text)
    else:
        _write(folder / "cassette.json", json.dumps(_cassette(response), ensure_ascii=False))


def _cassette(response: TextResponse) -> dict[str, object]:
    """A recording without what tells of who asked: of all headers only the type of the page."""
    kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1")
    return {
        "http_interactions": [
            {
                "request": {
                    "body": {"encoding": "utf-8", "string": ""},
                    "headers": {},
                    "method": "GET",
                    "uri": response.url,
                },
                "response": {
                    "body": {"encoding": "utf-8", "string": response.text},
                    "headers": {"Content-Type": [kind]},
                    "status": {"code": 200, "message": "OK"},
                    "url": response.url,
                },
                "recorded_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
            }
        ],
        "recorded_with": "betamax/0.9.0",
    }


def _write(path: Path, text: str) -> None:
    path.write_text(f"{text}\n", encoding="utf-8")
