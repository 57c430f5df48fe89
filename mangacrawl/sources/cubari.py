"""Cubari: a reader of lists that people keep in gists. Terms: those of who made a list."""

import re
from urllib.parse import urlsplit

from mangacrawl.source import Request, Response
from mangacrawl.themes.guya import Guya

_READER = re.compile(r"/read/(?:api/)?([^/]+)/(?:series/)?([^/]+)")


class Cubari(Guya):
    id = "cubari"
    base_url = "https://cubari.moe"
    tested = "recorded (2024)"

    def series_id(self, url: str) -> str:
        """`gist/<slug>` for a page of the reader; the address itself for a list elsewhere."""
        found = _READER.match(urlsplit(url).path)
        return f"{found[1]}/{found[2]}" if found and self._is_ours(url) else url

    def id_from_name(self, name: str) -> None:
        return None

    def series_request(self, series_id: str) -> Request:
        kind, _, slug = series_id.partition("/")
        is_elsewhere = series_id.startswith(("http://", "https://"))
        address = series_id if is_elsewhere else f"{self.base_url}/read/api/{kind}/series/{slug}/"
        return Request(address)

    def search_request(self, query: str) -> None:
        return None

    def series_url(self, url: str) -> str:
        return f"{self.base_url}/read/{self.series_id(url)}/" if self._is_ours(url) else url

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return {"title", "description", "chapters"} <= set(response.json())

    def _is_ours(self, url: str) -> bool:
        return url.startswith(f"{self.base_url}/")
