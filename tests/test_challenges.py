import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from mangacrawl.parsing.challenges import challenge, login
from tests.captures import captures

URL = "https://a.example/akira"
MANAGED = """<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body>
<script>(function(){window._cf_chl_opt = {cvId: '3', cZone: 'a.example'};}());</script>
"""
ANUBIS = "<title>Making sure you're not a bot!</title><script id=anubis_challenge>"


def page(text: str, status: int = 200, **headers: str) -> HtmlResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return HtmlResponse(URL, status, names, text.encode(), request=Request(URL))


@pytest.mark.parametrize(
    ("text", "status", "name"),
    [
        (MANAGED, 403, "a Cloudflare challenge"),
        (MANAGED, 200, "a Cloudflare challenge"),
        (MANAGED.replace("Just a moment", "Nur einen Moment"), 503, "a Cloudflare challenge"),
        ("<title>DDoS-Guard</title><script src=/ddos-guard/check>", 403, "a DDoS-Guard challenge"),
        ("<html><div id=cf-error-details><h1>Error 1006</h1></div>", 403, "a Cloudflare block"),
        (ANUBIS, 200, "an Anubis challenge"),
    ],
)  # fmt: skip
def test_a_challenge_is_named(text: str, status: int, name: str):
    assert challenge(page(text, status)) == name


def test_a_header_is_proof_enough():
    assert challenge(page("", 403, cf_mitigated="challenge")) == "a Cloudflare challenge"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("<title>Akira 1</title><p>what is window._cf_chl_opt?</p>", 200),
        ("<title>Just a moment...</title><h1>Just a Moment, a comic</h1>", 200),
        ("<title>403 Forbidden</title>", 403),
        ("", 503),
        ("\x89PNG ddos-guard", 403),
    ],
)
def test_an_ordinary_page_is_no_challenge(text: str, status: int):
    assert challenge(page(text, status)) is None


@pytest.mark.parametrize(
    ("capture", "status", "name"),
    [
        ("access-denied-1006", 403, "a Cloudflare block"),
        ("captcha-2019-12-01", 403, "a Cloudflare challenge"),
        ("captcha-2019-12-12", 403, "a Cloudflare challenge"),
        ("js-challenge-2016-06-09", 503, "a Cloudflare challenge"),
        ("js-challenge-2018-12-03", 503, "a Cloudflare challenge"),
        ("js-challenge-2019-11-28", 503, "a Cloudflare challenge"),
        ("js-challenge-2020-05-27", 503, "a Cloudflare challenge"),
        ("sucuri-waf-2016-08-18", 200, "a Sucuri challenge"),
    ],
)
@pytest.mark.parametrize("is_masked", [False, True])
def test_recorded_challenges_are_named(capture: str, status: int, name: str, is_masked: bool):
    text = captures(f"cloudflare/{capture}.html").read_text(encoding="utf-8")
    assert challenge(page(text, 200 if is_masked else status)) == name


@pytest.mark.parametrize(
    "title", ["Log in", "Login - Reader", "Please sign in", "ログイン | 漫画", "Anmelden"]
)
def test_a_login_page_goes_by_its_title(title: str):
    assert login(page(f"<html><head><title>{title}</title>")) == "a login page"


@pytest.mark.parametrize("title", ["Akira 1 - Page 1", "Blog in progress", "Signs", ""])
def test_other_titles_are_no_login(title: str):
    assert login(page(f"<title>{title}</title>")) is None
