"""A challenge or a login is an answer: the request fails with its name and is not sent again."""

from collections import Counter
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from mangacrawl.downloader import BoundedDownloader
from mangacrawl.parsing.challenges import LOGIN, challenge, in_the_way, leads_to_login

_MOST_IN_A_ROW = 10


class RefuseChallenges:
    """Raises Refused for what a site puts in the way, before it counts as overload or a picture.

    After ten in a row a site is asked for nothing more: it has made up its mind.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._in_a_row: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        site = request.meta[BoundedDownloader.DOWNLOAD_SLOT]
        name = challenge(response) or (LOGIN if leads_to_login(request, response) else None)
        if name is None:
            self._in_a_row[site] = 0
            return response
        refused = in_the_way(name)
        self._in_a_row[site] += 1
        downloader = self.crawler.engine.downloader
        if self._in_a_row[site] >= _MOST_IN_A_ROW and isinstance(downloader, BoundedDownloader):
            downloader.drop(site, refused)
        raise refused
