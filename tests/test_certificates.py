"""TLS as a stranger may serve it: what cannot be proved is not crawled."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.conftest import Crawler
from tests.fixed import PLAIN, Answer, picture, serving, strip

ANSWERS = strip("/1.png") | {"/1.png": Answer(picture())}
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(tls)
    return tls


def good(authority: trustme.CA) -> ssl.SSLContext:
    return context(authority.issue_cert("127.0.0.1"))


def expired(authority: trustme.CA) -> ssl.SSLContext:
    return context(authority.issue_cert("127.0.0.1", not_after=YESTERDAY))


def self_signed(_: trustme.CA) -> ssl.SSLContext:
    return good(trustme.CA())


def of_another_name(authority: trustme.CA) -> ssl.SSLContext:
    return context(authority.issue_cert("comics.example"))


def of_old_tls(authority: trustme.CA) -> ssl.SSLContext:
    tls = good(authority)
    tls.set_ciphers("DEFAULT@SECLEVEL=0")
    tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1
    return tls


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that the crawl trusts, as OpenSSL lets a user say."""
    authority = trustme.CA()
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


def test_a_good_certificate_is_accepted(crawl: Crawler, authority: trustme.CA):
    with serving(ANSWERS, tls=good(authority)) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert (done.exit_code, len(done.items())) == (0, 1)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (expired, "the certificate of 127.0.0.1 has expired"),
        (self_signed, "the certificate of 127.0.0.1 is signed by no authority that is known here"),
        (of_another_name, "the certificate of 127.0.0.1 is for another host"),
        (of_old_tls, "no TLS with 127.0.0.1 that is safe, 1.2 or newer"),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1 is deprecated")
def test_a_bad_certificate_ends_in_4_and_a_plain_reason(
    crawl: Crawler, authority: trustme.CA, bad: Callable[[trustme.CA], ssl.SSLContext], why: str
):
    with serving(ANSWERS, tls=bad(authority)) as site:
        done = crawl(*PLAIN, url=f"{site.url}/strip", theme="plain")
    assert (done.exit_code, site.paths()) == (4, [])
    assert done.verdict.startswith(f"{site.url}/strip: {why}")


def test_a_host_can_be_excepted_by_name_and_no_other_is(crawl: Crawler, authority: trustme.CA):
    with (
        serving({"/2.png": Answer(picture())}, "localhost", self_signed(authority)) as other,
        serving(ANSWERS | strip("/1.png", f"{other.url}/2.png"), tls=expired(authority)) as site,
    ):
        excepted = ("-s", "MANGA_UNVERIFIED_HOSTS=127.0.0.1", "-s", "MANGA_PRIVATE_HOSTS=localhost")
        done = crawl(*PLAIN, *excepted, url=f"{site.url}/strip", theme="plain")
    assert [item["status"] for item in done.items()] == ["fetched", "failed"]
    why = "the certificate of localhost is signed by no authority that is known here"
    assert f"missing: chapter 1: page 2 ({why})" in done.lines
    assert other.paths() == []
