"""A source whose site has moved: a module for MANGA_SOURCE_MODULES.

`MANGACRAWL_MOVED` is where the site is now, `MANGACRAWL_VOLUME` the volume that it now counts its
chapters to.
"""

import os
from dataclasses import replace

from mangacrawl.parsing.reading import Element
from mangacrawl.source import Chapter, Response
from mangacrawl.themes.mangareader import MangaReader


class Moved(MangaReader):
    id = "moved"
    base_url = os.environ.get("MANGACRAWL_MOVED", "http://127.0.0.1:9")

    def parse_chapter(self, response: Response, row: Element, series: str) -> Chapter | None:
        found = super().parse_chapter(response, row, series)
        return found and replace(found, volume=os.environ.get("MANGACRAWL_VOLUME"))
