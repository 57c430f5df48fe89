"""Crawls by the hundred: each in a fork of a process that has imported everything once."""

import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scrapy.cmdline import execute

import mangacrawl.commands.crawl
import mangacrawl.pipelines.pages
import mangacrawl.pipelines.volumes
import mangacrawl.spiders.manga  # noqa: F401 - what a crawl imports, once for all
from tests.conftest import QUICK, Site, manifest

FAILED = "failing as asked for"
"""What stderr has for each operation of the disk that `tests.faulty_disk` lets fail."""

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
