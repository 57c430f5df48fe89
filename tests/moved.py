"""A source whose site has moved: a module for MANGA_SOURCE_MODULES.

`MANGACRAWL_MOVED` is where the site is now, `MANGACRAWL_VOLUME` the volume that it now counts its
chapters to.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

from mangacrawl.source import Chapter, Response
from mangacrawl.themes.mangareader import MangaReader


class Moved(MangaReader):
    id = "moved"
    base_url = os.environ.get("MANGACRAWL_MOVED", "http://127.0.0.1:9")

    def parse_chapters(self, response: Response) -> Iterator[Chapter]:
        for chapter in super().parse_chapters(response):
            yield replace(chapter, volume=os.environ.get("MANGACRAWL_VOLUME"))
