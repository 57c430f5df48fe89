"""Two jobs on one site at once, as Scrapyd runs them: they share its fifty and leave none idle.

`python -m benchmarks.sharing` crawls two series of 1,100 pages at 0.5 s latency.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT, Seen, serving
from benchmarks.series import SECOND, SLUG

_PAGES = 1100
_CHAPTERS = 60


def main() -> int:
    """Print what the site saw; 1 if it saw more than fifty, or fewer than 45 on average."""
    flags = ("--pages", str(_PAGES), "--chapters", str(_CHAPTERS), "--latency", "0.5")
    with serving(*flags) as url, tempfile.TemporaryDirectory("-benchmark") as folder:
        jobs = [
            subprocess.Popen(_crawl(f"{url}/{slug}", Path(folder)), cwd=ROOT, stderr=sys.stderr)
            for slug in (SLUG, SECOND)
        ]
        codes = [job.wait() for job in jobs]
        seen = Seen.at(url)
    print(
        f"exit {codes}, {seen.requests:,} requests in {seen.span:.1f} s, most in flight"
        f" {seen.peak} (asked: 50), mean {seen.mean:.1f} (asked: 45), over the middle 80 %"
        f" {seen.middle_mean:.1f}"
    )
    return 0 if codes == [0, 0] and seen.peak <= 50 and seen.mean >= 45 else 1


def _crawl(url: str, folder: Path) -> list[str]:
    into = f"MANGA_OUTPUT_DIR={folder}"
    return [sys.executable, "-m", "scrapy", "crawl", "manga", "-a", f"url={url}", "-s", into]


if __name__ == "__main__":
    sys.exit(main())
