"""A real site in a process of its own, and crawls of it as a person would start them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests
from hypothesis import settings

from mangacrawl.wire.window import Window, write_windows
from tests import warm

ROOT = Path(__file__).parent.parent
settings.register_profile("thorough", max_examples=10_000, deadline=None)
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

QUICK = ("-s", "MANGA_RETRY_WAIT_SECONDS=0.02")


def pytest_configure(config: pytest.Config) -> None:
    """Let the sites of all workers share a folder of drawings, which goes when all are done."""
    if "MANGACRAWL_DRAWINGS" not in os.environ:
        folder = TemporaryDirectory(prefix="mangacrawl-drawings-")
        config.add_cleanup(folder.cleanup)
        os.environ["MANGACRAWL_DRAWINGS"] = folder.name


@dataclass(frozen=True)
class Site:
    """A running test site."""

    url: str

    def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self.url}/__stats", timeout=10).json()
        return found

    def early(self) -> int:
        """How many requests came before the time that a Retry-After named."""
        found: int = requests.get(f"{self.url}/__stats/early", timeout=10).json()
        return found

    def forget(self) -> None:
        requests.post(f"{self.url}/__stats/reset", timeout=10)

    def spoil(self, **faults: str | dict[str, Any]) -> None:
        """Let these paths go wrong from now on, all others right."""
        requests.put(f"{self.url}/__stats/faults", json=faults, timeout=10)

    def change(self, **changes: Any) -> None:
        """Let the site be another one from now on: see `tests.changes`."""
        requests.put(f"{self.url}/__stats/changes", json=changes, timeout=10)


@dataclass(frozen=True)
class Crawl:
    """A crawl that has ended."""

    exit_code: int
    stderr: str
    stdout: str
    output: Path

    @property
    def lines(self) -> list[str]:
        return self.stderr.splitlines()

    @property
    def verdict(self) -> str:
        return self.lines[-1]

    def items(self) -> list[dict[str, Any]]:
        text = (self.output.parent / "pages.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def files(self, folder: str = "") -> dict[str, str]:
        """What the crawl made, state aside: path to sha256."""
        return manifest(self.output / folder)


def manifest(folder: Path) -> dict[str, str]:
    """Path to sha256 of what is there, without state and reports: those tell of runs."""
    reports = {"report.html", "report.json"}
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in paths
        if "state" not in path.relative_to(folder).parts and path.name not in reports
    }


Start = Callable[..., Site]
Crawler = Callable[..., Crawl]


@contextmanager
def serving(*flags: str) -> Iterator[Site]:
    """A test site with the demo's flags, in a process of its own.

    It is not measured: `test_demo` runs all of the demo, and each request would cost more.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.site", "--until-stdin-closes", *flags],
        cwd=ROOT,
        env={name: it for name, it in os.environ.items() if not name.startswith("COVERAGE_")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    yield Site(process.stdout.readline().strip())
    process.communicate(timeout=10)


@pytest.fixture(scope="session")
def start_site() -> Iterator[Start]:
    """Starts a test site with the demo's flags; it ends with the tests."""
    with ExitStack() as running:
        yield lambda *flags: running.enter_context(serving(*flags))


@pytest.fixture(scope="session")
def shared_site(start_site: Start) -> Site:
    return start_site()


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    """A site without knobs, faults or memories; none are left to who crawls it for a module."""
    wait_for(lambda: shared_site.stats()["in_flight"] == 0)  # what an earlier crawl has given up
    shared_site.forget()
    yield shared_site
    shared_site.spoil()
    shared_site.change()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "scrapy", *arguments]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def run_scrapy(
    *arguments: str, environment: Mapping[str, str] | None = None, timeout: float = 60
) -> "subprocess.CompletedProcess[str]":
    """A command of Scrapy's, typed in the project's root."""
    seen = environment or os.environ | {"NO_PROXY": "*"}
    return warm.scrapy(*arguments, folder=ROOT, environment=seen, timeout=timeout)


def crawl_words(into: Path, *options: str, **arguments: str) -> list[str]:
    """`crawl manga -a … -O pages.jsonl`, as a person types it but for the folder."""
    given = [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
    feed = str(into.parent / "pages.jsonl")
    folder = f"MANGA_OUTPUT_DIR={into}"
    return ["crawl", "manga", *given, "-s", folder, *QUICK, "-O", feed, *options]


def crawl_command(into: Path, *options: str, **arguments: str) -> list[str]:
    return command(*crawl_words(into, *options, **arguments))


def run_crawl(into: Path, *options: str, **arguments: str) -> Crawl:
    """A crawl from its start to its end; whatever it meets, it shows no traceback."""
    done = crawled(into, run_scrapy(*crawl_words(into, *options, **arguments), timeout=120))
    assert "DEBUG" in options or "Traceback" not in done.stderr
    return done


def crawled(into: Path, done: "subprocess.CompletedProcess[str]") -> Crawl:
    return Crawl(done.returncode, done.stderr, done.stdout, into)


def started(into: Path, *options: str, **arguments: str) -> "subprocess.Popen[str]":
    """A crawl that is under way."""
    return subprocess.Popen(
        crawl_command(into, *options, **arguments),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def remember_fifty(output: Path, site: Site) -> None:
    """Let a crawl begin with the whole pool, however slow this machine makes the site look."""
    path = output / "state" / "windows.json"
    path.parent.mkdir(parents=True)
    write_windows(path, {site.url.removeprefix("http://"): Window(50, size=50)})


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def crawl(output: Path) -> Crawler:
    """Runs a crawl into this test's own folder to its end."""
    return partial(run_crawl, output)
