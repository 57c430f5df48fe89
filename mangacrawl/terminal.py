"""What a person at a terminal gets from every command: plain lines, and a last one that counts."""

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

from mangacrawl.redaction import redact_logs
from mangacrawl.safe import visible
from mangacrawl.verdict import Verdict, one_of_many

logger = logging.getLogger(__name__)

_CHATTY = (
    "pikepdf", "scrapy.addons", "scrapy.core", "scrapy.crawler", "scrapy.middleware",
)  # fmt: skip
"""Loggers that list components; Scrapy's feeds still say what they stored."""

_WIDEST_COLUMN = 60


class PlainCommand(ScrapyCommand):
    """A command whose lines are its own from the first on, and hold no secret.

    Its `run` calls `begin_to_speak`.
    """

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        redact_logs()
        super().process_options(args, opts)
        assert self.settings is not None  # noqa: S101 - for mypy
        if self.settings["LOG_LEVEL"] != "DEBUG":
            logging.disable(logging.INFO)  # what Scrapy tells of itself; it resets levels before
            use_plain_lines(self.settings)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines with columns one below the other; the last one is as wide as it is."""
    shown = [heads, *([visible(cell) for cell in row] for row in rows)]
    widths = [
        min(_WIDEST_COLUMN, max(cell_len(row[column]) for row in shown))
        for column in range(len(heads) - 1)
    ]
    for *cells, last in shown:
        parts = [set_cell_size(cell, width) for cell, width in zip(cells, widths, strict=True)]
        yield "  ".join([*parts, last]).rstrip()


def begin_to_speak(settings: BaseSettings) -> None:
    """Let the lines of a command itself through."""
    logging.disable(logging.NOTSET)
    if settings["LOG_LEVEL"] != "DEBUG":
        use_plain_lines(settings)


def use_plain_lines(settings: BaseSettings) -> None:
    """Log sentences without time and level; ``-L DEBUG`` brings those back."""
    if settings["LOG_LEVEL"] != "DEBUG":
        if not settings["LOG_FILE"]:
            settings.set("LOG_FORMAT", "%(message)s", priority="command")
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)


def say_how_it_ended(verdict: Verdict, settings: BaseSettings) -> int:
    """Log a verdict, on stderr even where the log goes elsewhere; returns the exit code."""
    for line in verdict.details:
        logger.warning(line)
    log = logger.info if verdict.exit_code == 0 else logger.error
    log("%s", verdict.words)
    if settings["LOG_FILE"] or not settings.getbool("LOG_ENABLED"):
        sys.stderr.write(f"{verdict.words}\n")
    return verdict.exit_code


def say_one_of_many(verdict: Verdict) -> None:
    """Tell how a series among many has ended; never as an error, which is the program's alone."""
    logger.log(logging.WARNING if verdict.problem else logging.INFO, one_of_many(verdict))
    for line in verdict.details:
        logger.warning(line)
