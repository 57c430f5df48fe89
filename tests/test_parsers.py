"""Every parser meets truncated and mutated pages: records, or one of our errors, and soon."""

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from time import thread_time
from typing import Any

import pytest
from lxml.etree import tostring
from scrapy import Request, Selector
from scrapy.http import HtmlResponse

from mangacrawl import source as contract
from mangacrawl.chapters import in_reading_order
from mangacrawl.errors import LayoutError, MangacrawlError
from mangacrawl.parsing.limits import MOST_SECONDS
from mangacrawl.parsing.reading import tree
from mangacrawl.records import Chapter, Page, Series, SeriesLink, VolumeCover
from mangacrawl.source import Response, Source, load_sources, read
from tests.recorded import CHAPTER, Case, all_cases

load_sources([])
EVERY = contract._SOURCES | contract._THEMES
SOURCES = {k: v for k, v in EVERY.items() if v.__module__.startswith("mangacrawl.")}
CASES = [case for case in all_cases() if case.source in SOURCES]
RECORDS = {Series, Chapter, Page, SeriesLink, VolumeCover, Request}
SITE = "https://a.example"
ROUNDS = 12

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1e300, 10**30, "", "x", "\ud800", "javascript:1", "http://[::1", "9" * 99,
    [], {}, [[]], {"a": []},
)  # fmt: skip

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
    return [*spoiled, *with_other_values(body, chance)]


def with_other_values(body: bytes, chance: random.Random) -> Iterator[bytes]:
    """Copies of a JSON page with something else in a place or two."""
    try:
        whole = json.loads(body)
    except ValueError:
        return
    for _ in range(4 * ROUNDS):
        copy = json.loads(body)
        for holder, key in chance.sample(places := list(_places(copy)), min(2, len(places))):
            holder[key] = chance.choice(VALUES)
        if copy != whole:
            yield json.dumps(copy).encode()


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value, as what holds it and its key there."""
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from _places(node[key])


def swollen(body: bytes) -> Iterator[bytes]:
    """Copies with a very long run of something in them: what a regular expression chokes on."""
    chance = random.Random(len(body))
    for run in (b" ", b"1", b"a-", b"1,", b"(", b"/x"):
        place = chance.randrange(len(body))
        yield body[:place] + run * 50_000 + body[place:]


def records(case: Case, page: Response) -> list[object]:
    """What the case's parser makes of a page, as the spider would ask it."""
    parser = getattr(SOURCES[case.source](SITE), case.parser)
    given = (page, CHAPTER) if case.parser == "parse_pages" else (page,)
    return read(page, lambda: _listed(parser(*given)))


def _listed(found: object) -> list[object]:
    return list(found) if isinstance(found, Iterator) else [found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.source}-{case.folder.name}")
def test_a_parser_gives_records_or_our_error_and_soon(case: Case):
    whole = case.response()
    source = SOURCES[case.source](SITE)
    outcomes = []
    for body in [*mutations(whole.body, case.folder.name), *swollen(whole.body)]:
        began = thread_time()
        try:
            outcomes += records(case, whole.replace(body=body))
        except MangacrawlError as error:
            outcomes.append(error)
        assert thread_time() - began < MOST_SECONDS
    assert outcomes
    assert {type(each) for each in outcomes if not isinstance(each, MangacrawlError)} <= RECORDS
    chapters = [each for each in outcomes if isinstance(each, Chapter)]
    in_reading_order(chapters)
    for chapter in chapters:
        with suppress(ValueError):  # Scrapy's word for what no address can be made of
            source.pages_request(chapter)


FATTY = [
    b"<div>" * 100_000,
    b"<div>" * 5_000 + b"</div>" * 5_000,
    b"<a " + b"x='y' " * 100_000,
    b"<table><tr>" * 20_000,
    b"<a class='chapter next' rel=next href=/x>1</a>" * 20_000,
    b"<option value=/x>1" * 20_000,
    b"<script>" + b"[{(" * 100_000,
    b"<h1>" + b" " * 500_000,
    b"<title>" + b"1." * 200_000,
    b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>&b;",
    b"\0" * 100_000,
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"data": [' + b"1," * 100_000,
    "<p>\u65e5".encode("utf-16"),
    "<p>\u65e5".encode("shift_jis"),
    b"<meta charset=utf-7><p>+ADw-script+AD4-",
]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_page_made_to_choke_on_is_refused_or_read_soon(name: str):
    source = SOURCES[name](SOURCES[name].base_url or SITE)
    parsers: list[Callable[[HtmlResponse], object]] = [
        source.parse_series,
        source.parse_chapters,
        partial(source.parse_pages, chapter=CHAPTER),
        source.parse_covers,
        source.parse_search,
        source.recognizes,
    ]
    for body in FATTY:
        for parser in parsers:
            page = HtmlResponse(f"{SITE}/a/1", body=body, encoding="utf-8")
            began = thread_time()
            with suppress(MangacrawlError):
                read(page, lambda: _listed(parser(page)))  # noqa: B023 - called at once
            assert thread_time() - began < MOST_SECONDS


def _read_chapters(source: Source, page: Response) -> None:
    for each in read(page, lambda: _listed(source.parse_chapters(page))):
        assert isinstance(each, Chapter)  # a comic without a list begins on the page itself
        read(page, lambda: _listed(source.parse_pages(page, each)))  # noqa: B023 - called at once


@pytest.mark.parametrize("name", sorted(SOURCES))
@pytest.mark.parametrize("body", [b"<html><body><h1>x</h1><p>nothing", b"{}"])
def test_where_there_are_no_chapters_any_more_the_error_names_what_was_looked_for(
    name: str, body: bytes
):
    source = SOURCES[name](SOURCES[name].base_url or SITE)
    page = HtmlResponse(f"{source.base_url}/a", body=body, encoding="utf-8")
    with pytest.raises(LayoutError) as caught:
        _read_chapters(source, page)
    assert page.url in str(caught.value)
    assert re.search(r"'[^']+'|line 1 column 1", str(caught.value))


def test_a_number_that_is_none_is_not_taken_for_one():
    rows = "".join(f"<tr><td><a href=/akira/{number}>x" for number in ("1.2.3", "1..", "2."))
    body = f"<div id=chapterlist><table id=listing>{rows}"
    page = HtmlResponse(f"{SITE}/akira", body=body.encode())
    chapters = list(SOURCES["mangareader"](SITE).parse_chapters(page))
    assert [chapter.number for chapter in chapters if isinstance(chapter, Chapter)] == [None] * 3
    assert len(in_reading_order([each for each in chapters if isinstance(each, Chapter)])) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"", b" \n", b"\0<p>a\0b</p> ", b"text", b"<p id=a>1<p id=a>2", b"<!-- a -->b", b"<p>\xff",
        b"<?xml version='1.0'?><p>1", b"<meta charset=cp1252><p>\x80", b"\xef\xbb\xbf<p>1",
    ],
)  # fmt: skip
def test_a_page_is_the_tree_that_scrapy_makes_of_it(body: bytes):
    page = HtmlResponse(SITE, body=body)
    assert tostring(tree(page)) == tostring(Selector(HtmlResponse(SITE, body=body)).root)
    assert page.selector.root is tree(page)
