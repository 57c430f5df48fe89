"""Cookies that stay where they were given."""

from collections.abc import Iterable
from http.cookiejar import Cookie

from scrapy import Request
from scrapy.downloadermiddlewares import cookies as scrapys
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from mangacrawl.wire.sites import PUBLIC_SUFFIXES

scrapys._split_domain = PUBLIC_SUFFIXES  # noqa: SLF001 - Scrapy has no other way


class Cookies(scrapys.CookiesMiddleware):
    """A cookie that came over https, or was sent there first, never goes over plain http."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        jar = self.jars[request.meta.get("cookiejar")]
        if jar or request.cookies or "Cookie" in request.headers:
            super().process_request(request)

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        if "Set-Cookie" in response.headers:
            super().process_response(request, response)
        return response

    def _process_cookies(
        self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request
    ) -> None:
        cookies = list(cookies)
        for cookie in cookies:
            cookie.secure = cookie.secure or request.url.startswith("https:")
        super()._process_cookies(cookies, jar=jar, request=request)
