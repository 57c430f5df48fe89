"""A login goes to its source's own hosts, and nowhere else: no other host, no log, no file."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import Settings

from mangacrawl.errors import ArgumentError
from mangacrawl.wire.logins import Logins
from tests.conftest import Crawl, Crawler
from tests.fixed import PLAIN, Answer, Server, picture, serving, strip

KEY, SESSION = "Bearer key-that-is-secret", "session-that-is-secret"
EVERYTHING = ("-s", "MANGA_PRIVATE_HOSTS=localhost", "-s", "COOKIES_DEBUG=True", "-L", "DEBUG")

needs_modes = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


@pytest.fixture
def other() -> Iterator[Server]:
    with serving({"/2": Answer(picture(9)), "/3": Answer(picture(90))}, "localhost") as server:
        yield server


@pytest.fixture
def site(other: Server) -> Iterator[Server]:
    """A strip with pictures here, elsewhere, and here with a redirect elsewhere."""
    moved = Answer(status=302, headers={"Location": f"{other.url}/3"})
    pages = strip("/1", f"{other.url}/2", "/moved")
    with serving(pages | {"/1": Answer(picture()), "/moved": moved}) as server:
        yield server


def key_of(site: Server) -> str:
    return f"127.0.0.1:{site.server_port}"


def private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def cookies_file(folder: Path, *lines: str) -> Path:
    return private(folder / "cookies.txt", "\n".join(("# Netscape HTTP Cookie File", *lines, "")))


def assert_only_the_site_was_told(done: Crawl, site: Server, other: Server, name: str) -> None:
    assert done.exit_code == 0, done.stderr
    told = {each.path for each in site.asked if name in each.headers}
    assert told == {"/robots.txt", "/strip", "/strip/1", "/1", "/moved"}
    assert [each.path for each in other.asked if name in each.headers] == []
    assert {"/2", "/3"} <= set(other.paths())
    assert "is-secret" not in done.stderr
    files = [path for path in done.output.rglob("*") if path.is_file()]
    feed = done.output.parent / "pages.jsonl"
    assert not any(b"is-secret" in path.read_bytes() for path in (*files, feed))


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key"])
def test_a_header_goes_to_the_site_alone(
    name: str, crawl: Crawler, site: Server, other: Server, tmp_path: Path
):
    text = f'["{key_of(site)}".headers]\n{name} = "{KEY}"\n'
    file = private(tmp_path / "logins.toml", text)
    done = crawl(
        *PLAIN, *EVERYTHING, "-s", f"MANGA_LOGIN_FILE={file}",
        url=f"{site.url}/strip", theme="plain",
    )  # fmt: skip
    assert_only_the_site_was_told(done, site, other, name.lower())
    assert site.headers("/1")[name.lower()] == KEY


def test_cookies_of_the_site_go_to_it_and_those_of_others_to_nobody(
    crawl: Crawler, site: Server, other: Server, tmp_path: Path
):
    cookies = cookies_file(
        tmp_path,
        f"#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t{SESSION}",
        f"localhost\tFALSE\t/\tFALSE\t4000000000\tforeign\t{SESSION}",
        f"127.0.0.1\tFALSE\t/\tFALSE\t1000000000\texpired\t{SESSION}",
    )
    text = f'["{key_of(site)}"]\ncookies = "{cookies.name}"\n'
    file = private(tmp_path / "logins.toml", text)
    done = crawl(
        *PLAIN, *EVERYTHING, "-s", f"MANGA_LOGIN_FILE={file}",
        url=f"{site.url}/strip", theme="plain",
    )  # fmt: skip
    assert_only_the_site_was_told(done, site, other, "cookie")
    assert site.headers("/1")["cookie"] == f"session={SESSION}"


def test_a_login_may_come_from_the_environment(
    crawl: Crawler, site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    name = key_of(site).replace(".", "_").replace(":", "_")
    line = f"127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t{SESSION}"
    monkeypatch.setenv(f"MANGACRAWL_LOGIN_{name}", f"X-Api-Key: {KEY}")
    monkeypatch.setenv(f"MANGACRAWL_COOKIES_{name}", str(cookies_file(tmp_path, line)))
    crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    told = site.headers("/strip")
    assert (told["x-api-key"], told["cookie"]) == (KEY, f"session={SESSION}")


@needs_modes
def test_a_login_that_others_can_read_ends_the_run_before_its_first_request(
    crawl: Crawler, site: Server, tmp_path: Path
):
    file = private(tmp_path / "logins.toml", f'["{key_of(site)}".headers]\nA = "{KEY}"\n')
    file.chmod(0o640)
    done = crawl(*PLAIN, "-s", f"MANGA_LOGIN_FILE={file}", url=f"{site.url}/strip", theme="plain")
    assert (done.exit_code, site.asked) == (2, [])
    assert done.verdict == f"{file} can be read by others: chmod 600 {file}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mangadex", "Expected ']'"),
        ('[mangadex]\npassword = "x"', r"\[mangadex\] takes headers and cookies"),
        ('[mangadex]\ncookies = "none.txt"', "cannot read .*none.txt"),
        ('[mangadex]\ncookies = "logins.toml"', "no file of cookies in Netscape's format"),
    ],
)
def test_a_login_that_cannot_be_read_is_an_error(text: str, said: str, tmp_path: Path):
    file = private(tmp_path / "logins.toml", text)
    with pytest.raises(ArgumentError, match=said):
        Logins.read(Settings({"MANGA_LOGIN_FILE": str(file)})).check(["mangadex"])


def test_a_cookie_of_a_domain_belongs_to_its_hosts_and_never_goes_over_plain_http(tmp_path: Path):
    cookies = cookies_file(
        tmp_path,
        ".site.example\tTRUE\t/\tFALSE\t0\ta\t1",
        "www.site.example\tFALSE\t/\tFALSE\t0\tb\t2",
        ".other.example\tTRUE\t/\tFALSE\t0\tc\t3",
        "site.example\tFALSE\t/\tFALSE\t0\td\t4",
    )
    environment = {"MANGACRAWL_COOKIES_SITE": str(cookies)}
    login = Logins.read(Settings({"MANGA_LOGIN_FILE": None}), environment).of("site")
    assert login
    found = login.cookies_for(("https://www.site.example",))
    assert [(each.name, each.secure) for each in found] == [("a", True), ("b", True)]
