"""`scrapy bundle`: makes volumes again from stored pages, without a single request."""

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.conf import arglist_to_dict
from scrapy.utils.log import configure_logging

from mangacrawl.binding import rebinding
from mangacrawl.errors import MangacrawlError
from mangacrawl.library.collection import known_series, series_called
from mangacrawl.library.state import state_folder
from mangacrawl.redaction import redact_logs
from mangacrawl.safe import visible
from mangacrawl.terminal import say_how_it_ended, use_plain_lines
from mangacrawl.verdict import Verdict


class Command(ScrapyCommand):
    """Binds all series again, or those named."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] [series ...]"

    def short_desc(self) -> str:
        return "Make volumes again from stored pages"

    def long_desc(self) -> str:
        return (
            "Makes the volumes of all series, or of those named by title, id or key, from stored "
            "pages, with other formats, device or plan. Asks no site for anything."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="arguments",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help=f"as for scrapy crawl manga: {', '.join(rebinding.ARGUMENTS)}",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        redact_logs()
        super().process_options(args, opts)
        try:
            opts.arguments = arglist_to_dict(opts.arguments)
        except ValueError:
            raise UsageError("say -a NAME=VALUE", print_help=False) from None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None  # noqa: S101 - for mypy
        use_plain_lines(self.settings)
        configure_logging(self.settings)
        try:
            rebinding.check(opts.arguments)
            state = state_folder(self.settings)
            series = series_called(args, state) if args else known_series(state)
        except MangacrawlError as error:
            verdict = Verdict(error, visible(str(error)))
        else:
            verdict = rebinding.rebind_all(series, opts.arguments, self.settings)
        self.exitcode = say_how_it_ended(verdict, self.settings)
