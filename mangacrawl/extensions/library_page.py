"""Renders the library page when a run ends."""

import asyncio
import logging
from pathlib import Path
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from mangacrawl.errors import DiskError
from mangacrawl.extensions.report import RunReport
from mangacrawl.library.state import state_folder
from mangacrawl.spiders.manga import MangaSpider, spider_of
from mangacrawl.web.library import write_library_page

logger = logging.getLogger(__name__)


class LibraryPage:
    """Keeps ``index.html`` in the output folder true."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.output = Path(crawler.settings["MANGA_OUTPUT_DIR"])
        self.state = state_folder(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    async def spider_closed(self, spider: Spider) -> None:
        if not isinstance(spider, MangaSpider) or all(run.preview for run in spider.runs):
            return
        if reports := self.crawler.get_extension(RunReport):
            await reports.written()  # they are linked where they are there
        try:
            shelf = await asyncio.to_thread(write_library_page, self.output, self.state)
        except OSError as error:
            problem = DiskError.of("write the library page", error)
            spider_of(self.crawler).problems.append(problem)
        else:
            if shelf:
                logger.info("look: %s", self.output / "index.html")
