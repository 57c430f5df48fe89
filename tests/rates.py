"""A crawl that MangaDex's limits make slow, counted at the server: `python -m tests.rates`.

Sixty chapters need sixty requests to at-home, which takes forty in any minute; a list of one
chapter a page needs sixty to the API, which takes five in any second. Takes a good minute.
"""

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import run_crawl
from tests.fixed import serving
from tests.site.mangadex import SERIES, MangaDexSite

_CHAPTERS = 60


def main() -> int:
    dex = MangaDexSite(_CHAPTERS + 1, per_page=1)
    with serving(dex) as server, TemporaryDirectory() as folder:
        dex.url = os.environ["MANGACRAWL_SITE"] = server.url
        options = ("MANGA_SOURCE_MODULES=tests.loopback", "MANGA_PRIVATE_HOSTS=localhost,127.0.0.1")
        began = time.monotonic()
        done = run_crawl(
            Path(folder) / "output", *(part for each in options for part in ("-s", each)),
            source="our-mangadex", id=SERIES,
        )  # fmt: skip
    print(done.verdict)
    print(f"{time.monotonic() - began:.0f} s, {len(dex.reports)} reports")
    print(f"most in a second: {dex.global_limit.peak} of {dex.global_limit.most}")
    print(f"most at at-home in a minute: {dex.at_home_limit.peak} of {dex.at_home_limit.most}")
    print(f"early requests: {dex.early}")
    kept = dex.global_limit.peak <= 5 and dex.at_home_limit.peak <= 40 and not dex.early
    return 0 if kept and done.exit_code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
