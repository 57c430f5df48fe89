"""What a site or a user gave in confidence goes to nobody else, and into no file."""

import os
import socket
from pathlib import Path

import pytest
import trustme
from scrapy import Request
from scrapy.http import Response

from mangacrawl.middlewares.cookies import Cookies
from mangacrawl.middlewares.redirect import referrer
from tests.conftest import Crawl, Crawler, crawl_words, crawled, run_scrapy
from tests.fixed import PLAIN, Answer, Server, picture, serving, strip
from tests.test_certificates import authority, good  # noqa: F401 - a fixture

OTHER = ("-s", "MANGA_PRIVATE_HOSTS=localhost")
CONFIDENTIAL = {"cookie", "authorization", "referer"}


def moved(url: str) -> Answer:
    return Answer(status=302, headers={"Location": url})


@pytest.mark.parametrize(
    ("page", "image", "said"),
    [
        ("https://a.example/1?q=2#3", "https://a.example/1.jpg", "https://a.example/1?q=2"),
        ("https://a.example/1", "https://b.example/1.jpg", "https://a.example/"),
        ("https://a.example/1", "https://a.example:8443/1.jpg", "https://a.example/"),
        ("https://a.example/1", "http://a.example/1.jpg", None),
        ("http://a.example/1", "https://a.example/1.jpg", "http://a.example/"),
        ("http://me:hush@a.example/1", "http://a.example/1.jpg", "http://a.example/1"),
        ("https://a.example:443/1", "https://a.example/1.jpg", "https://a.example/1"),
        ("https://a.example/1", "https://a.example.evil.example/1.jpg", "https://a.example/"),
        ("https://a.example/1", "https://a.example@b.example/1.jpg", "https://a.example/"),
        ("https://a.example/1#http://b.example/", "https://a.example/1.jpg", "https://a.example/1"),
    ],
)
def test_a_referrer_says_what_a_browser_would(page: str, image: str, said: str | None):
    assert referrer(page, image) == said


def test_an_image_host_hears_of_the_site_and_not_of_the_page(crawl: Crawler):
    with (
        serving({"/2": Answer(picture())}, "localhost") as other,
        serving(strip("/1", f"{other.url}/2") | {"/1": Answer(picture(9))}) as site,
    ):
        crawl(*PLAIN, *OTHER, url=f"{site.url}/strip", theme="private")
    assert site.headers("/1")["referer"] == f"{site.url}/strip/1"
    assert other.headers("/2")["referer"] == f"{site.url}/"


def test_a_redirect_to_another_host_takes_nothing_along(crawl: Crawler):
    with (
        serving({"/there": strip()["/strip/1"]}, "localhost") as other,
        serving(strip() | {"/strip/1": moved(f"{other.url}/there")}) as site,
    ):
        crawl(*PLAIN, *OTHER, url=f"{site.url}/strip", theme="private")
    assert site.headers("/strip/1").keys() >= CONFIDENTIAL
    sent = other.headers("/there")
    assert sent.keys() & CONFIDENTIAL == {"referer"}
    assert sent["referer"] == f"{site.url}/"


def test_a_redirect_to_plain_http_takes_nothing_along(
    crawl: Crawler,
    authority: trustme.CA,  # noqa: F811
):
    with serving({"/there": strip()["/strip/1"]}) as plain:
        answers = strip() | {"/strip/1": moved(f"{plain.url}/there")}
        with serving(answers, tls=good(authority)) as site:
            crawl(*PLAIN, url=f"{site.url}/strip", theme="private")
    assert site.headers("/strip/1").keys() >= CONFIDENTIAL
    assert not plain.headers("/there").keys() & CONFIDENTIAL


@pytest.mark.parametrize(
    ("giver", "domain", "other"),
    [
        ("https://a.co.uk/", "co.uk", "https://b.co.uk/"),
        ("https://a.github.io/", "github.io", "https://b.github.io/"),
        ("https://a.example/", "b.example", "https://b.example/"),
    ],
)
def test_a_cookie_for_others_is_not_kept(giver: str, domain: str, other: str):
    cookies = Cookies()
    given = Response(giver, headers={"Set-Cookie": f"a=b; Domain={domain}"})
    cookies.process_response(Request(giver), given)
    request = Request(other)
    cookies.process_request(request)
    assert "Cookie" not in request.headers


def through(proxy: str, into: Path, *options: str, **arguments: str) -> Crawl:
    """A crawl with this proxy in its environment."""
    environment = os.environ | {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}
    environment.pop("NO_PROXY", None)
    words = crawl_words(into, *PLAIN, *options, **arguments)
    return crawled(into, run_scrapy(*words, environment=environment))


def with_password(proxy: Server) -> str:
    return f"http://me:hush-hush@127.0.0.1:{proxy.server_port}"


def test_a_proxy_is_asked_for_what_is_public_or_typed_alone(output: Path):
    answers = strip("http://127.0.0.1:9/1", "http://127.0.0.2:9/2", "http://10.0.0.1/3")
    with serving(answers | {"/1": Answer(picture())}, "127.0.0.1") as proxy:
        done = through(with_password(proxy), output, url="http://127.0.0.1:9/strip", theme="plain")
    assert proxy.paths() == [
        f"http://127.0.0.1:9{path}" for path in ("/robots.txt", "/strip", "/strip/1", "/1")
    ]
    assert {item["status"] for item in done.items()} == {"fetched", "failed"}
    assert "10.0.0.1 is a private address" in done.stderr


def test_a_proxy_on_a_private_address_is_no_site(output: Path):
    with serving(strip("http://127.0.0.2:9/1") | {"/1": Answer(picture())}, "127.0.0.2") as proxy:
        address = f"http://127.0.0.2:{proxy.server_port}"
        through(address, output, url="http://127.0.0.1:9/strip", theme="plain")
    assert "http://127.0.0.2:9/1" not in proxy.paths()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_down_ends_in_4(output: Path, scheme: str):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        proxy = f"http://me:hush-hush@127.0.0.1:{unused.getsockname()[1]}"
    done = through(proxy, output, url=f"{scheme}://127.0.0.1:9/strip", theme="plain")
    assert (done.exit_code, "connection refused" in done.verdict) == (4, True)
    assert "hush" not in done.stderr


def test_a_proxy_that_will_not_ends_in_4(output: Path):
    with serving({}) as proxy:
        done = through(with_password(proxy), output, url="https://127.0.0.1:9/strip", theme="plain")
    assert done.exit_code == 4
    assert "cannot be reached: the proxy does not let us through" in done.verdict


def test_no_secret_is_in_any_file_or_line(output: Path):
    answers = strip("http://127.0.0.1:9/1", "http://127.0.0.1:9/2") | {"/1": Answer(picture())}
    with serving(answers) as proxy:
        loud = ("-L", "DEBUG", "-s", "COOKIES_DEBUG=True", "-s", "RETRY_TIMES=0")
        site = "http://127.0.0.1:9/strip"
        done = through(with_password(proxy), output, *loud, url=site, theme="private")
    asked = proxy.headers("http://127.0.0.1:9/strip/1")
    assert (asked["cookie"], asked["authorization"]) == ("session=hush-hush", "Bearer hush-hush")
    assert asked["proxy-authorization"] == "Basic bWU6aHVzaC1odXNo"
    assert "Sending cookies to" in done.stderr
    files = [path for path in output.parent.rglob("*") if path.is_file()]
    texts = [done.stderr.encode(), *(path.read_bytes() for path in files)]
    leaks = [text for text in texts if b"hush" in text or b"bWU6aHVzaC1odXNo" in text]
    assert len(files) > 4
    assert leaks == []


def test_a_ledger_is_read_by_its_owner_alone(crawl: Crawler, output: Path):
    with serving(strip("/1") | {"/1": Answer(picture())}) as site:
        crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    (ledger,) = (output / "state").glob("*.sqlite")
    assert ledger.stat().st_mode & 0o077 == 0


def test_a_password_in_an_argument_ends_in_2_and_is_not_repeated(crawl: Crawler):
    done = crawl(url="http://me:hush-hush@127.0.0.1:9/strip", theme="mangareader")
    assert (done.exit_code, len(done.lines)) == (2, 1)
    assert "hush" not in done.stderr


def test_jobdir_is_warned_of_in_one_line(crawl: Crawler, tmp_path: Path):
    with serving(strip("/1") | {"/1": Answer(picture())}) as site:
        jobs = ("-s", f"JOBDIR={tmp_path / 'jobs'}")
        done = crawl(*PLAIN, *jobs, url=f"{site.url}/strip", theme="plain")
    assert done.exit_code == 0
    warned = "JOBDIR is not needed and not safe: whoever writes there runs code here (pickle)"
    assert done.lines.count(warned) == 1
