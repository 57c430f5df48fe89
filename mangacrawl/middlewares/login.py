"""Tells a source's own hosts who the user is, and nobody else."""

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from mangacrawl.downloader import SOURCE
from mangacrawl.middlewares.cookies import Cookies
from mangacrawl.wire.logins import Login, Logins


class SendLogin:
    """Sets a login's headers on requests to the origins that the source names, on each hop anew.

    A source with a login has cookies of its own, which go where a browser would send them.
    """

    def __init__(self, crawler: Crawler, logins: Logins) -> None:
        self.crawler = crawler
        self._logins = logins
        self._known: dict[str, Login | None] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, Logins.read(crawler.settings))

    def process_request(self, request: Request) -> None:
        key = request.meta.get(SOURCE)
        if key is None:
            return
        if key not in self._known:
            self._known[key] = self._begin(key)
        login = self._known[key]
        if login is None:
            return
        request.meta["cookiejar"] = key
        is_for_site = _origin(request.url) in map(_origin, self._origins(key))
        for name, value in login.headers.items():
            request.headers.pop(name, None)  # a redirect has copied it
            if is_for_site:
                request.headers[name] = value

    def _begin(self, key: str) -> Login | None:
        login = self._logins.of(key)
        cookies = self.crawler.get_downloader_middleware(Cookies)
        if login and isinstance(cookies, Cookies):
            for cookie in login.cookies_for(self._origins(key)):
                cookies.jars[key].set_cookie(cookie)
        return login

    def _origins(self, key: str) -> tuple[str, ...]:
        sources = getattr(self.crawler.spider, "sources", ())
        return next((source.origins for source in sources if source.key == key), ())


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
