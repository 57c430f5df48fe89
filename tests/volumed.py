"""A theme whose sites come to name volumes: a module for MANGA_SOURCE_MODULES.

`MANGACRAWL_VOLUMES` says which chapter is in which, such as `1=1,2=1`.
"""

import os
from dataclasses import replace

from mangacrawl.parsing.reading import Element
from mangacrawl.source import Chapter, Response
from mangacrawl.themes.mangareader import MangaReader


class Volumed(MangaReader):
    id = "volumed"

    def parse_chapter(self, response: Response, row: Element, series: str) -> Chapter | None:
        found = super().parse_chapter(response, row, series)
        named = os.environ.get("MANGACRAWL_VOLUMES", "")
        volumes = dict(pair.split("=") for pair in named.split(",") if pair)
        return found and replace(found, volume=volumes.get(found.number or ""))
