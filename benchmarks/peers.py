"""How each client is told to fetch the series, and how many of its pages arrived."""

import json
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT
from benchmarks.series import SLUG, Series
from mangacrawl import settings

MANGACRAWL = "mangacrawl"
UNVERIFIED = "mangacrawl, not verifying"
STOCK = "stock Scrapy"
GALLERY_DL = "gallery-dl"
ARIA2 = "aria2c, knows the URLs"
CURL = "curl --parallel, knows the URLs"

_BENCHMARKS = ROOT / "benchmarks"
_POOL = "50"


@dataclass(frozen=True, slots=True)
class Job:
    """A series at a site's `url`, to be fetched into the empty `folder`."""

    url: str
    series: Series
    folder: Path

    @property
    def output(self) -> Path:
        """Where the client writes; beside it is room for its list of URLs."""
        return self.folder / "output"


@dataclass(frozen=True, slots=True)
class Peer:
    """A client: ``program`` is what must be installed, ``in_project`` where it has to be run."""

    name: str
    program: str
    command: Callable[[Job], list[str]]
    in_project: bool = False

    @property
    def is_installed(self) -> bool:
        return shutil.which(self.program) is not None

    def folder(self, job: Job) -> Path:
        """The working directory of the command."""
        return ROOT if self.in_project else job.folder


def all_peers(gallery_dl: str) -> list[Peer]:
    """Every client there is; `gallery_dl` is its executable, which has a venv of its own."""
    return [
        Peer(MANGACRAWL, sys.executable, _crawl, in_project=True),
        Peer(UNVERIFIED, sys.executable, _crawl_unverified, in_project=True),
        Peer(STOCK, sys.executable, _stock),
        Peer(GALLERY_DL, gallery_dl, lambda job: _gallery_dl(gallery_dl, job)),
        Peer(ARIA2, "aria2c", _aria2),
        Peer(CURL, "curl", _curl),
    ]


def pages_in(job: Job) -> int:
    """How many pictures of pages a client stored."""
    stored = job.output / "pages"
    return sum(1 for _ in (stored if stored.is_dir() else job.output).rglob("*.jpg"))


def pages_bound(job: Job) -> int:
    """How many pictures are in the volumes; mangacrawl alone makes any."""
    return sum(_pictures_in(path) for path in (job.output / "library").rglob("*.cbz"))


def _pictures_in(volume: Path) -> int:
    with zipfile.ZipFile(volume) as archive:
        return sum(name.endswith(".jpg") for name in archive.namelist())


def _crawl(job: Job) -> list[str]:
    target = f"url={job.url}/{SLUG}"
    output = f"MANGA_OUTPUT_DIR={job.output}"
    return [sys.executable, "-m", "scrapy", "crawl", "manga", "-a", target, "-s", output]


def _crawl_unverified(job: Job) -> list[str]:
    order = dict(settings.DOWNLOADER_MIDDLEWARES)
    place = order["mangacrawl.middlewares.verify.VerifyPicture"]
    order |= {
        "mangacrawl.middlewares.verify.VerifyPicture": None,
        "benchmarks.unverified.Unverified": place,
    }
    return [*_crawl(job), "-s", f"DOWNLOADER_MIDDLEWARES={json.dumps(order)}"]


def _stock(job: Job) -> list[str]:
    spider = str(_BENCHMARKS / "stock_spider.py")
    url, store = f"url={job.url}/{SLUG}", f"IMAGES_STORE={job.output}"
    return [sys.executable, "-m", "scrapy", "runspider", spider, "-a", url, "-s", store]


def _gallery_dl(program: str, job: Job) -> list[str]:
    options = ["--config-ignore", "--quiet", "--extractors", str(_BENCHMARKS / "extractors")]
    return [program, *options, "--destination", str(job.output), f"{job.url}/{SLUG}"]


def _aria2(job: Job) -> list[str]:
    urls = _list(job, (f"{url}\n  out={name}\n" for url, name in _known(job)))
    pool = ["--max-concurrent-downloads", _POOL, "--max-connection-per-server", "1"]
    options = ["--quiet", "--no-conf", "--file-allocation", "none", "--dir", str(job.output)]
    return ["aria2c", *pool, *options, "--input-file", str(urls)]


def _curl(job: Job) -> list[str]:
    lines = (f'url = "{url}"\noutput = "{job.output / name}"\n' for url, name in _known(job))
    urls = _list(job, lines)
    options = ["--disable", "--silent", "--create-dirs", "--parallel", "--parallel-max", _POOL]
    return ["curl", *options, "--config", str(urls)]


def _known(job: Job) -> Iterator[tuple[str, str]]:
    """Each URL, and a name for its file."""
    for path in job.series.paths():
        name = path.strip("/").replace("/", "-")
        yield job.url + path, name if name.endswith(".jpg") else f"{name}.html"


def _list(job: Job, lines: Iterable[str]) -> Path:
    path = job.folder / "urls"
    path.write_text("".join(lines), encoding="ascii")
    return path
