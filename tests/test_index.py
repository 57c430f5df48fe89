"""What a ledger keeps of an index, and what it does not trust."""

import json

import pytest
from scrapy import Request
from scrapy.http import Response

from mangacrawl import __version__
from mangacrawl.crawl.index import FACT, Validator, as_fact, known_index
from mangacrawl.records import Series

ROOT = "http://a.example"
SERIES = json.dumps({"id": "akira", "title": "Akira", "url": f"{ROOT}/akira"})
VALIDATOR = Validator(f"{ROOT}/akira", '"1"', "Thu, 01 Jan 2026 00:00:00 GMT")


def response(**headers: str) -> Response:
    return Response(f"{ROOT}/akira", headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_a_request_asks_for_what_has_changed():
    headers = VALIDATOR.request().headers
    assert headers["If-None-Match"] == b'"1"'
    assert headers["If-Modified-Since"] == b"Thu, 01 Jan 2026 00:00:00 GMT"


def test_a_date_alone_will_do():
    validator = Validator.of(Request(f"{ROOT}/akira"), response(Last_Modified="yesterday"))
    assert validator == Validator(f"{ROOT}/akira", None, "yesterday")


@pytest.mark.parametrize(
    "asked",
    [
        Request(f"{ROOT}/akira", method="POST"),
        Request(f"{ROOT}/akira", headers={"X-Requested-With": "XMLHttpRequest"}),
    ],
)
def test_what_its_address_alone_does_not_bring_is_not_kept(asked: Request):
    assert Validator.of(asked, response(ETag='"1"')) is None


def test_an_index_with_a_page_that_has_no_validator_is_not_kept():
    assert as_fact([VALIDATOR, None], ROOT) == ""


def test_what_is_kept_is_known_where_the_site_has_moved():
    facts = {"series": SERIES, FACT: as_fact([VALIDATOR], ROOT)}
    found = known_index(facts, "http://b.example")
    assert found
    assert found[0] == Series("akira", "Akira", f"{ROOT}/akira")
    assert found[1][0].url == "http://b.example/akira"


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"series": SERIES},
        {"series": SERIES, FACT: ""},
        {"series": SERIES, FACT: '["0.0.0", [["/akira", "1", null]]]'},
        {"series": SERIES, FACT: "[["},
        {"series": SERIES, FACT: json.dumps([__version__, [["", None, None]]])},
        {"series": '{"colour": "red"}', FACT: json.dumps([__version__, [["/akira", "1", None]]])},
    ],
)
def test_what_is_not_there_outdated_or_damaged_is_not_known(facts: dict[str, str]):
    assert known_index(facts, ROOT) is None
