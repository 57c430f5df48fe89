"""Has a crawl get Ctrl-C before its engine is there: a module for MANGA_SOURCE_MODULES."""

import os
import signal
from typing import Any

from mangacrawl.spiders.manga import MangaSpider

really_made: Any = MangaSpider.__init__


def made(spider: MangaSpider, *arguments: Any, **more: Any) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    really_made(spider, *arguments, **more)


MangaSpider.__init__ = made  # type: ignore[method-assign,assignment]
