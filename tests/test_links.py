import base64
from urllib.parse import urldefrag, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse
from w3lib.url import safe_url_string

from mangacrawl.parsing.links import as_it_is, embedded_picture, picture_address, web_address

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEAAAAALAAAAAABAAEAAAI="
PLAIN = HtmlResponse("https://a.example/akira/1", body=b"<p>", encoding="utf-8")
BASED = HtmlResponse(
    "https://a.example/akira/1", body=b'<base href="//b.example/x/"><p>', encoding="utf-8"
)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("//cdn.example/1.jpg", "https://cdn.example/1.jpg"),
        ("/1.jpg", "https://a.example/1.jpg"),
        ("2.jpg", "https://a.example/akira/2.jpg"),
        ("../../2.jpg", "https://a.example/2.jpg"),
        ("  /1.jpg\n", "https://a.example/1.jpg"),
        ("/my page 1.jpg", "https://a.example/my%20page%201.jpg"),
        ("/1\n2.jpg", "https://a.example/12.jpg"),
        ("/日本.jpg", "https://a.example/%E6%97%A5%E6%9C%AC.jpg"),
        ("/%E6%97%A5.jpg", "https://a.example/%E6%97%A5.jpg"),
        ("/100%.jpg", "https://a.example/100%.jpg"),
        ("/1.jpg#page", "https://a.example/1.jpg"),
        ("?page=2", "https://a.example/akira/1?page=2"),
        ("https://bücher.example/1", "https://xn--bcher-kva.example/1"),
    ],
)
def test_a_link_leads_where_a_browser_goes(link: str, address: str):
    assert web_address(PLAIN, link) == address


def test_a_base_element_is_heeded():
    assert web_address(BASED, "1.jpg") == "https://b.example/x/1.jpg"


@pytest.mark.parametrize(
    "link",
    [
        "", " ", "javascript:alert(1)", "JavaScript:void(0)", "blob:https://a.example/1",
        "data:image/png;base64,AAAA", "file:///etc/passwd", "ftp://a.example/1", "about:blank",
        "mailto:a@b.example", "http://", "http://[::1", "http://a.example:x/", None,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_none(link: str | None):
    assert web_address(PLAIN, link) is None


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ({"src": "/1.jpg"}, "https://a.example/1.jpg"),
        ({"src": PIXEL, "data-src": "/1.jpg"}, "https://a.example/1.jpg"),
        ({"src": "/wait.gif", "data-lazy-src": "/1.jpg"}, "https://a.example/1.jpg"),
        ({"src": "/s.jpg", "srcset": "/m.jpg 600w, /l.jpg 1200w"}, "https://a.example/l.jpg"),
        ({"srcset": "/one.jpg, /two.jpg 2x"}, "https://a.example/two.jpg"),
        ({"srcset": "/w,300/a.jpg 300w,/w,900/a.jpg 900w"}, "https://a.example/w,900/a.jpg"),
        ({"srcset": f"{PIXEL} 1w", "data-srcset": "/1.jpg 900w"}, "https://a.example/1.jpg"),
        ({"src": "javascript:1", "data-src": "blob:x"}, None),
        ({"src": PIXEL}, PIXEL),
        ({}, None),
    ],
)
def test_an_image_shows_what_it_loads_in_the_end(attributes: dict[str, str], address: str | None):
    assert picture_address(PLAIN, attributes) == address


@pytest.mark.parametrize(("size", "is_taken"), [(1024 * 1024, True), (1024 * 1024 + 1, False)])
def test_a_picture_in_the_page_may_have_a_megabyte(size: int, is_taken: bool):
    address = f"data:image/png;base64,{base64.b64encode(bytes(size)).decode()}"
    assert (embedded_picture(address) is not None) is is_taken


@pytest.mark.parametrize(
    "address", ["data:text/html,<script>", "data:image/png;base64,%%%", "data:image/png", "x"]
)
def test_what_holds_no_picture_is_none(address: str):
    assert embedded_picture(address) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_link_gives_a_web_address_or_none(link: str, srcset: str):
    for address in (web_address(PLAIN, link), picture_address(PLAIN, {"srcset": srcset})):
        if address is not None and not address.startswith("data:"):
            assert urlsplit(address).scheme in {"http", "https"}
            assert address.isascii()


ORIGINS = (
    "", "", "https://a.example", "http://b.example", "https://a.example:8080", "http://1.2.3.4:54321",
    "HTTP://A.example", "https://a.example:0080", "https://a.example:65536", "https://a..b",
    "https://u:p@a.example", "https://bücher.example", "https://", "//c.example", "ftp://a.example",
)  # fmt: skip
PARTS = (
    "/1.jpg", "/akira", "/Akira-1_2~3", "/%E6%97%A5", "/100%", "/a:b@c,d=e&f!", "/2.5", "/", "/.",
    "/..", "/.a", "/a..", "/a;", "/a;b", "/日", "/\u0660", "/a b", "/a\tb", "/a\\b", "/a'b", "/[a]",
    "?page=2", "?", "#page", "#", "a", "\xa0", "|", "@b.example", ":80",
)  # fmt: skip
LINKS = st.builds(
    str.__add__, st.sampled_from(ORIGINS), st.lists(st.sampled_from(PARTS), max_size=4).map("".join)
)
PAGES = (
    "https://a.example", "https://a.example/akira/1", "http://A.example:8080/akira?page=1#top",
    "https://u@a.example/", "http://[::1]/1", "file:///akira.html",
)  # fmt: skip
BASES = (
    "",
    "/x/y",
    "//b.example:81/x",
    "http://b.example?x",
    "HTTP://b.example/",
    "ftp://b.example/",
)


@given(LINKS, st.sampled_from(PAGES), st.sampled_from(BASES))
def test_a_simple_link_leads_where_the_long_way_leads(link: str, page: str, base: str):
    response = HtmlResponse(page, body=f'<base href="{base}">', encoding="utf-8")
    address = web_address(response, link)
    if address is not None:
        assert address == urldefrag(safe_url_string(response.urljoin(link.strip()))).url


@given(LINKS)
def test_an_address_that_is_taken_as_it_is_needs_no_encoding(address: str):
    if as_it_is(address)["verbatim_url"]:
        assert address == safe_url_string(address)


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("https://a.example/akira/1.jpg", True),
        ("https://a.example/my page.jpg", False),
        ("https://a.example/1.jpg\r\nCookie: 1", False),
        ("https://A.example/1.jpg", False),
        ("https://me:hush@a.example/1.jpg", False),
        ("/1.jpg", False),
    ],
)
def test_an_address_is_taken_as_it_is_only_where_nothing_is_to_be_done(
    address: str, is_taken: bool
):
    assert as_it_is(address) == {"verbatim_url": is_taken}
