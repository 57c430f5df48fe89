"""Runs a program and says what it cost, and what the site saw of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """What a process cost: seconds of wall and of CPU (user and system), peak memory in bytes."""

    exit_code: int
    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What the site saw, from first request to last response: ``span`` in seconds.

    ``mean`` is how many requests were in flight over all of the span, ``middle_mean`` over its
    middle 80 %, both weighted by time.
    """

    span: float
    mean: float
    middle_mean: float
    peak: int
    connections: int
    requests: int
    refusals: int

    @classmethod
    def at(cls, url: str) -> Self:
        """Ask a site."""
        connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
        connection.request("GET", "/__stats")
        report = json.load(connection.getresponse())
        connection.close()
        return cls(
            span=report["span"],
            mean=report["mean_in_flight"],
            middle_mean=report["middle_mean_in_flight"],
            peak=report["peak_in_flight"],
            connections=report["connections"]["opened"],
            requests=sum(report["requests"].values()),
            refusals=report["responses"].get("503", 0),
        )


@contextmanager
def serving(*flags: str) -> Iterator[str]:
    """A benchmark site of its own process; yields its URL."""
    command = [sys.executable, "-m", "benchmarks.site", "--until-stdin-closes", *flags]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as site:
        assert site.stdin  # noqa: S101 - for mypy
        assert site.stdout  # noqa: S101 - for mypy
        try:
            yield site.stdout.readline().strip()
        finally:
            site.stdin.close()


def run(command: list[str], folder: Path, log: Path) -> Run:
    """Run a command in a folder; its output goes to `log`."""
    started = monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        with _watching(process.pid) as peaks:
            _, status, usage = os.wait4(process.pid, 0)
    wall = monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(process.returncode, wall, usage.ru_utime + usage.ru_stime, max(peaks, default=0))


@contextmanager
def _watching(pid: int) -> Iterator[list[int]]:
    """Look at a process' peak memory while it lives: getrusage would count its parent's too."""
    peaks: list[int] = []
    ended = Event()

    def look() -> None:
        while not ended.wait(_POLL_SECONDS):
            peaks[:] = _peak_memory(pid) or peaks  # it only grows, until the process has ended

    watcher = Thread(target=look)
    watcher.start()
    try:
        yield peaks
    finally:
        ended.set()
        watcher.join()


def _peak_memory(pid: int) -> list[int]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    return [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")]
