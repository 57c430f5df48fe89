"""Nothing that a site says leads into the user's own network."""

import asyncio
import re
from ipaddress import ip_address
from pathlib import Path

import pytest

from mangacrawl.errors import Refused
from mangacrawl.wire.guard import PublicOnlyResolver, is_public
from tests.conftest import Crawl, Crawler
from tests.fixed import PLAIN, Answer, picture, serving, strip

PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.0.0.2", "169.254.169.254",
    "172.16.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1",
    "fd00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip

SPELLINGS = [
    "http://127.0.0.2/a.png", "http://localhost/a.png", "http://LOCALHOST/a.png",
    "http://localhost./a.png", "http://127.1/a.png", "http://0/a.png", "http://0.0.0.0/a.png",
    "http://2130706433/a.png", "http://0x7f000001/a.png", "http://0x7f.1/a.png",
    "http://0177.0.0.1/a.png", "http://017700000001/a.png", "http://①②⑦.⓪.⓪.②/a.png",
    "http://127.0.0.1./a.png", "http://[::1]/a.png", "http://[::ffff:127.0.0.1]/a.png",
    "http://[::ffff:7f00:1]/a.png", "http://[::]/a.png", "http://[64:ff9b::7f00:1]/a.png",
    "http://[2002:7f00:1::]/a.png", "http://[fe80::1]/a.png", "http://10.0.0.1/a.png",
    "http://169.254.169.254/latest/meta-data", "http://192.168.1.1/a.png", "http://0xa.1/a.png",
    "https://10.0.0.1/a.png", "//127.0.0.2/a.png", "http://user:word@127.0.0.2/a.png",
    "http://private.example/a.png", "http://metadata.example/a.png",
]  # fmt: skip

SCHEMES = [
    "file:///etc/passwd", "ftp://127.0.0.1/a.png", "s3://bucket/a.png", "gopher://127.0.0.1/a",
    "javascript://127.0.0.1/%0aalert(1)",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_globally_reachable_is_not_public(address: str):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111"])
def test_what_is_globally_reachable_is_public(address: str):
    assert is_public(ip_address(address))


def resolver(*private: str) -> PublicOnlyResolver:
    async def made() -> PublicOnlyResolver:
        return PublicOnlyResolver(private)

    return asyncio.run(made())


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_comes_out_of_the_resolver(address: str):
    with pytest.raises(Refused, match="a private address"):
        asyncio.run(resolver().check(address))
    with pytest.raises(Refused, match=re.escape(f"site.example is {address}, a private")):
        resolver().permitted("site.example", [address])


def test_a_public_address_does():
    asyncio.run(resolver().check("8.8.8.8"))
    assert resolver().permitted("site.example", ["10.0.0.1", "8.8.8.8"]) == ["8.8.8.8"]


def test_only_the_host_that_was_named_may_be_private():
    named = resolver("192.168.1.5", "comics.example")
    asyncio.run(named.check("192.168.1.5"))
    assert named.permitted("Comics.Example.", ["192.168.1.1"]) == ["192.168.1.1"]
    with pytest.raises(Refused):
        asyncio.run(named.check("192.168.1.6"))
    with pytest.raises(Refused):
        named.permitted("nas.example", ["192.168.1.5"])


def test_a_named_host_that_was_public_may_not_become_private():
    named = resolver("comics.example")
    assert named.permitted("comics.example", ["93.184.215.14"]) == ["93.184.215.14"]
    with pytest.raises(
        Refused, match=r"refused: comics\.example is 192\.168\.1\.1, a private address"
    ):
        named.permitted("comics.example", ["192.168.1.1"])


def tapped(
    crawl: Crawler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *options: str, url: str
) -> tuple[Crawl, set[str]]:
    """A crawl, and the addresses that it would have connected to."""
    wire = tmp_path / "wire"
    monkeypatch.setenv("MANGACRAWL_WIRETAP", str(wire))
    tap = ("-s", "MANGA_SOURCE_MODULES=tests.plain,tests.wiretap")
    done = crawl(*tap, *options, url=url, theme="plain")
    return done, set(wire.read_text(encoding="utf-8").split())


def test_no_spelling_of_a_private_address_is_connected_to(
    crawl: Crawler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    images = [f"{spelling}?{number}" for number, spelling in enumerate(SPELLINGS)]
    with serving(strip(*images)) as site:
        done, connected = tapped(crawl, tmp_path, monkeypatch, url=f"{site.url}/strip")
        again, later = tapped(crawl, tmp_path, monkeypatch, url=f"{site.url}/strip")
    assert connected == later == {"127.0.0.1"}
    assert set(site.paths()) == {"/robots.txt", "/strip", "/strip/1"}
    assert len(re.findall("refused: [^)]* a private address", done.stderr)) >= 20
    assert (done.exit_code, again.exit_code) == (3, 3)
    assert again.files("pages") == again.files("library") == {}


def test_no_other_scheme_than_http_is_fetched(crawl: Crawler):
    with serving(strip(*SCHEMES)) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    why = "refused: only http and https addresses are fetched"
    assert [item["error"] for item in done.items()] == [why] * 5
    assert not done.files("pages")


def test_what_is_no_host_costs_its_page_alone(crawl: Crawler):
    hosts = {
        "a..b": "no such host",
        "a" * 70 + ".example": "no such host",
        "1.2.3": "refused: it has no address that can be connected to",
    }
    with serving(strip(*(f"http://{host}/1" for host in hosts))) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert {item["page"]: item["error"] for item in done.items()} == dict(
        enumerate(hosts.values(), 1)
    )


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "ftp://127.0.0.1/a", "data:image/png,x"])
def test_no_redirect_leads_to_another_scheme(crawl: Crawler, scheme: str):
    with serving(strip("/1") | {"/1": Answer(status=302, headers={"Location": scheme})}) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert [item["error"] for item in done.items()] == ["HTTP 302"]


@pytest.mark.parametrize("elsewhere", ["127.0.0.2", "localhost"])
def test_no_redirect_leads_to_a_private_address(crawl: Crawler, elsewhere: str):
    with serving({"/1": Answer(picture())}, elsewhere) as other:
        moved = Answer(status=302, headers={"Location": f"{other.url}/1"})
        with serving(strip("/1") | {"/1": moved}) as site:
            done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert other.paths() == []
    assert done.items()[0]["error"].startswith("refused: ")


def test_an_index_that_leads_to_a_private_address_ends_in_6(crawl: Crawler):
    moved = Answer(status=302, headers={"Location": "http://127.0.0.2/strip"})
    with serving({"/strip": moved}) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert done.exit_code == 6
    assert f"{site.url}/strip: refused: 127.0.0.2 is a private address" in done.verdict


def test_the_setting_names_hosts_that_may_be_private(crawl: Crawler):
    with (
        serving({"/1": Answer(picture())}, "127.0.0.2") as other,
        serving(strip(f"{other.url}/1")) as site,
    ):
        allowed = ("-s", "MANGA_PRIVATE_HOSTS=127.0.0.2")
        done = crawl(*PLAIN, *allowed, url=f"{site.url}/strip", theme="plain")
    assert (done.exit_code, other.paths()) == (0, ["/robots.txt", "/1"])


def test_a_name_that_changes_its_address_is_no_way_round(
    crawl: Crawler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with serving(strip("http://rebound.example/1")) as site:
        forgetful = ("-s", "DNSCACHE_ENABLED=False", "-s", "RETRY_TIMES=1")
        _, connected = tapped(crawl, tmp_path, monkeypatch, *forgetful, url=f"{site.url}/strip")
    assert connected == {"127.0.0.1"}
    assert set(site.paths()) == {"/robots.txt", "/strip", "/strip/1"}
