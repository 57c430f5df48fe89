"""Makes the volumes of a series again from what is stored, without a request."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

from scrapy.settings import BaseSettings

from mangacrawl.binding.bindery import Bindery, binders
from mangacrawl.choices import choices_of
from mangacrawl.crawl.index import FACT, Index
from mangacrawl.errors import ArgumentError, DiskError, MangacrawlError, Stopped
from mangacrawl.library.collection import KnownSeries
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.library.state import state_folder
from mangacrawl.library.whereabouts import again
from mangacrawl.terminal import say_one_of_many
from mangacrawl.verdict import Cost, Verdict, run_verdict, series_verdict
from mangacrawl.web.library import write_library_page
from mangacrawl.workers import Workers

logger = logging.getLogger(__name__)

ARGUMENTS = ("bundle", "formats", "device", "partial")
"""Those of a crawl that say how volumes are made, not what is fetched."""


def check(arguments: Mapping[str, str]) -> None:
    """Raise ArgumentError for an argument that is wrong, or for which a site would be asked."""
    for name in arguments:
        if name not in ARGUMENTS:
            raise ArgumentError(f"{name}=: here there is {', '.join(ARGUMENTS)}")
    choices_of(arguments, {})


async def _rebind(
    known: KnownSeries, arguments: Mapping[str, str], settings: BaseSettings, binders: Workers
) -> Verdict:
    """Bind a series as a crawl with these arguments would that finds the site unchanged."""
    series = known.series
    index = Index(series, chapters=None, validators=known.facts.get(FACT, ""))
    output, state = Path(settings["MANGA_OUTPUT_DIR"]), state_folder(settings)
    try:
        target = again(known, arguments, settings)
        crawl = await asyncio.to_thread(SeriesCrawl.open, output, state, target, index)
    except MangacrawlError as error:
        return series_verdict(None, series.title, [error])
    for name, value in crawl.as_before.items():
        logger.info("as before: %s=%s", name, value)
    bindery = Bindery(crawl, binders)
    try:
        await bindery.finish()
        await bindery.flush()
        return series_verdict(crawl, series.title, bindery.problems)
    finally:
        await bindery.close()


def rebind_all(
    series: Sequence[KnownSeries], arguments: Mapping[str, str], settings: BaseSettings
) -> Verdict:
    """Bind one series after the other; a signal ends it between two files."""
    started = monotonic()
    verdicts: list[Verdict] = []
    problems: list[MangacrawlError] = []
    try:
        asyncio.run(_rebind_all(series, arguments, settings, verdicts))
        write_library_page(Path(settings["MANGA_OUTPUT_DIR"]), state_folder(settings))
    except KeyboardInterrupt:
        problems.append(Stopped("stopped by a signal"))
    except OSError as error:
        problems.append(DiskError(f"the library page cannot be written: {error}"))
    cost = Cost(monotonic() - started, None, 0)
    return run_verdict(verdicts, len(series), problems, cost)


async def _rebind_all(
    series: Sequence[KnownSeries],
    arguments: Mapping[str, str],
    settings: BaseSettings,
    verdicts: list[Verdict],
) -> None:
    threads = binders()
    for each in series:
        verdicts.append(await _rebind(each, arguments, settings, threads))
        if len(series) > 1:
            say_one_of_many(verdicts[-1])
