"""A theme whose sites come to name volumes: a module for MANGA_SOURCE_MODULES.

`MANGACRAWL_VOLUMES` says which chapter is in which, such as `1=1,2=1`.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

from mangacrawl.source import Chapter, Response
from mangacrawl.themes.mangareader import MangaReader


class Volumed(MangaReader):
    id = "volumed"

    def parse_chapters(self, response: Response) -> Iterator[Chapter]:
        named = os.environ.get("MANGACRAWL_VOLUMES", "")
        volumes = dict(pair.split("=") for pair in named.split(",") if pair)
        for chapter in super().parse_chapters(response):
            yield replace(chapter, volume=volumes.get(chapter.number or ""))
