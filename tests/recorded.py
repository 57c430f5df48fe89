"""Cases of recorded pages: `tests/sources/<source>/<case>/` holds a page and what it says.

`cassette.json` is the page as betamax recorded it, `case.json` names the source's parser and what
it must return. Record a new case with

    python -m tests.recorded SOURCE CASE PARSER URL

and read `case.json` before you believe it: it holds what the parser returned. A page that was made
up is a file beside it, `page.json` or `page.html`; the same command then only reads it. With

    python -m tests.recorded SOURCE

all cases of a source are read again, such as those that `scrapy newsource` recorded: nothing is
fetched, and each `case.json` holds what its parser returns now.
"""

import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from betamax import Betamax
from scrapy.http import HtmlResponse

from mangacrawl import source as contract
from mangacrawl.errors import MangacrawlError
from mangacrawl.source import Chapter, Request, Source, load_sources

CASES = Path(__file__).parent / "sources"
CHAPTER = Chapter("1", "", title="Arrival")


@dataclass(frozen=True)
class Case:
    folder: Path
    source: str
    parser: str
    url: str
    expected: Any

    @classmethod
    def read(cls, folder: Path) -> "Case":
        return cls(folder, **json.loads((folder / "case.json").read_text(encoding="utf-8")))

    def unread(self) -> str:
        """What to do about a page of which nobody has said yet what it holds."""
        found = json.dumps(parsed(self.opened(), self.parser, self.response()), indent=1)
        return (
            f"\n{self.folder.name}/case.json does not say yet what {self.url} holds.\n"
            f"{self.parser} reads there: {found[:2000]}\n"
            f"Where that is wrong, fill in mangacrawl/sources/{self.source}.py: {self.parser}.\n"
            f"Where it is right, take it down: python -m tests.recorded {self.source}\n"
        )

    def take_down(self) -> None:
        """Expect what the parser returns now."""
        found = parsed(self.opened(), self.parser, self.response("once"))
        values = {"source": self.source, "parser": self.parser, "url": self.url, "expected": found}
        text = json.dumps(values, indent=1, ensure_ascii=False)
        (self.folder / "case.json").write_text(f"{text}\n", encoding="utf-8")

    def opened(self) -> Source:
        """The source, or the theme at the site of the page."""
        registry = contract._SOURCES | contract._THEMES
        site = urlsplit(self.url)
        kind = registry[self.source]
        return kind(kind.base_url or f"{site.scheme}://{site.netloc}")

    def response(self, record: str = "none") -> HtmlResponse:
        """The recorded page, as Scrapy would hand it to the parser."""
        for made_up in self.folder.glob("page.*"):
            return HtmlResponse(self.url, body=made_up.read_bytes(), encoding="utf-8")
        session = requests.Session()
        tape = Betamax(
            session,
            cassette_library_dir=str(self.folder),
            default_cassette_options={"preserve_exact_body_bytes": False},
        )
        with tape.use_cassette("cassette", record=record, match_requests_on=["method", "uri"]):
            answer = session.get(self.url, headers={"User-Agent": "mangacrawl-tests"})
        return HtmlResponse(self.url, answer.status_code, body=answer.content, encoding="utf-8")


def parsed(source: Source, parser: str, response: HtmlResponse) -> Any:
    """What a parser makes of a page, as plain JSON."""
    chapter = replace(CHAPTER, url=response.url)
    arguments = (response, chapter) if parser == "parse_pages" else (response,)
    try:
        found = getattr(source, parser)(*arguments)
        records = (
            _there(asdict(found)) if parser == "parse_series" else [_plain(each) for each in found]
        )
    except MangacrawlError as error:
        records = {"error": type(error).__name__, "text": str(error)}
    return json.loads(json.dumps(records, default=date.isoformat))


def _there(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what is absent, so that a new field changes no case."""
    return {key: value for key, value in record.items() if value not in (None, (), [])}


def all_cases() -> list[Case]:
    return [Case.read(path.parent) for path in sorted(CASES.glob("*/*/case.json"))]


def _plain(record: Any) -> Any:
    return {"request": record.url} if isinstance(record, Request) else _there(asdict(record))


def _record(source: str, name: str, parser: str, url: str) -> None:
    folder = CASES / source / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cassette.json").unlink(missing_ok=True)
    Case(folder, source, parser, url, None).take_down()


def _read_again(source: str) -> None:
    for case in all_cases():
        if case.source == source:
            case.take_down()
            print(f"{case.folder.relative_to(CASES.parent.parent)}/case.json: now read it")


if __name__ == "__main__":
    load_sources([])
    (_record if len(sys.argv) > 2 else _read_again)(*sys.argv[1:])
