"""A challenge or a login is an answer: the request fails with its name and is not sent again."""

from collections import Counter

from scrapy import Request
from scrapy.http import Response

from mangacrawl.challenges import LOGIN, challenge, in_the_way, leads_to_login
from mangacrawl.downloader import SOURCE

_MOST_IN_A_ROW = 10


class RefuseChallenges:
    """Raises Refused for what a site puts in the way, before it counts as overload or a picture.

    After ten in a row a site is asked for nothing more: it has made up its mind.
    """

    def __init__(self) -> None:
        self._in_a_row: Counter[str | None] = Counter()
        self._last = ""

    def process_request(self, request: Request) -> None:
        if self._in_a_row[request.meta.get(SOURCE)] >= _MOST_IN_A_ROW:
            raise in_the_way(self._last)

    def process_response(self, request: Request, response: Response) -> Response:
        site = request.meta.get(SOURCE)
        name = challenge(response) or (LOGIN if leads_to_login(response) else None)
        if name is None:
            self._in_a_row[site] = 0
            return response
        self._in_a_row[site] += 1
        self._last = name
        raise in_the_way(name)
