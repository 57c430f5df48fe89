"""What an update of many unchanged series costs: requests, seconds and memory.

Makes a library of small series from the test site on loopback, then runs `update=all` on it. Run
`python -m benchmarks.updating` in the project's folder.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

from benchmarks.measure import ROOT, Run, run

SECONDS_GOAL = 15


def main() -> int:
    """Measure and tell; 1 if a series costs more than a 304, or all of them too long."""
    parser = argparse.ArgumentParser(prog="benchmarks.updating", description=__doc__)
    parser.add_argument("--series", type=int, default=200)
    count = parser.parse_args().series
    with subprocess.Popen(
        [sys.executable, "-m", "tests.site", "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as site:
        assert site.stdin  # noqa: S101 - for mypy
        assert site.stdout  # noqa: S101 - for mypy
        try:
            return measure(site.stdout.readline().strip(), count)
        finally:
            site.stdin.close()


def measure(url: str, count: int) -> int:
    """Let the site have so many series, crawl them, and then look what an update of all costs."""
    requests.put(f"{url}/__stats/changes", json={"small": count}, timeout=60)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = folder / "list.txt"
        names.write_text("".join(f"{url}/small-{each:03}\n" for each in range(count)))
        made = crawl(folder, f"@{names}")
        requests.post(f"{url}/__stats/reset", timeout=60)
        again = crawl(folder, "all")
        seen = requests.get(f"{url}/__stats", timeout=60).json()["responses"]
    print(f"{count} series made in {made.wall:.1f} s")
    figures = f"{again.wall:.1f} s, CPU {again.cpu:.1f} s, {again.memory / 1e6:.0f} MB"
    print(f"updated in {figures}; answers by status: {seen}; the goal is {SECONDS_GOAL} s")
    is_cheap = seen == {"200": 1, "304": count}
    return 0 if is_cheap and again.exit_code == 0 and again.wall <= SECONDS_GOAL else 1


def crawl(folder: Path, update: str) -> Run:
    """Run ``update=`` on the library in a folder."""
    output = f"MANGA_OUTPUT_DIR={folder / 'output'}"
    arguments = ["crawl", "manga", "-a", f"update={update}", "-s", output]
    return run([sys.executable, "-m", "scrapy", *arguments], ROOT, folder / "log")


if __name__ == "__main__":
    sys.exit(main())
