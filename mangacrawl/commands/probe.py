"""`scrapy probe`: which sites have changed their layout, for a nightly job."""

import argparse
import json
import logging
import sys
import tempfile
from collections import Counter

from scrapy.commands import ScrapyCommand

from mangacrawl.errors import MangacrawlError, worst
from mangacrawl.probing import Finding, Probe, probeable, probed_settings
from mangacrawl.redaction import redact_logs
from mangacrawl.safe import visible
from mangacrawl.source import Source, load_sources
from mangacrawl.terminal import be_quiet_until_run, begin_to_speak, say_how_it_ended, table
from mangacrawl.verdict import Verdict
from mangacrawl.words import counted

_COLUMNS = ("source", "state", "pages", "what")


class Command(ScrapyCommand):
    """Probes all sources that name an example, or those named."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] [source ...]"

    def short_desc(self) -> str:
        return "Crawl a chapter of each source and tell which sites have changed"

    def long_desc(self) -> str:
        return (
            "Crawls the latest chapter of each source's example series, two requests at a time, "
            "into a folder that goes away. Exit code 5 if a site's layout has changed, 4 if one is "
            "down, 6 if one refuses; the worst counts."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="for scripts")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        redact_logs()
        super().process_options(args, opts)
        assert self.settings is not None  # noqa: S101 - for mypy
        be_quiet_until_run(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None  # noqa: S101 - for mypy
        begin_to_speak(self.settings)
        try:
            load_sources(self.settings.getlist("MANGA_SOURCE_MODULES"))
            sources = probeable(args)
        except MangacrawlError as error:
            self.exitcode = say_how_it_ended(Verdict(error, visible(str(error))), self.settings)
            return
        with tempfile.TemporaryDirectory(prefix="mangacrawl-probe-") as folder:
            findings = self._findings(sources, folder)
        _show(findings, as_json=opts.json)
        self.exitcode = say_how_it_ended(_verdict(findings), self.settings)

    def _findings(self, sources: list[type[Source]], folder: str) -> list[Finding]:
        assert self.crawler_process is not None  # noqa: S101 - for mypy
        assert self.settings is not None  # noqa: S101 - for mypy
        probed_settings(self.settings, folder)
        crawler = self.crawler_process.create_crawler(Probe)
        begin_to_speak(self.settings)
        if self.settings["LOG_LEVEL"] != "DEBUG":
            logging.disable(logging.WARNING)  # the table says it all
        self.crawler_process.crawl(crawler, sources=sources)
        self.crawler_process.start()
        logging.disable(logging.NOTSET)
        probe = crawler.spider
        assert isinstance(probe, Probe)  # noqa: S101 - for mypy
        return probe.findings()


def _show(findings: list[Finding], *, as_json: bool) -> None:
    rows = [
        {"source": each.source, "state": each.state, "pages": each.pages, "what": each.what}
        for each in findings
    ]
    if as_json:
        sys.stdout.write(f"{json.dumps(rows, indent=1, ensure_ascii=False)}\n")
    else:
        cells = [[str(value) for value in row.values()] for row in rows]
        sys.stdout.writelines(f"{line}\n" for line in table(_COLUMNS, cells))


def _verdict(findings: list[Finding]) -> Verdict:
    problem = worst(each.problem for each in findings if each.problem)
    counts = Counter(each.state for each in findings)
    states = ", ".join(f"{count} {state}" for state, count in counts.items()) or "none to probe"
    return Verdict(problem, f"probed {counted(len(findings), 'source')}: {states}")
