"""robots.txt as RFC 9309 has it: what cannot be had for a fault of the server allows nothing."""

import asyncio
import logging
import math
from collections.abc import Awaitable

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from mangacrawl.downloader import SOURCE
from mangacrawl.errors import Refused, Unreachable
from mangacrawl.extensions.throttle import Throttle
from mangacrawl.wire.waits import LONGEST_PAUSE_SECONDS

logger = logging.getLogger(__name__)

_MAX_BYTES = 500 * 1024
"""RFC 9309, section 2.5: a parser reads at least so much and may ignore the rest."""


class RobotsTxt(RobotsTxtMiddleware):
    """Asks each host once; a 4xx allows everything, a 5xx or no answer nothing (section 2.3.1).

    Stock Scrapy reads an error page as rules and takes silence for consent. Raises Refused for
    what the rules forbid, and Unreachable or the downloader's error where they cannot be had.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, asyncio.Task[RobotParser]] = {}

    def process_request(  # type: ignore[override] # a spider is passed no more
        self, request: Request
    ) -> Awaitable[None] | None:
        rules = self._rules.get(urlparse_cached(request).netloc)
        if rules is None or not rules.done():
            return super().process_request(request)
        if not request.meta.get("dont_obey_robotstxt"):
            self.process_request_2(rules.result(), request)
        return None

    async def robot_parser(self, request: Request) -> RobotParser:
        netloc = urlparse_cached(request).netloc
        if netloc not in self._rules:
            self._rules[netloc] = asyncio.ensure_future(self._fetch(request))
        return await asyncio.shield(self._rules[netloc])

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        agent = self._robotstxt_useragent or self._default_useragent
        if rp is not None and not rp.allowed(request.url, agent):
            self._stats.inc_value("robotstxt/forbidden")
            raise Refused(f"robots.txt forbids {request.url}")

    async def _fetch(self, request: Request) -> RobotParser:
        url = urlparse_cached(request)
        robots = Request(
            f"{url.scheme}://{url.netloc}/robots.txt",
            callback=NO_CALLBACK,
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True, "max_retry_times": 2}
            | {key: request.meta[key] for key in (SOURCE,) if key in request.meta},
        )
        self._stats.inc_value("robotstxt/request_count")
        response: Response = await self.crawler.engine.download_async(robots)
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= 500:
            raise Unreachable(
                f"{url.netloc} answers HTTP {response.status} for robots.txt, which forbids all"
            )
        rules = response.body[:_MAX_BYTES] if response.status == 200 else b""
        parser = self._parserimpl.from_crawler(self.crawler, rules)
        self._apply_delay(parser, url.netloc, robots.meta.get(SOURCE) or url.hostname or "")
        return parser

    def _apply_delay(self, parser: RobotParser, host: str, slot: str) -> None:
        """Crawl-delay is no part of RFC 9309, but who writes it means it."""
        delay = parser.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        throttle = self.crawler.get_extension(Throttle)
        if not (delay and 0 < delay < math.inf and throttle):
            return
        if delay > LONGEST_PAUSE_SECONDS:
            raise Refused(f"robots.txt of {host} asks for {delay:,.0f} s between requests")
        logger.info("robots.txt of %s asks for %g s between requests: kept", host, delay)
        throttle.pace(slot, delay)
