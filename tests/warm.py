"""Scrapy's commands in forks of a process that has imported everything once.

A short crawl spends most of its time on imports, and the tests have hundreds of them. What it is
to start one in earnest is seen by those that stop, kill or watch one.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import coverage
import pytest

MOST_MEMORY = 300_000_000
"""Bytes: what SECURITY.md promises of any crawl."""


@cache
def _forks() -> Any:
    """Where forks come from; it is not measured, or each fork would save its coverage too."""
    if not hasattr(os, "fork"):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.preloaded"])
    with pytest.MonkeyPatch.context() as unmeasured:
        unmeasured.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        forkserver.ensure_running()
    return context


def scrapy(
    *arguments: str, folder: Path, environment: Mapping[str, str], timeout: float
) -> "subprocess.CompletedProcess[str]":
    """What `python -m scrapy …` does, typed in `folder`; raises TimeoutExpired, in seconds.

    Whatever it meets, it may not take more than MOST_MEMORY.
    """
    with TemporaryDirectory() as said:
        out, err, peak = (Path(said, name) for name in ("out", "err", "peak"))
        start = (arguments, folder, dict(environment), Path(said))
        process = _forks().Process(target=_become, args=start)
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(arguments, timeout, out.read_text(), err.read_text())
        assert int(peak.read_text()) < MOST_MEMORY
        texts = (path.read_text(encoding="utf-8") for path in (out, err))
        return subprocess.CompletedProcess(arguments, process.exitcode, *texts)


def _become(
    arguments: tuple[str, ...], folder: Path, environment: dict[str, str], said: Path
) -> None:
    for stream, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(said / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    os.environ.clear()
    os.environ.update(environment)
    coverage.process_startup()
    os.chdir(folder)
    sys.argv = ["scrapy", *arguments]
    sys.path[:0] = [str(folder), *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]

    from scrapy.cmdline import execute  # noqa: PLC0415 - before that, the environment

    from mangacrawl.memory import peak_memory  # noqa: PLC0415

    try:
        execute()
    finally:
        (said / "peak").write_text(str(peak_memory() or 0))
