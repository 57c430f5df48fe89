"""One series in a run, from what was asked for to how it ended."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from itertools import chain

from mangacrawl.binding.bindery import Bindery
from mangacrawl.crawl.covers import Covers
from mangacrawl.crawl.index import Index
from mangacrawl.crawl.index_walk import IndexWalk, Recall
from mangacrawl.crawl.page_walk import PageWalk
from mangacrawl.crawl.pending import Output, Pending
from mangacrawl.crawl.preview import Preview
from mangacrawl.errors import MangacrawlError
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.target import Target
from mangacrawl.verdict import Verdict, series_verdict
from mangacrawl.workers import Workers


class SeriesRun:
    """Carries what belongs to one series while it is crawled, so that a run may have many.

    ``crawl`` and ``bindery`` are None before its index is read and after it has ended;
    ``verdict`` is None until then. ``settled`` is called each time it waits for nothing more.
    """

    def __init__(
        self,
        target: Target,
        settled: Callable[["SeriesRun"], object],
        begin: Callable[["SeriesRun", Index], AsyncIterator[Output]],
        recall: Recall,
        most_chapters: int,
    ) -> None:
        self.target = target
        self.problems: list[MangacrawlError] = []
        self.pending = Pending(target, partial(settled, self))
        self.index = IndexWalk(self, partial(begin, self), recall, most_chapters)
        self.crawl: SeriesCrawl | None = None
        self.bindery: Bindery | None = None
        self.preview: Preview | None = None
        """What a crawl would fetch, where the user asked for no more."""
        self.verdict: Verdict | None = None
        self.retries = 0
        """How often something that failed was tried again, requests within their tries aside."""
        self.is_last_round = False
        """Whether failed pages were asked for again, so that a failure now is one for good."""
        self._walk: PageWalk | None = None

    @property
    def is_pagewise(self) -> bool:
        """Whether it is known that no response will yield many items."""
        is_known = self.crawl is not None or not self.target.is_guess
        return is_known and self.target.source.is_pagewise

    def begin(self, crawl: SeriesCrawl, binders: Workers, keepers: Workers) -> Iterator[Output]:
        """Requests for what the series lacks, and the items of what it has."""
        self.crawl = crawl
        self.bindery = Bindery(crawl, binders)
        self._walk = PageWalk(crawl, self.pending)
        covers = Covers(crawl, self.pending, keepers, self.bindery.disk_failed)
        return chain(covers.begin(), self._walk.begin())

    def again(self) -> list[Output]:
        """What failed, once more: the site has had a rest by now."""
        if self._walk is None or self.is_last_round:
            return []
        self.is_last_round = True
        outputs = [self.pending.take(output) for output in self._walk.again()]
        self.retries += len(outputs)
        return outputs

    def aim(self, target: Target) -> None:
        """Go on with what has become known of the target."""
        self.target = target
        self.pending.aim(target)

    async def finish(
        self, why_cut_short: list[MangacrawlError], tell: Callable[[SeriesCrawl, Verdict], object]
    ) -> None:
        """Write the volumes, judge, tell who wants to know, and let go of the ledger.

        Where the run is cut short only the volumes in the making are written.
        """
        self.is_last_round = True
        crawl, bindery = self.crawl, self.bindery
        try:
            if bindery is not None:
                if why_cut_short or self.problems:
                    await bindery.settle()
                else:
                    await bindery.finish()
                await bindery.flush()
                self.problems += bindery.problems
                self.retries += bindery.retries
        finally:
            problems = [*self.problems, *why_cut_short]
            if self.preview is None or problems:
                self.verdict = series_verdict(crawl, self.target.asked_for, problems)
            else:
                self.verdict = Verdict(None, self.preview.outline)
            if crawl is not None:
                tell(crawl, self.verdict)
            if bindery is not None:
                await bindery.close()
            self.crawl = self.bindery = self._walk = None
