"""A theme whose sites publish limits: a module for MANGA_SOURCE_MODULES."""

from collections.abc import Mapping
from typing import ClassVar

from mangacrawl.source import Limit
from mangacrawl.themes.mangareader import MangaReader


class Limited(MangaReader):
    id = "limited"
    limits: ClassVar[Mapping[str, Limit]] = {"127.0.0.1": Limit(concurrency=2, per_second=20)}
