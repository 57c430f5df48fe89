"""`scrapy search`: which sources have a series, and how to crawl it there."""

import argparse
import json
import shlex
import sys

from mangacrawl.errors import ArgumentError, Incomplete, NotFound, worst
from mangacrawl.safe import visible
from mangacrawl.terminal import table
from mangacrawl.verdict import Verdict
from mangacrawl.visits.searching import Hit, Search, searchable
from mangacrawl.visits.visiting_command import VisitingCommand
from mangacrawl.wire.logins import Logins
from mangacrawl.words import counted


class Command(VisitingCommand):
    """Searches all sources that can be searched, or those named."""

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

    def verdict(self, args: list[str], opts: argparse.Namespace) -> Verdict:
        query = " ".join(args).strip()
        if not query:
            raise ArgumentError("say what to search for: scrapy search QUERY")
        sources = searchable(opts.source, query)
        assert self.settings is not None  # noqa: S101 - for mypy
        Logins.read(self.settings).check(source.key for source in sources)
        search = self.crawled(Search, query=query, sources=sources)
        _show(search.hits(), as_json=opts.json)
        return _verdict(search)


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
