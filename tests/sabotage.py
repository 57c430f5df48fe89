"""Makes every tenth call of one stage fail: a module for MANGA_SOURCE_MODULES.

`MANGACRAWL_SABOTAGE` names the stage and the failure, such as `decoder:raise`.
"""

import os
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from mangacrawl import atomic
from mangacrawl.binding import bindery
from mangacrawl.middlewares import verify
from mangacrawl.pipelines import pages
from mangacrawl.themes.mangareader import MangaReader
from mangacrawl.volumes import edition

HANG_SECONDS = 3600


def sabotaged(stage: Callable[..., Any], failure: str, every: int = 10) -> Callable[..., Any]:
    calls = count(1)

    def call(*args: Any, **kwargs: Any) -> Any:
        if next(calls) % every == 0:
            if failure == "raise":
                raise RuntimeError("sabotage")
            time.sleep(HANG_SECONDS)
        return stage(*args, **kwargs)

    return call


stage, _, failure = os.environ.get("MANGACRAWL_SABOTAGE", ":").partition(":")
if stage == "parser":
    MangaReader.parse_pages = sabotaged(  # type: ignore[method-assign]
        MangaReader.parse_pages, failure
    )
elif stage == "decoder":
    vars(verify)["_DECODE_SECONDS"] = 2.0
    vars(verify)["inspect"] = sabotaged(vars(verify)["inspect"], failure)
elif stage == "pipeline":
    vars(pages)["_WRITE_SECONDS"] = 2.0
    vars(atomic)["store"] = sabotaged(atomic.store, failure)
elif stage == "bundler":
    vars(bindery)["_BIND_SECONDS"] = 2.0
    vars(edition)["write_cbz"] = sabotaged(vars(edition)["write_cbz"], failure, every=3)
