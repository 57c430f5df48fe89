"""Runs the built-in demo site as a child for as long as a crawl of it lasts."""

import asyncio
import os
import subprocess
import sys
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from mangacrawl.errors import MangacrawlError
from mangacrawl.sources.demo import Demo
from mangacrawl.spiders.manga import MangaSpider


class DemoSite:
    """The child serves on a free loopback port until its stdin ends, so it never outlives us."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    async def spider_opened(self, spider: Spider) -> None:
        demos = [each for each in getattr(spider, "sources", []) if isinstance(each, Demo)]
        if demos:
            try:
                address = await asyncio.to_thread(self._start)
            except OSError as error:
                if isinstance(spider, MangaSpider):
                    spider.give_up(MangacrawlError(f"the demo site does not start: {error}"))
            else:
                for demo in demos:
                    demo.base_url = address

    def spider_closed(self) -> None:
        if self._child and self._child.stdin:
            self._child.stdin.close()
            self._child.wait(timeout=5)

    def _start(self) -> str:
        """Start the child; returns its base URL, the first line that it prints."""
        self._child = subprocess.Popen(
            [sys.executable, "-m", "mangacrawl.demo", "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},  # also from an egg
        )
        url = self._child.stdout.readline().strip() if self._child.stdout else ""
        if not url:
            raise OSError(f"it ended with {self._child.wait()}")
        return url
