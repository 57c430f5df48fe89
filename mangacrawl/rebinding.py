"""Makes the volumes of a series again from what is stored, without a request."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

from scrapy.settings import BaseSettings

from mangacrawl.bindery import Bindery
from mangacrawl.collection import KnownSeries
from mangacrawl.errors import ArgumentError, MangacrawlError
from mangacrawl.index import FACT, Index
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.state import state_folder
from mangacrawl.target import Target, choices_of
from mangacrawl.verdict import Verdict, series_verdict
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


async def rebind(
    known: KnownSeries, arguments: Mapping[str, str], settings: BaseSettings, binders: Workers
) -> Verdict:
    """Bind a series as a crawl with these arguments would that finds the site unchanged."""
    series = known.series
    index = Index(series, chapters=None, validators=known.facts.get(FACT, ""))
    output, state = Path(settings["MANGA_OUTPUT_DIR"]), state_folder(settings)
    try:
        target = Target.again(series, known.facts, arguments, settings)
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
