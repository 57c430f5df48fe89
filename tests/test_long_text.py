"""No text of a site's makes a function of ours slow: all else waits for the event loop's thread."""

from collections.abc import Callable
from time import thread_time

import pytest
from scrapy.http import HtmlResponse

from mangacrawl.parsing.challenges import challenge, login
from mangacrawl.parsing.limits import MOST_SECONDS
from mangacrawl.parsing.links import embedded_picture, picture_address, web_address
from mangacrawl.parsing.numbering import number_or_none, numbering, title_in
from mangacrawl.parsing.reading import names_in
from mangacrawl.parsing.site_words import AUTHOR, behind_label, release_date, status_in, titles_in
from mangacrawl.redaction import redacted
from mangacrawl.safe import folded, safe_key, safe_name, visible, xml_text
from mangacrawl.source import slug

PAGE = HtmlResponse("https://a.example/1", body=b"<p>")
BYTES = 60_000

RUNS = (
    " ", "1", "1.", "1,", "a", "a ", "a b, ", ",", "(", "-", "/x", "%41", "\u00e9", "\u200d", "v1 ",
    "\u7b2c ", "chapter ", "episode 1 ", " 1w,", "<title> ", "://a@", "?a=", "token", "&token=",
    "'token': ", "'token': [", "'cookie'", "\ncookie: ", "authorization: basic ",
)  # fmt: skip


def refused(text: str) -> str | None:
    return challenge(PAGE.replace(status=403, body=f"<html>{text}".encode()))


def titled(text: str) -> str | None:
    return login(PAGE.replace(body=f"<title>{text}".encode()))


def linked(text: str) -> str | None:
    return web_address(PAGE, text)


def shown(text: str) -> str | None:
    return picture_address(PAGE, {"srcset": text})


def embedded(text: str) -> bytes | None:
    return embedded_picture(f"data:image/png,{text}")


def labelled(text: str) -> str | None:
    return behind_label([text, f"Author{text}"], AUTHOR)


@pytest.mark.parametrize(
    "function",
    [
        embedded, folded, labelled, linked, names_in, number_or_none, numbering, redacted, refused,
        release_date, safe_key, safe_name, shown, slug, status_in, title_in, titled, titles_in,
        visible, xml_text,
    ],
)  # fmt: skip
def test_a_long_run_of_anything_is_read_soon(function: Callable[[str], object]):
    began = thread_time()
    for run in RUNS:
        for text in (run * (BYTES // len(run)), f"a1?{run * (BYTES // len(run))};!x"):
            function(text)
    assert thread_time() - began < MOST_SECONDS
