"""The report of a crawl of one series: what came of it, what it cost, and the run over time."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mangacrawl import atomic
from mangacrawl.library.holes import Hole
from mangacrawl.web.chart import LEFT, RIGHT, WIDTH, chart_of
from mangacrawl.web.render import render
from mangacrawl.web.timeline import Sample

PAGE, RECORD = "report.html", "report.json"

_LIKE = ("exit_code", "pages_bytes", "library_bytes", "devices_bytes")


@dataclass(frozen=True, slots=True)
class Report:
    """What is told of a crawl; the names are those of the JSON.

    ``started`` is UTC, ISO 8601; ``seconds`` is wall time. ``pages``, ``stored`` and ``volumes``
    count what the series has, ``fetched`` what this run brought. ``requests`` counts answers by
    their status and failures by their name, ``retries`` by reason. ``waits`` counts the pauses
    that the site asked for and ``waited_seconds`` is how long they were in all; ``robots`` says
    what robots.txt had to say. ``received_bytes`` came over the wire; ``pages_bytes``,
    ``library_bytes`` and ``devices_bytes`` lie on the disk, in the folders of those names.
    ``pool_cap`` is the most requests to the site at once that are allowed, ``pool_peak`` the most
    there were. ``series_in_run`` tells a run of many, whose requests, waits and errors are those
    of all.
    """

    series: str
    verdict: str
    exit_code: int
    started: str
    seconds: float
    pages: int
    stored: int
    fetched: int
    volumes: int
    missing: tuple[Hole, ...]
    requests: dict[str, int]
    retries: dict[str, int]
    waits: int
    waited_seconds: float
    robots: tuple[str, ...]
    received_bytes: int
    pages_bytes: int
    library_bytes: int
    devices_bytes: int
    pool_cap: int
    pool_peak: int
    series_in_run: int
    timeline: tuple[Sample, ...]

    @property
    def is_like(self) -> dict[str, Any]:
        """What two reports share where nothing has happened between them."""
        holes = [asdict(hole) for hole in self.missing]
        return {name: getattr(self, name) for name in _LIKE} | {"missing": holes}


def write_report(folder: Path, report: Report) -> bool:
    """Write both files into the folder of the series' pages; whether it was worth while.

    A run that fetched nothing and found the series as it was leaves the last report: it tells
    more, and running a crawl again changes no file. Raises OSError.
    """
    if not report.fetched and _known(folder / RECORD) == report.is_like:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    chart = chart_of(report.timeline, report.pool_cap)
    edges = {"left": LEFT, "right": WIDTH - RIGHT, "width": WIDTH}
    atomic.write(folder / PAGE, render("report", r=report, chart=chart, edges=edges))
    atomic.write(folder / RECORD, json.dumps(asdict(report), indent=1).encode())
    return True


def _known(path: Path) -> dict[str, Any] | None:
    """What the report on disk says in the terms of `Report.is_like`; None if there is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        holes = [hole | {"pages": tuple(hole["pages"])} for hole in record["missing"]]
        return {name: record[name] for name in _LIKE} | {"missing": holes}
    except (OSError, ValueError, KeyError, TypeError):
        return None
