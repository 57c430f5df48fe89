"""A queue for Scrapyd in which a job may be given ``name``, as a crawl is on the command line.

It stands beside ``scrapyd.conf``, which names it, and not in the package: what Scrapyd's server
imports from there its jobs would import too, instead of the deployed egg.
"""

from typing import Any

from scrapyd.spiderqueue import SqliteSpiderQueue


class SpiderQueue(SqliteSpiderQueue):
    """Scrapyd calls the spider ``name`` and refuses an argument of that name: it becomes title."""

    def add(self, spider: str, /, priority: float = 0.0, **arguments: Any) -> None:
        if "name" in arguments:
            arguments["title"] = arguments.pop("name")
        super().add(spider, priority=priority, **arguments)
