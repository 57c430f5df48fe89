"""MangaDex, API v5. Terms: credit MangaDex and the scanlation groups; no ads, no paid service."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy.http import JsonRequest
from w3lib.url import add_or_replace_parameter

from mangacrawl.errors import NotFound
from mangacrawl.parsing.numbering import number_or_none
from mangacrawl.source import (
    Chapter,
    Limit,
    Page,
    Request,
    Response,
    Series,
    SeriesLink,
    Source,
    Transfer,
    VolumeCover,
    web_address,
)

_DIGEST = re.compile(r"/data(?:-saver)?/.*-([0-9a-f]{64})\.\w+$")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class MangaDex(Source):
    id = "mangadex"
    base_url = "https://mangadex.org"
    example = "f9c33607-9180-4ba6-b85c-e4b5faee7192"  # MangaDex's own, for tests
    api = "https://api.mangadex.org"
    uploads = "https://uploads.mangadex.org"
    reports = "https://api.mangadex.network/report"
    tested = "recorded (2025)"
    limits: ClassVar[Mapping[str, Limit]] = {
        "api.mangadex.org": Limit(concurrency=4, per_second=5),
        "api.mangadex.org/at-home/": Limit(concurrency=4, per_minute=40),
        "api.mangadex.network": Limit(concurrency=10),  # reports wait for no image, nor it for them
    }

    @property
    def origins(self) -> tuple[str, ...]:
        return self.base_url, self.api

    def series_id(self, url: str) -> str:
        found = _UUID.search(url)
        return found[0] if found else super().series_id(url)

    def id_from_name(self, name: str) -> None:
        return None

    def url_request(self, url: str) -> Request:
        return self.series_request(self.series_id(url))

    def series_request(self, series_id: str) -> Request:
        wanted = urlencode({"includes[]": ("author", "artist", "cover_art")}, doseq=True)
        return Request(f"{self.api}/manga/{series_id}?{wanted}")

    def search_request(self, query: str) -> Request:
        wanted = {"title": query, "limit": 50, "contentRating[]": self.wishes.ratings}
        return Request(f"{self.api}/manga?{urlencode(wanted, doseq=True)}")

    def chapters_request(self, series: Series) -> Request:
        wanted = {
            "limit": 500,
            "translatedLanguage[]": self.wishes.languages or ("en",),
            "contentRating[]": self.wishes.ratings,
            "order[volume]": "asc",
            "order[chapter]": "asc",
            "includes[]": "scanlation_group",
            "includeFuturePublishAt": 0,
        }
        return Request(f"{self.api}/manga/{series.id}/feed?{urlencode(wanted, doseq=True)}")

    def pages_request(self, chapter: Chapter) -> Request:
        return Request(f"{self.api}/at-home/server/{chapter.id}")

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        for each in response.json()["data"]:
            title, *others = _titles(each["attributes"])
            yield SeriesLink(each["id"], title, self._page("title", each), tuple(others))

    def parse_series(self, response: Response) -> Series:
        found = response.json()["data"]
        values = found["attributes"]
        title, *others = _titles(values)
        if values["contentRating"] not in self.wishes.ratings:
            raise NotFound(f"{title} is rated {values['contentRating']}; rating= can allow that")
        series_id, covers = found["id"], _related(found, "cover_art", "fileName")
        return Series(
            series_id,
            title,
            self._page("title", found),
            status="ongoing" if values["status"] in {"ongoing", "hiatus"} else "completed",
            authors=_related(found, "author", "name"),
            artists=_related(found, "artist", "name"),
            tags=tuple(tag["attributes"]["name"]["en"] for tag in values["tags"]),
            alternative_titles=tuple(others),
            summary=values["description"].get("en"),
            year=values["year"],
            cover_url=next((self._cover(series_id, name) for name in covers), None),
            direction="rtl" if values["originalLanguage"] == "ja" else None,
        )

    def parse_chapters(self, response: Response) -> Iterator[Chapter | Request]:
        found = response.json()
        for each in found["data"]:
            values = each["attributes"]
            elsewhere = values["externalUrl"] and not values["pages"]
            yield Chapter(
                each["id"],
                self._page("chapter", each),
                number=number_or_none(values["chapter"]),
                volume=number_or_none(values["volume"]),
                title=values["title"] or None,
                language=values["translatedLanguage"],
                group=" & ".join(_related(each, "scanlation_group", "name")) or None,
                released=datetime.fromisoformat(values["publishAt"]).date(),
                page_count=values["pages"] or None,
                unavailable=f"only at {values['externalUrl']}" if elsewhere else None,
            )
        yield from _following(response)

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Page]:
        found = response.json()
        folder, names = ("data-saver", "dataSaver") if self.wishes.is_small else ("data", "data")
        address = f"{found['baseUrl']}/{folder}/{found['chapter']['hash']}"
        for number, name in enumerate(found["chapter"][names], start=1):
            yield Page(number, image_url=web_address(response, f"{address}/{name}"))

    def covers_request(self, series: Series) -> Request:
        wanted = {"manga[]": series.id, "limit": 100, "order[volume]": "asc"}
        return Request(f"{self.api}/cover?{urlencode(wanted)}")

    def parse_covers(self, response: Response) -> Iterator[VolumeCover | Request]:
        """All covers, those in the languages wanted first; volumes have one in each of several."""
        found = response.json()
        languages = self.wishes.languages
        for each in sorted(
            found["data"], key=lambda each: each["attributes"]["locale"] not in languages
        ):
            values = each["attributes"]
            (series_id,) = (one["id"] for one in each["relationships"] if one["type"] == "manga")
            if volume := number_or_none(values["volume"]):
                yield VolumeCover(volume, self._cover(series_id, values["fileName"]))
        yield from _following(response)

    def report_request(self, transfer: Transfer) -> Request | None:
        """Its rules for images from at-home servers: report success and failure alike."""
        if "mangadex.org" in transfer.url:
            return None
        told = {
            "url": transfer.url,
            "success": transfer.status == 200,
            "cached": transfer.cache.upper().startswith("HIT"),
            "bytes": transfer.bytes,
            "duration": round(1000 * transfer.seconds),
        }
        return JsonRequest(self.reports, data=told)

    def expected_sha256(self, image_url: str) -> str | None:
        found = _DIGEST.search(image_url)
        return found[1] if found else None

    def _cover(self, series_id: str, name: str) -> str:
        return f"{self.uploads}/covers/{series_id}/{name}"

    def _page(self, kind: str, found: Any) -> str:
        return f"{self.base_url}/{kind}/{found['id']}"


def _following(response: Response) -> Iterator[Request]:
    """The next page of a list; beyond 10,000 the API refuses."""
    found = response.json()
    following = found["offset"] + found["limit"]
    if following < min(found["total"], 10_000):
        yield Request(add_or_replace_parameter(response.url, "offset", str(following)))


def _titles(values: Any) -> list[str]:
    """The English title, or the first there is, then all others."""
    main = values["title"]
    first = main.get("en") or next(iter(main.values()))
    others = [*main.values(), *(title for each in values["altTitles"] for title in each.values())]
    return list(dict.fromkeys([first, *others]))


def _related(found: Any, kind: str, name: str) -> tuple[str, ...]:
    """Names of what a record is related to, as far as `includes[]` brought their attributes."""
    related = (each for each in found["relationships"] if each["type"] == kind)
    return tuple(each["attributes"][name] for each in related if each.get("attributes"))
