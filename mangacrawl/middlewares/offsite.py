"""Links that lead off the site are not followed; Scrapy's own would not let image hosts be."""

from scrapy import Request

from mangacrawl.downloader import SITES
from mangacrawl.errors import REFUSED, Refused
from mangacrawl.middlewares.verify import PAGE_IMAGE
from mangacrawl.wire.sites import site_of


class Offsite:
    """Raises Refused for a page on another site than the series: a link there is no part of it.

    A redirect is followed: it is the site's own answer. Images may be anywhere.
    """

    def process_request(self, request: Request) -> None:
        is_page = SITES in request.meta and PAGE_IMAGE not in request.meta
        is_link = is_page and "redirect_urls" not in request.meta
        if is_link and site_of(request.url) not in request.meta[SITES]:
            raise Refused(f"{REFUSED}{request.url} is on another site")
