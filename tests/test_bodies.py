"""Bodies that are too large, or grow too large, cost their page; `tests.warm` counts the memory."""

import asyncio
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from math import inf
from typing import Any

import brotli
import pytest
from backports import zstd
from PIL import Image
from scrapy import Request

from mangacrawl.wire.bodies import BUDGET_BYTES, Bodies
from mangacrawl.wire.watchdog import Watchdog
from tests.conftest import Crawler
from tests.fixed import PLAIN, Answer, picture, serving, strip

MEBIBYTE = 1024 * 1024
ZEROS = bytes(MEBIBYTE)


def bomb(make: Callable[[], Any], name: str) -> Answer:
    """400 MiB of zeros, made small."""
    machine = make()
    compress = getattr(machine, "process", None) or machine.compress
    parts = [compress(ZEROS) for _ in range(400)]
    end = machine.finish() if hasattr(machine, "finish") else machine.flush()
    return Answer(b"".join([*parts, end]), headers={"Content-Encoding": name})


BOMBS = {
    "gzip": lambda: zlib.compressobj(1, wbits=31),
    "deflate": lambda: zlib.compressobj(1),
    "br": lambda: brotli.Compressor(quality=1),
    "zstd": lambda: zstd.ZstdCompressor(level=1),
}
LARGE = {
    "/announced": Answer(bytes(33 * MEBIBYTE)),
    "/unannounced": Answer(bytes(33 * MEBIBYTE), is_announced=False),
    "/page": Answer(bytes(11 * MEBIBYTE), headers={"Content-Type": "text/html"}),
}


@pytest.fixture(scope="module")
def bombs() -> dict[str, Answer]:
    return {f"/{name}": bomb(make, name) for name, make in BOMBS.items()}


def test_no_picture_takes_more_than_its_32_mib(crawl: Crawler, bombs: dict[str, Answer]):
    images = [*bombs, "/announced", "/unannounced", "/1"]
    with serving(strip(*images) | bombs | LARGE | {"/1": Answer(picture())}) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
        asked = sorted(site.paths())
        site.asked.clear()
        again = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    errors = {item["page"]: item["error"] for item in done.items()}
    assert errors == dict.fromkeys(range(1, 7), "refused: too large") | {7: None}
    assert asked == sorted(["/robots.txt", "/strip", "/strip/1", *images])
    assert Counter(asked) - Counter(site.paths()) == Counter(["/1"])
    assert (done.exit_code, again.exit_code, len(again.files("pages"))) == (3, 3, 1)


def test_no_page_takes_more_than_its_10_mib(crawl: Crawler, bombs: dict[str, Answer]):
    chapters = [*bombs, "/page"]
    links = "".join(
        f'<a class="chapter" href="{path}">{number}</a>' for number, path in enumerate(chapters)
    )
    index = Answer(f"<h1>Strip</h1>{links}".encode(), headers={"Content-Type": "text/html"})
    with serving({"/strip": index} | bombs | LARGE) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert [item["error"] for item in done.items()] == ["refused: too large"] * 5
    assert (done.exit_code, done.files("pages")) == (3, {})
    assert sorted(site.paths()) == sorted(["/robots.txt", "/strip", *chapters])


def test_an_index_that_is_too_large_ends_in_8(crawl: Crawler, bombs: dict[str, Answer]):
    with serving({"/strip": bombs["/br"]}) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert done.exit_code == 8
    assert f"{site.url}/strip: refused: too large" in done.verdict


def test_a_crowd_of_large_bodies_waits_at_the_site(crawl: Crawler):
    paths = [f"/{number}" for number in range(20)]
    large = dict.fromkeys(paths, LARGE["/unannounced"])
    with serving(strip(*paths) | large) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert [item["error"] for item in done.items()] == ["refused: too large"] * 20


def test_large_pictures_are_decoded_one_at_a_time(crawl: Crawler):
    buffer = BytesIO()
    Image.new("RGB", (3200, 3200)).save(buffer, "BMP")
    paths = [f"/{number}" for number in range(12)]
    with serving(strip(*paths) | dict.fromkeys(paths, Answer(buffer.getvalue()))) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert [item["status"] for item in done.items()] == ["fetched"] * 12


def test_a_page_that_is_all_tags_is_not_parsed(crawl: Crawler):
    dense = Answer(b"<h1>Strip" + b"<b>" * 3_000_000, headers={"Content-Type": "text/html"})
    with serving({"/strip": dense}) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert done.exit_code == 8
    assert "has more than 300,000 tags" in done.verdict


def test_above_the_budget_only_the_oldest_body_is_read_and_none_beside_one_that_is_worked_on():
    async def scene() -> None:
        bodies, half = Bodies(), BUDGET_BYTES // 2
        with ExitStack() as first, ExitStack() as others:
            oldest = first.enter_context(bodies.arriving(Request("http://a.example/1")))
            second, third = (
                others.enter_context(bodies.arriving(Request(f"http://a.example/{number}")))
                for number in (2, 3)
            )
            await oldest.received(half)
            await second.received(half)
            held = [asyncio.ensure_future(each.received(half)) for each in (third, second)]
            await asyncio.sleep(0)
            assert [each.is_held for each in (oldest, second, third)] == [False, True, True]
            oldest.last = second.last = -inf
            stalled = [request.url for request in Watchdog(bodies).stalled()]
            assert stalled == ["http://a.example/1"]  # the other is held by us
            await oldest.received(1)
            with bodies.kept(2 * BUDGET_BYTES):
                first.close()
                assert (second.is_held, third.is_held) == (True, True)
            assert (second.is_held, third.is_held) == (False, True)
            others.close()
            await held[1]
            held[0].cancel()
        assert not bodies.on_their_way

    asyncio.run(scene())
