"""MangaDex as it answers a crawl: its API, its limits, an at-home server whose addresses expire."""

import hashlib
import json
import time
from collections import deque
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fixed import Answer, Asked, as_json, picture

SERIES = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
SECOND, MINUTE = 1.0, 60.0
ON_ITS_WAY_SECONDS = 0.25
"""What was sent before the client could know of a limit may still arrive."""


def image(chapter: int, page: int) -> bytes:
    return picture(chapter % 20 * 10 + page)


@dataclass
class Window:
    """A limit: so many requests in so many seconds, whichever they are."""

    most: int
    seconds: float
    arrivals: deque[float] = field(default_factory=deque)
    peak: int = 0
    """The most requests that there ever were in such a time."""

    def takes(self, now: float) -> bool:
        while self.arrivals and self.arrivals[0] <= now - self.seconds:
            self.arrivals.popleft()
        self.arrivals.append(now)
        self.peak = max(self.peak, len(self.arrivals))
        return len(self.arrivals) <= self.most


class MangaDexSite:
    """Answers for `tests.fixed.serving`: chapters of two pages, made by two groups in turn.

    Every page of a list has `per_page` chapters. An address from at-home serves `token_images`
    images, then 403. The first `refusals` requests to at-home get 429.
    """

    def __init__(self, chapters: int = 3, *, per_page: int = 2, refusals: int = 0) -> None:
        self.url = ""
        self.chapters = chapters
        self.per_page = per_page
        self.refusals = refusals
        self.token_images = 1_000_000
        self.wrong_hash = ""
        self.report = Answer(b"{}")
        self.reports: list[dict[str, Any]] = []
        self.early = 0
        self.global_limit = Window(5, SECOND)
        self.at_home_limit = Window(40, MINUTE)
        self._held = (0.0, 0.0)
        self._served: dict[str, int] = {}
        self._lock = Lock()

    def __call__(self, asked: Asked) -> Answer:
        with self._lock:
            parts = urlsplit(asked.path)
            if parts.path.startswith("/node/"):
                return self._image(parts.path)
            if parts.path == f"/covers/{SERIES}/0c0ffee1.png":
                return Answer(picture(200))
            if parts.path == "/report":
                self.reports.append(
                    json.loads(asked.body) | {"type": asked.headers["content-type"]}
                )
                return self.report
            if parts.path == "/robots.txt":
                return Answer(status=404)
            return self._api(parts.path, parse_qs(parts.query))

    def _api(self, path: str, query: dict[str, list[str]]) -> Answer:
        now = time.monotonic()
        learnt, until = self._held
        self.early += learnt < now < until
        if not self.global_limit.takes(now):
            return self._too_many()
        if path.startswith("/at-home/server/"):
            if not self.at_home_limit.takes(now) or self.refusals > 0:
                self.refusals -= 1
                return self._too_many()
            return self._at_home(path.rpartition("/")[2])
        answers = {
            "/manga": self._search,
            f"/manga/{SERIES}": self._series,
            f"/manga/{SERIES}/feed": self._feed,
            "/cover": self._covers,
        }
        return answers[path](query) if path in answers else as_json({"result": "error"}, 404)

    def _too_many(self) -> Answer:
        """A UNIX time, in whole seconds, says from when on it may be asked again."""
        until = int(time.time()) + 2
        now = time.monotonic()
        self._held = now + ON_ITS_WAY_SECONDS, now + until - time.time()
        return as_json({"result": "error"}, 429, **{"X-RateLimit-Retry-After": str(until)})

    def _search(self, _: object) -> Answer:
        titles = {SERIES: "Lantern Road", OTHER: "Lantern Road Nights"}
        found = [
            {"id": id_, "attributes": {"title": {"en": title}, "altTitles": []}}
            for id_, title in titles.items()
        ]
        return as_json({"data": found})

    def _series(self, _: object) -> Answer:
        related = [("author", "name", "Abe Mori"), ("artist", "name", "Sato Rin")]
        values = {
            "title": {"en": "Lantern Road"}, "altTitles": [], "description": {}, "year": 2019,
            "originalLanguage": "ja", "status": "completed", "contentRating": "safe", "tags": [],
        }  # fmt: skip
        relationships = [{"type": kind, "attributes": {key: name}} for kind, key, name in related]
        found = {"id": SERIES, "attributes": values, "relationships": relationships}
        return as_json({"data": found})

    def _feed(self, query: dict[str, list[str]]) -> Answer:
        start = int(query.get("offset", ["0"])[0])
        numbers = range(start + 1, min(start + self.per_page, self.chapters) + 1)
        return as_json({
            "data": [self._chapter(number) for number in numbers],
            "limit": self.per_page, "offset": start, "total": self.chapters,
        })  # fmt: skip

    def _chapter(self, number: int) -> dict[str, Any]:
        values = {
            "volume": str((number + 9) // 10), "chapter": str(number), "title": f"Part {number}",
            "translatedLanguage": "en", "externalUrl": None, "pages": 2, "version": 1,
            "publishAt": "2020-02-01T10:00:00+00:00",
        }  # fmt: skip
        if number == self.chapters > 1:
            values |= {"externalUrl": "https://publisher.example/last", "pages": 0}
        group = {"type": "scanlation_group", "attributes": {"name": f"Group {number % 2}"}}
        return {"id": str(number), "attributes": values, "relationships": [group]}

    def _covers(self, _: object) -> Answer:
        values = {"volume": "1", "fileName": "0c0ffee1.png", "locale": "ja"}
        cover = {"attributes": values, "relationships": [{"type": "manga", "id": SERIES}]}
        return as_json({"data": [cover], "limit": 100, "offset": 0, "total": 1})

    def _at_home(self, chapter: str) -> Answer:
        token = f"{chapter}.{len(self._served)}"
        self._served[token] = 0
        names = []
        for page in (1, 2):
            digest = hashlib.sha256(image(int(chapter), page)).hexdigest()
            names.append(f"{page}-{self.wrong_hash or digest}.png")
        pages = {"hash": chapter, "data": names, "dataSaver": names}
        return as_json({"baseUrl": f"{self.url}/node/{token}", "chapter": pages})

    def _image(self, path: str) -> Answer:
        _, _, token, _, chapter, name = path.split("/")
        self._served[token] += 1
        if self._served[token] > self.token_images:
            return Answer(status=403)
        return Answer(image(int(chapter), int(name[0])), headers={"X-Cache": "HIT, MISS"})
