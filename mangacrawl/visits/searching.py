"""Asks many sources at once which series they have of a name; a spider without items."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from twisted.python.failure import Failure

from mangacrawl.crawl.finding import alike, is_exact
from mangacrawl.downloader import SOURCE
from mangacrawl.errors import ArgumentError, MangacrawlError, NotFound
from mangacrawl.failures import problem
from mangacrawl.records import SeriesLink
from mangacrawl.source import Response, Source, all_sources, read, source_named


@dataclass(frozen=True, slots=True)
class Hit:
    """A series that a search found, and the arguments of ``scrapy crawl manga`` that name it."""

    source: str
    link: SeriesLink

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("-a", f"source={self.source}", "-a", f"id={self.link.id}")


class Search(Spider):
    """One request a source, through the same pool, limits and robots.txt as a crawl.

    It is started by its class alone (`scrapy search`), so it stands outside SPIDER_MODULES.
    """

    name = "search"
    custom_settings = {  # noqa: RUF012 - Scrapy declares it as an instance's
        "ITEM_PIPELINES": {},
        "RETRY_TIMES": 1,  # a person waits for the answer
    }

    def __init__(self, query: str, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.query = query
        self.sources = sources
        self.problems: list[MangacrawlError] = []
        self._found: dict[str, list[SeriesLink]] = {}

    @property
    def hosts(self) -> set[str]:
        """The hosts that the user named by choosing these sources."""
        return {urlsplit(source.base_url).hostname or "" for source in self.sources}

    async def start(self) -> AsyncIterator[Request]:
        for source in self.sources:
            request = source.search_request(self.query)
            assert request is not None  # noqa: S101 - `searchable` has asked
            yield request.replace(
                callback=self.parse_hits,
                errback=self.failed,
                cb_kwargs={"source": source},
                meta=request.meta | {SOURCE: source.key},
                dont_filter=True,
            )

    def parse_hits(self, response: Response, source: Source) -> None:
        try:
            links = read(response, lambda: list(source.parse_search(response)))
        except NotFound as error:
            self.problems.append(type(error)(f"{source.id}: {error}"))
        except MangacrawlError as error:
            self.problems.append(error)
        else:
            self._found[source.id] = alike(links, self.query)

    def failed(self, failure: Failure) -> None:
        source: Source = failure.request.cb_kwargs["source"]  # type: ignore[attr-defined]
        self.problems.append(problem(failure, source.id))

    def hits(self) -> list[Hit]:
        """What was found: series with exactly this title first, then source by source."""
        hits = [
            Hit(source.id, link)
            for source in self.sources
            for link in self._found.get(source.id, ())
        ]
        return sorted(hits, key=lambda hit: not is_exact(hit.link, self.query))


def searchable(names: Sequence[str], query: str) -> list[Source]:
    """The sources with these ids, or all that can be searched; raises ArgumentError."""
    kinds = [source_named(name) for name in names] or all_sources()
    opened = [kind() for kind in kinds if kind.base_url and not kind.closed]
    found = [source for source in opened if source.search_request(query) is not None]
    if missing := set(names) - {source.id for source in found}:
        raise ArgumentError(f"{', '.join(sorted(missing))} cannot be searched")
    return found
