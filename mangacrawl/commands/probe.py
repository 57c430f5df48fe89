"""`scrapy probe`: which sites have changed their layout, for a nightly job."""

import argparse
import json
import sys
import tempfile
from collections import Counter

from mangacrawl.errors import worst
from mangacrawl.source import Source
from mangacrawl.terminal import table
from mangacrawl.verdict import Verdict
from mangacrawl.visits.probing import Finding, Probe, probeable, probed_settings
from mangacrawl.visits.visiting_command import VisitingCommand
from mangacrawl.words import counted

_COLUMNS = ("source", "state", "pages", "what")


class Command(VisitingCommand):
    """Probes all sources that name an example, or those named."""

    is_silent = True

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

    def verdict(self, args: list[str], opts: argparse.Namespace) -> Verdict:
        assert self.settings is not None  # noqa: S101 - for mypy
        sources = probeable(args)
        with tempfile.TemporaryDirectory(prefix="mangacrawl-probe-") as folder:
            findings = self._findings(sources, folder)
        _show(findings, as_json=opts.json)
        return _verdict(findings)

    def _findings(self, sources: list[type[Source]], folder: str) -> list[Finding]:
        assert self.settings is not None  # noqa: S101 - for mypy
        probed_settings(self.settings, folder)
        return self.crawled(Probe, sources=sources).findings()


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
