"""What a site puts in the way of what was asked for: a challenge, a block, a login.

They are recognized to be named, never to be passed.
"""

import re
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from mangacrawl.errors import Refused

_HEAD_BYTES = 64 * 1024
_CHALLENGED_STATUSES = {403, 429, 503}

_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,400})", re.IGNORECASE)
_LOGIN_TITLE = re.compile(
    r"\W*(please )?(log ?in|login|sign ?in|anmelden|einloggen|connexion|se connecter"
    r"|iniciar sesi.n|accedi|entrar|войти|ログイン|登录|登入|로그인)\b",
    re.IGNORECASE,
)
_LOGIN_PATH = re.compile(r"/(log[-_]?in|sign[-_]?in|wp-login\.php)/?$", re.IGNORECASE)

LOGIN = "a login page"

_MARKS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("a Cloudflare challenge", re.compile(rb"_cf_chl|cf-browser-verification|cf-captcha")),
    ("a Cloudflare block", re.compile(rb"cf-error-details")),
    ("a DDoS-Guard challenge", re.compile(rb"ddos-guard", re.IGNORECASE)),
    ("a Sucuri challenge", re.compile(rb"sucuri_cloudproxy_js")),
    ("an Anubis challenge", re.compile(rb"anubis_challenge")),
)
_CHALLENGE_TITLE = re.compile(
    rb"just a moment|attention required! \| cloudflare|ddos-guard|you are being redirected"
    rb"|making sure you|access denied \| ",
    re.IGNORECASE,
)


_IN_THE_WAY = "stands in the way; it is not bypassed: try later, or read there in a browser"


def in_the_way(obstacle: str) -> Refused:
    """The error that names an obstacle."""
    return Refused(f"{obstacle} {_IN_THE_WAY}")


def names_obstacle(why: str) -> bool:
    """Whether a reason for a failed page is an obstacle: asking again leads nowhere."""
    return why.endswith(_IN_THE_WAY)


def challenge(response: Response) -> str | None:
    """The challenge or block that a response is; None if it is none.

    A mark alone is no proof: a reader's comment may hold one. It counts in an answer that
    refuses, or under the title of a challenge.
    """
    if response.headers.get("cf-mitigated") == b"challenge":
        return "a Cloudflare challenge"
    if not response.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    head = response.body[:_HEAD_BYTES]
    if response.status not in _CHALLENGED_STATUSES and not _CHALLENGE_TITLE.match(_title(head)):
        return None
    return next((name for name, mark in _MARKS if mark.search(head)), None)


def login(response: Response) -> str | None:
    """The login page that a response is which is not what was asked for; None if it is none.

    Ask only then: a series may be called so.
    """
    title = _title(response.body[:_HEAD_BYTES]).decode(errors="replace")
    return LOGIN if _LOGIN_TITLE.match(title) else None


def leads_to_login(request: Request, response: Response) -> bool:
    """Whether a request was redirected to a login page."""
    hops = request.meta.get("redirect_urls")
    return bool(hops) and bool(_LOGIN_PATH.search(urlsplit(response.url).path))


def _title(head: bytes) -> bytes:
    found = _TITLE.search(head)
    return found[1].strip() if found else b""
