"""Pepper&Carrot by David Revoy. Terms: CC BY 4.0, so keep the credits that each episode has."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from mangacrawl.errors import LayoutError
from mangacrawl.parsing.api import OneSeries, pages_of
from mangacrawl.parsing.numbering import plain_number
from mangacrawl.records import Role
from mangacrawl.source import Chapter, Credit, Request, Response, Series

_EPISODE = re.compile(r"^ep(\d+)_(.+)$")
# Where its codes for languages are not those of ISO 639.
_LANGUAGES = {
    "cn": "zh-Hans", "go": "gos", "jb": "jbo", "kr": "ko", "kt": "avk", "mx": "es-MX", "no": "nb",
    "ns": "nds", "ph": "fil", "sz": "szl",
}  # fmt: skip
_ROLES: dict[str, Role] = {"scenario": "writer", "art": "artist"}
_PLACES = {"cover": -2, "title": -1, "credits": 1000}


class PepperCarrot(OneSeries):
    id = "peppercarrot"
    base_url = "https://www.peppercarrot.com"
    example = "peppercarrot"
    lists_pages = True
    title = "Pepper&Carrot"
    series_path = "/0_sources/episodes-v1.json"

    def parse_series(self, response: Response) -> Series:
        author = ("David Revoy",)
        return Series(self.id, self.title, self.base_url, authors=author, direction="ltr")

    def parse_chapters(self, response: Response) -> Iterator[Chapter]:
        folder = "low-res" if self.wishes.is_small else "hi-res"
        episodes = response.json()
        if not episodes:
            raise LayoutError(f"found no episodes for 'name' at {response.url}")
        for episode in episodes:
            number, title = _EPISODE.findall(episode["name"])[0]
            address = f"{self.base_url}/0_sources/{episode['name']}"
            order = sorted(episode["pages"], key=lambda key: _PLACES.get(key) or int(key))
            for code in episode["translated_languages"]:
                images = (f"{address}/{folder}/{code}_{episode['pages'][key]}" for key in order)
                yield Chapter(
                    f"ep{number}-{code}",
                    f"{address}/info.json",
                    number=plain_number(number),
                    title=title.replace("-", " "),
                    language=_LANGUAGES.get(code, code),
                    pages=tuple(pages_of(response, images)),
                )

    def pages_request(self, chapter: Chapter) -> Request:
        return Request(chapter.url)

    def parse_pages(self, response: Response, chapter: Chapter) -> Iterator[Chapter]:
        """An episode's credits; its pages are known."""
        found = response.json()
        who = tuple(
            Credit(role, name.partition(" <")[0])
            for key, role in _ROLES.items()
            for name in found["credits"].get(key, ())
        )
        yield replace(chapter, credits=who, released=date.fromisoformat(found["published"]))
