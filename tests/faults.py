"""Fails at the k-th write, fsync, rename or commit, k = 1, 2, 3 …: `python -m tests.faults`.

The method is [SQLite's](https://sqlite.org/testing.html#i_o_error_testing): it ends with the first
run that has no failure. Each failure must end in exit code 7 with nothing damaged, and one more run
in the files of an undisturbed one.
"""

import argparse
import re
import sys
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import serving
from tests.forked import FAILED, Series

_ADVICE = re.compile(r"windows\.json")
"""What a crawl can do without: the pool sizes of earlier runs."""

KINDS = ("ENOSPC", "EIO", "EROFS")


def faults_of(series: Series, goal: dict[str, str], fault: str) -> list[str] | None:
    """What is wrong after a failure and after the run that follows; None if nothing failed."""
    series.forget()
    code = series.ended(fault)
    if FAILED not in series.log:
        return None
    wrong = [f"damaged: {path}" for path in series.damaged(goal)]
    last = series.log.splitlines()[-1]
    is_of_use = any(FAILED in line and not _ADVICE.search(line) for line in series.log.splitlines())
    if code != 7 and is_of_use:
        wrong.append(f"exit {code}: {last}")
    is_of_series = any(f"output/{folder}" in last for folder in ("pages", "library"))
    if fault.startswith("ENOSPC") and is_of_series and "needs about" not in last:
        wrong.append(f"does not say what it needs: {last}")
    code = series.ended()
    if code != 0 or series.files() != goal:
        wrong.append(f"the next run ended with {code} and {len(series.files())} files")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; all if none")
    parser.add_argument("--stride", type=int, default=1, help="try every so many operations only")
    options = parser.parse_args()
    failures = bad = 0
    with serving() as site, TemporaryDirectory() as folder:
        arguments = (f"url={site.url}/sampler", "chapters=1-2", "bundle=chapter")
        series = Series(site, Path(folder) / "output", arguments)
        series.ended()
        goal = series.files()
        for kind in options.kinds or KINDS:
            for number in count(1, options.stride):
                wrong = faults_of(series, goal, f"{kind}:{number}")
                if wrong is None:
                    break
                failures += 1
                bad += bool(wrong)
                for each in wrong:
                    print(f"{kind} at operation {number}: {each}", flush=True)
    print(f"{failures - bad} of {failures} failures of the disk ended well")
    return 1 if bad or not failures else 0


if __name__ == "__main__":
    sys.exit(main())
