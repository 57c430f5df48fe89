"""Redirects that tell the next host no more than a browser would."""

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response
from scrapy.spidermiddlewares.referer import StrictOriginWhenCrossOriginPolicy


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


def referrer(page: str, url: str) -> str | None:
    """What a request for ``url`` may say of the page it stands on; None for nothing.

    W3C Referrer Policy, strict-origin-when-cross-origin: the address on the same origin, the
    origin on another, nothing from https to http.
    """
    return StrictOriginWhenCrossOriginPolicy().referrer(page, url)
