"""Kills crawls at seeded random moments: `python -m tests.kills --kills 200 --seed 1`.

After each kill no file is damaged; after each one to three kills, which also hit re-runs and
bundling, one more run must end in the files of an undisturbed run.
"""

import argparse
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import serving
from tests.forked import Series, timed

POOL = 50
MOST_IN_A_ROW = 3

SMALL = ("/sampler", "bundle=chapter")
LARGE = ("/akira", "chapters=1-8", "bundle=chapters:2")


@dataclass(frozen=True)
class Undisturbed:
    """A crawl that nothing has disturbed: its files, images, seconds, and disk operations."""

    files: dict[str, str]
    images: int
    seconds: float
    operations: int


@dataclass
class Score:
    """What came of the kills; `refetched` is the worst share of what a kill may cost."""

    kills: int = 0
    same: int = 0
    damaged: int = 0
    refetched: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.same} of {self.kills} kills end the same, {self.damaged} damaged files, at "
            f"most {self.refetched:.0%} of what a kill may cost (50 pages + 1 %) fetched again"
        )


def undisturbed(series: Series) -> Undisturbed:
    log = series.output.parent / "operations"
    code, seconds = timed(lambda: series.ended(f"log:{log}"))
    if code:
        sys.exit(f"the undisturbed crawl ended with {code}: {series.log}")
    images = series.site.stats()["requests"]["image"]
    return Undisturbed(series.files(), images, seconds, len(log.read_text().splitlines()))


def kill(series: Series, goal: Undisturbed, chance: random.Random) -> bool:
    """Start a crawl and end it, in the midst of a disk operation or at any time, with SIGKILL or
    with Ctrl-C twice; False if it was faster.
    """
    way = chance.choice(("operation", "time", "time", "Ctrl-C"))
    if way == "operation":
        return series.ended(f"kill:{chance.randint(1, goal.operations)}") != 0
    pid = series.begun()
    time.sleep(chance.uniform(0, goal.seconds))
    if way == "Ctrl-C":
        os.kill(pid, signal.SIGINT)
        time.sleep(chance.uniform(0, 0.1))
    os.kill(pid, signal.SIGINT if way == "Ctrl-C" else signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0


def chain(series: Series, goal: Undisturbed, score: Score, chance: random.Random) -> None:
    """One to three kills in a row, and one run to the end."""
    series.forget()
    kills = 0
    for _ in range(chance.randint(1, MOST_IN_A_ROW)):
        kills += kill(series, goal, chance)
        damaged = series.damaged(goal.files)
        score.damaged += len(damaged)
        for path in damaged:
            print(f"damaged: {path}", flush=True)
    code = series.ended()
    images = series.site.stats()["requests"]["image"]
    again = (images - goal.images) / (POOL + goal.images / 100)
    score.refetched = max(score.refetched, again / max(1, kills))
    is_same = code == 0 and series.files() == goal.files
    if not is_same:
        print(f"exit {code} after {kills} kills: {difference(series, goal)}", flush=True)
        print(series.log, flush=True)
    score.kills += kills
    score.same += kills if is_same else 0


def difference(series: Series, goal: Undisturbed) -> list[str]:
    files = series.files()
    return sorted(path for path, _ in files.items() ^ goal.files.items())


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="a series of 24 pages, not of 139")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    score = Score()
    with serving("--latency", "0.02") as site, TemporaryDirectory() as folder:
        path, *arguments = SMALL if options.small else LARGE
        series = Series(site, Path(folder) / "output", (f"url={site.url}{path}", *arguments))
        goal = undisturbed(series)
        while score.kills < options.kills:
            chain(series, goal, score, chance)
            print(score, file=sys.stderr, flush=True)
    print(score)
    return 0 if score.same == score.kills and not score.damaged and score.refetched <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
