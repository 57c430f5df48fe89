"""Redirects that tell the next host no more than a browser would."""

import re
from functools import lru_cache

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response
from scrapy.spidermiddlewares.referer import StrictOriginWhenCrossOriginPolicy
from scrapy.utils.url import strip_url

_PLAIN_ORIGIN = re.compile(r"https?://[^/@:?#]+(?::(?!80/|443/)\d+)?/(?=[^#]*\Z)")
"""Of an address that has neither user nor fragment nor a port that goes without saying."""


class Redirect(RedirectMiddleware):
    """Keeps the page as the referrer of a redirected request, shortened for the next address.

    So does a browser (Fetch, "HTTP-redirect fetch"), and image hosts that look for the site's name
    rely on it; Scrapy would name the address that redirected. Scrapy itself drops cookies and
    Authorization where host, port or scheme change.
    """

    def process_response(  # type: ignore[override] # a spider is passed no more
        self, request: Request, response: Response
    ) -> Request | Response:
        """The answer itself where its Location is no address at all."""
        try:
            return super().process_response(request, response)
        except ValueError:
            return response

    def handle_referer(self, request: Request, response: Response) -> None:
        page = request.headers.pop("Referer", None)
        shortened = page and referrer(page[-1].decode("latin-1"), request.url)
        if shortened:
            request.headers["Referer"] = shortened


class AsBrowser(StrictOriginWhenCrossOriginPolicy):
    """W3C Referrer Policy, strict-origin-when-cross-origin, which browsers have.

    The page's address on the same origin, the origin on another, nothing from https to http.
    Scrapy takes both addresses apart each time; most requests of a page stay on its origin.
    """

    def referrer(self, response_url: str, request_url: str) -> str | None:
        page, origin = _page_and_origin(response_url)
        if origin.startswith("http") and request_url.startswith(origin):
            return page
        return super().referrer(response_url, request_url)


@lru_cache(maxsize=1000)
def _page_and_origin(url: str) -> tuple[str, str]:
    """A page's address as it may be told, and its origin with the slash that ends it."""
    if plain := _PLAIN_ORIGIN.match(url):
        return url, plain[0]
    page = strip_url(url)
    return page, page[: page.find("/", page.find("//") + 2) + 1]


def referrer(page: str, url: str) -> str | None:
    """What a request for ``url`` may say of the page it stands on; None for nothing."""
    return AsBrowser().referrer(page, url)
