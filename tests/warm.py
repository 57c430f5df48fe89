"""Scrapy's commands in forks of a process that has imported everything once.

A short crawl spends most of its time on imports, and the tests have hundreds of them. What it is
to start one in earnest is seen by those that stop, kill or watch one.
"""

import multiprocessing
import os
import pkgutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import mangacrawl

IMPORTED = (
    "scrapy.cmdline", "scrapy.core.scheduler",
    "scrapy.pqueues", "scrapy.squeues",
    *(
        module.name
        for module in pkgutil.walk_packages(mangacrawl.__path__, "mangacrawl.")
        if not module.name.startswith("mangacrawl.demo")
    ),
)  # fmt: skip
"""None of them starts an event loop, which belongs to one process."""

MOST_MEMORY = 300_000_000
"""Bytes: what SECURITY.md promises of any crawl."""

_forks = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")


def scrapy(
    *arguments: str, folder: Path, environment: Mapping[str, str], timeout: float
) -> "subprocess.CompletedProcess[str]":
    """What `python -m scrapy …` does, typed in `folder`; raises TimeoutExpired, in seconds.

    Whatever it meets, it may not take more than MOST_MEMORY.
    """
    _forks.set_forkserver_preload(list(IMPORTED))
    with TemporaryDirectory() as said:
        out, err, peak = (Path(said, name) for name in ("out", "err", "peak"))
        process = _forks.Process(  # type: ignore[attr-defined] # of one of two kinds
            target=_become, args=(arguments, folder, dict(environment), Path(said))
        )
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
    os.chdir(folder)
    sys.argv = ["scrapy", *arguments]
    sys.path[:0] = [str(folder), *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]

    from scrapy.cmdline import execute  # noqa: PLC0415 - before that, the environment

    from mangacrawl.memory import peak_memory  # noqa: PLC0415

    try:
        execute()
    finally:
        (said / "peak").write_text(str(peak_memory() or 0))
