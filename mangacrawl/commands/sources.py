"""`scrapy sources`: the sites and themes there are, and how far each was tested."""

import argparse
import json
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from mangacrawl.source import Limit, Source, all_sources, broken_sources, load_sources
from mangacrawl.terminal import table

_COLUMNS = ("id", "kind", "site", "language", "login", "tested", "limits")


class Command(ScrapyCommand):
    """A table on the terminal, or JSON for scripts."""

    requires_project = True
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        return "List the sources and themes"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="for scripts")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None  # noqa: S101 - for mypy
        load_sources(self.settings.getlist("MANGA_SOURCE_MODULES"))
        for name, why in broken_sources().items():
            sys.stderr.write(f"left out: {name}: {why}\n")
        rows = [_row(source) for source in all_sources()]
        if opts.json:
            sys.stdout.write(f"{json.dumps(rows, indent=1)}\n")
            return
        cells = [[row[name] for name in _COLUMNS] for row in rows]
        sys.stdout.writelines(f"{line}\n" for line in table(_COLUMNS, cells))


def _row(source: type[Source]) -> dict[str, str]:
    rates = {part: _rates(limit) for part, limit in source.limits.items()}
    limits = [f"{part}: {rate}" for part, rate in rates.items() if rate]
    return {
        "id": source.id,
        "kind": "source" if source.base_url else "theme",
        "site": source.base_url or "url=",
        "language": source.language or "as the site has it",
        "login": source.login,
        "limits": "; ".join(limits) or "none published",
        "tested": f"closed in {source.closed}" if source.closed else source.tested,
    }


def _rates(limit: Limit) -> str:
    rates = {"s": limit.per_second, "min": limit.per_minute}
    return ", ".join(f"{rate}/{unit}" for unit, rate in rates.items() if rate)
