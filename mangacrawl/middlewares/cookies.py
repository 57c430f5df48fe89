"""Cookies that stay where they were given."""

from collections.abc import Iterable
from http.cookiejar import Cookie

from scrapy import Request
from scrapy.downloadermiddlewares import cookies as scrapys
from scrapy.http.cookies import CookieJar

from mangacrawl.wire.sites import PUBLIC_SUFFIXES

scrapys._split_domain = PUBLIC_SUFFIXES  # noqa: SLF001 - Scrapy has no other way


class Cookies(scrapys.CookiesMiddleware):
    """A cookie that came over https, or was sent there first, never goes over plain http."""

    def _process_cookies(
        self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request
    ) -> None:
        cookies = list(cookies)
        for cookie in cookies:
            cookie.secure = cookie.secure or request.url.startswith("https:")
        super()._process_cookies(cookies, jar=jar, request=request)
