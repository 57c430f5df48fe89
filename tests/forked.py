"""Crawls by the hundred: each in a fork of a process that has imported everything once."""

import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import coverage
from scrapy.cmdline import execute

import tests.preloaded  # noqa: F401 - what a crawl imports, once for all
from tests.conftest import QUICK, ROOT, Site, manifest

FAILED = "failing as asked for"
"""What stderr has for each operation of the disk that `tests.faulty_disk` lets fail."""

_MEASURE = "COVERAGE_PROCESS_CONFIG"
_MEASURE_FORKS = "MANGACRAWL_MEASURE_FORKS"

_FAULTY = ("-s", "MANGA_SOURCE_MODULES=tests.faulty_disk")


@dataclass(frozen=True)
class Series:
    """What is crawled, again and again, into one folder."""

    site: Site
    output: Path
    arguments: tuple[str, ...]

    @property
    def log(self) -> str:
        return (self.output.parent / "log").read_text(encoding="utf-8")

    def begun(self, fault: str = "") -> int:
        """Start a crawl; returns its process."""
        given = [part for each in self.arguments for part in ("-a", each)]
        folder = ("-s", f"MANGA_OUTPUT_DIR={self.output}")
        command = ["crawl", "manga", *given, *folder, *QUICK]
        return forked(command, fault, self.output.parent / "log")

    def ended(self, fault: str = "") -> int:
        """Crawl to the end; returns the exit code, or minus the signal that killed it."""
        return os.waitstatus_to_exitcode(os.waitpid(self.begun(fault), 0)[1])

    def files(self) -> dict[str, str]:
        return manifest(self.output)

    def damaged(self, undisturbed: dict[str, str]) -> list[str]:
        """The pages and volumes that are not what they are at the end of an undisturbed run."""
        return [
            path
            for path, digest in self.files().items()
            if path.startswith(("pages/", "library/", "devices/"))
            and not path.endswith(".part")
            and undisturbed.get(path) != digest
        ]

    def forget(self) -> None:
        shutil.rmtree(self.output, ignore_errors=True)
        self.site.forget()


def harness(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a module that forks crawls; it is not measured, or each would save its coverage too."""
    environment = {
        _MEASURE_FORKS if name == _MEASURE else name: value for name, value in os.environ.items()
    }
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


def forked(command: list[str], fault: str, log: Path) -> int:
    """Start a command of Scrapy's with a fault of `tests.faulty_disk`; returns its process."""
    pid = os.fork()
    if pid == 0:
        try:
            _become(["scrapy", *command, *_FAULTY], fault, log)
        finally:  # interrupted at its very end it must not go on as its parent
            os.kill(os.getpid(), signal.SIGKILL)
    return pid


def timed(what: Callable[[], int]) -> tuple[int, float]:
    """The result of a call and how many seconds it took."""
    begun = time.monotonic()
    return what(), time.monotonic() - begun


def _become(command: list[str], fault: str, log: Path) -> None:
    """In the fork: run the command, and end as it ends."""
    code = 1
    try:
        os.environ["MANGACRAWL_FAULT"] = fault
        if _MEASURE_FORKS in os.environ:
            os.environ[_MEASURE] = os.environ[_MEASURE_FORKS]
            coverage.process_startup()
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        execute(command)
    except SystemExit as end:
        code = int(end.code or 0)
    except Exception:  # noqa: BLE001 - the fork ends here, and must say why
        traceback.print_exc()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
