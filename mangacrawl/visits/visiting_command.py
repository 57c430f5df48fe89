"""What the commands have in common that ask sites for something beside a crawl."""

import argparse
import logging
from abc import abstractmethod
from typing import Any, TypeVar

from scrapy import Spider

from mangacrawl.errors import MangacrawlError
from mangacrawl.safe import visible
from mangacrawl.source import load_sources
from mangacrawl.stopping import Stopping
from mangacrawl.terminal import PlainCommand, begin_to_speak, say_how_it_ended
from mangacrawl.verdict import Verdict

S = TypeVar("S", bound=Spider)


class VisitingCommand(PlainCommand):
    """A command with a spider of its own, whose last line and exit code are a verdict."""

    requires_project = True
    is_silent = False
    """Whether the lines of its spider are hidden: what the command shows says it all."""

    @abstractmethod
    def verdict(self, args: list[str], opts: argparse.Namespace) -> Verdict:
        """Do what the command is for; a MangacrawlError that it raises is the verdict too."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None  # noqa: S101 - for mypy
        begin_to_speak(self.settings)
        try:
            load_sources(self.settings.getlist("MANGA_SOURCE_MODULES"))
            verdict = self.verdict(args, opts)
        except MangacrawlError as error:
            verdict = Verdict(error, visible(str(error)))
        self.exitcode = say_how_it_ended(verdict, self.settings)

    def crawled(self, kind: type[S], **arguments: Any) -> S:
        """The spider of this kind after its crawl."""
        assert self.crawler_process is not None  # noqa: S101 - for mypy
        assert self.settings is not None  # noqa: S101 - for mypy
        crawler = self.crawler_process.create_crawler(kind)
        begin_to_speak(self.settings)
        if self.is_silent and self.settings["LOG_LEVEL"] != "DEBUG":
            logging.disable(logging.WARNING)
        with Stopping(crawler).heeded():
            self.crawler_process.crawl(crawler, **arguments)
            self.crawler_process.start(install_signal_handlers=False)
        logging.disable(logging.NOTSET)
        spider = crawler.spider
        if not isinstance(spider, kind):
            raise MangacrawlError("ended by a fault of the program; -L DEBUG shows it")
        return spider
