"""Every parser meets truncated and mutated pages: records, or one of our errors, nothing else."""

import random
from collections.abc import Iterator

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from mangacrawl import source as contract
from mangacrawl.chapters import in_reading_order
from mangacrawl.errors import MangacrawlError
from mangacrawl.records import Chapter, Page, Series, SeriesLink
from mangacrawl.source import Response, load_sources, read
from tests.recorded import CHAPTER, Case, all_cases

load_sources([])
SOURCES = contract._SOURCES | contract._THEMES
CASES = [case for case in all_cases() if case.source in SOURCES]
RECORDS = {Series, Chapter, Page, SeriesLink, Request}
SITE = "https://a.example"
ROUNDS = 12

SPLICES = (
    b"\0", b"\xff\xfe", b"<", b">", b'"', b"&#xfffffff;", b"&amp;" * 9, b"]]>", b"<!--", b"null",
    b"<script>", b"<base href='javascript:1'>", b"-1", b"9" * 99, b"1.2.3", b"[]", b"{}",
    b"\xed\xa0\x80", b"</div>" * 50,
)  # fmt: skip


def mutations(body: bytes, seed: str) -> list[bytes]:
    """Cut, spliced and damaged copies of a page, the same in every run."""
    chance = random.Random(seed)
    middle = len(body) // 2
    spoiled = [
        b"",
        b" ",
        body[:middle],
        body[middle:],
        body.decode(errors="replace").encode("utf-16"),
    ]
    for _ in range(ROUNDS):
        copy = bytearray(body)
        for _ in range(chance.randint(1, 30)):
            place = chance.randrange(len(copy) + 1)
            copy[place : place + chance.choice((0, 1, 10, 1000))] = chance.choice(SPLICES)
        spoiled.append(bytes(copy))
    return spoiled


def records(case: Case, page: Response) -> list[object]:
    """What the case's parser makes of a page, as the spider would ask it."""
    parser = getattr(SOURCES[case.source](SITE), case.parser)
    given = (page, CHAPTER) if case.parser == "parse_pages" else (page,)
    return read(page, lambda: _listed(parser(*given)))


def _listed(found: object) -> list[object]:
    return list(found) if isinstance(found, Iterator) else [found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.source}-{case.folder.name}")
def test_a_parser_gives_records_or_our_error(case: Case):
    whole = case.response()
    outcomes = []
    for body in mutations(whole.body, case.folder.name):
        try:
            outcomes += records(case, whole.replace(body=body))
        except MangacrawlError as error:
            outcomes.append(error)
    assert outcomes
    in_reading_order([each for each in outcomes if isinstance(each, Chapter)])
    assert {type(each) for each in outcomes if not isinstance(each, MangacrawlError)} <= RECORDS


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000,
        b"<a " + b"x='y' " * 100_000,
        b"<table><tr>" * 20_000,
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>&b;",
        b"\0" * 100_000,
        "<p>\u65e5".encode("utf-16"),
    ],
    ids=["depth", "attributes", "tables", "entities", "zeros", "utf-16"],
)
@pytest.mark.parametrize("parser", ["parse_series", "parse_chapters"])
def test_a_page_made_to_choke_on_is_refused(body: bytes, parser: str):
    source = SOURCES["mangareader"](SITE)
    page = HtmlResponse(SITE, body=body, encoding="utf-8")
    with pytest.raises(MangacrawlError):
        read(page, lambda: _listed(getattr(source, parser)(page)))


def test_a_number_that_is_none_is_not_taken_for_one():
    rows = "".join(f"<tr><td><a href=/akira/{number}>x" for number in ("1.2.3", "1..", "2."))
    body = f"<div id=chapterlist><table id=listing>{rows}"
    page = HtmlResponse(f"{SITE}/akira", body=body.encode())
    chapters = list(SOURCES["mangareader"](SITE).parse_chapters(page))
    assert [chapter.number for chapter in chapters if isinstance(chapter, Chapter)] == [None] * 3
    assert len(in_reading_order([each for each in chapters if isinstance(each, Chapter)])) == 3
