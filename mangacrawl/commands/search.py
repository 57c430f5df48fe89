"""`scrapy search`: which sources have a series, and how to crawl it there."""

import argparse
import json
import shlex
import sys

from scrapy.commands import ScrapyCommand

from mangacrawl.errors import ArgumentError, Incomplete, MangacrawlError, NotFound, worst
from mangacrawl.logins import Logins
from mangacrawl.redaction import redact_logs
from mangacrawl.safe import visible
from mangacrawl.searching import Hit, Search, searchable
from mangacrawl.source import load_sources
from mangacrawl.terminal import be_quiet_until_run, begin_to_speak, say_how_it_ended, table
from mangacrawl.verdict import Verdict
from mangacrawl.words import counted


class Command(ScrapyCommand):
    """Searches all sources that can be searched, or those named."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] <query>"

    def short_desc(self) -> str:
        return "Search the sources for a series"

    def long_desc(self) -> str:
        return (
            "Lists the series whose title has all words of the query, each with the arguments of "
            "`scrapy crawl manga` that name it. Exit code 5 if there is none, 3 if a source did "
            "not answer."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="for scripts")
        parser.add_argument(
            "--source",
            action="append",
            default=[],
            metavar="ID",
            help="search only here (may be repeated; `scrapy sources` lists all)",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        redact_logs()
        super().process_options(args, opts)
        assert self.settings is not None  # noqa: S101 - for mypy
        be_quiet_until_run(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None  # noqa: S101 - for mypy
        assert self.settings is not None  # noqa: S101 - for mypy
        begin_to_speak(self.settings)
        query = " ".join(args).strip()
        try:
            if not query:
                raise ArgumentError("say what to search for: scrapy search QUERY")
            load_sources(self.settings.getlist("MANGA_SOURCE_MODULES"))
            sources = searchable(opts.source, query)
            Logins.read(self.settings).check(source.key for source in sources)
        except MangacrawlError as error:
            self.exitcode = say_how_it_ended(Verdict(error, visible(str(error))), self.settings)
            return
        crawler = self.crawler_process.create_crawler(Search)
        begin_to_speak(self.settings)
        self.crawler_process.crawl(crawler, query=query, sources=sources)
        self.crawler_process.start()
        search = crawler.spider
        assert isinstance(search, Search)  # noqa: S101 - for mypy
        _show(search.hits(), as_json=opts.json)
        self.exitcode = say_how_it_ended(_verdict(search), self.settings)


def _show(hits: list[Hit], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "source": hit.source,
                "id": hit.link.id,
                "title": hit.link.title,
                "alternative_titles": hit.link.alternative_titles,
                "url": hit.link.url,
                "arguments": hit.arguments,
            }
            for hit in hits
        ]
        sys.stdout.write(f"{json.dumps(rows, indent=1)}\n")
        return
    if hits:
        heads = ("source", "title", "scrapy crawl manga …")
        cells = [(hit.source, hit.link.title, shlex.join(hit.arguments)) for hit in hits]
        sys.stdout.writelines(f"{line}\n" for line in table(heads, cells))


def _verdict(search: Search) -> Verdict:
    hits = search.hits()
    places = counted(len(search.sources) - len(search.problems), "source")
    line = f"{search.query}: {counted(len(hits), 'series', 'series')} at {places}"
    details = tuple(visible(str(each)) for each in search.problems)
    problem = worst(search.problems)
    if hits and problem:
        line += "; not every source answered"
        problem = Incomplete(line)
    elif not hits and problem is None:
        line += "; try fewer words, or another spelling"
        problem = NotFound(line)
    return Verdict(problem, visible(line), details)
