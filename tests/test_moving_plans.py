"""Chapters move when a site names their volumes: an old volume goes after the new one is there."""

from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import Crawl, Crawler, Site, manifest
from tests.test_keep_pages import SLIM, images
from tests.test_verify import verify

SPELLINGS = {
    "": ["v01 (c001-011)"],
    "1=1,10.5=1": ["c002", "c011", "v01"],
    "1=1,2=1,10.5=1": ["c011", "v01"],
    "1=1,2=2,10.5=2,11=1": ["v01", "v02"],
    "1=2,2=1,10.5=1,11=2": ["v01", "v02"],
}
"""How the site counts chapters to volumes, one day after the other, and what is there then."""


@pytest.fixture
def counted(crawl: Crawler, site: Site, monkeypatch: pytest.MonkeyPatch) -> Crawler:
    """Crawls the small series as its site counts chapters to volumes on that day."""
    site.spoil(**{"/sampler": "undated"})  # else its index is said to be the same

    def run(named: str, *options: str) -> Crawl:
        monkeypatch.setenv("MANGACRAWL_VOLUMES", named)
        modules = ("-s", "MANGA_SOURCE_MODULES=tests.volumed")
        return crawl(*modules, *options, url=f"{site.url}/sampler", theme="volumed")

    return run


def volumes(done: Crawl) -> dict[str, list[str]]:
    """The chapters in each volume, page by page."""
    found = {}
    for path in sorted((done.output / "library").rglob("*.cbz")):
        with ZipFile(path) as archive:
            pages = [name.split("_")[1] for name in archive.namelist()[1:]]
        found[path.stem.removeprefix("Sampler (demo) ")] = pages
    return found


def held(done: Crawl) -> list[str]:
    """The digests of all pages that volumes hold."""
    found = []
    for path in (done.output / "library").rglob("*.cbz"):
        with ZipFile(path) as archive:
            names = archive.namelist()[1:]
            found += [sha256(archive.read(name)).hexdigest() for name in names]
    return sorted(found)


@pytest.mark.parametrize("options", [(), SLIM], ids=["kept", "slim"])
def test_chapters_move_and_no_page_is_fetched_twice_or_lost(
    counted: Crawler, site: Site, options: tuple[str, ...]
):
    for named, names in SPELLINGS.items():
        done = counted(named, *options)
        assert done.exit_code == 0
        assert list(volumes(done)) == names
        assert held(done) == sorted(item["sha256"] for item in done.items())
        assert len(images(site)) == 24
    assert volumes(done) == {
        "v01": ["c002"] * 6 + ["c010.5"] * 6,
        "v02": ["c001"] * 6 + ["c011"] * 6,
    }
    assert verify(done.output)[0] == 0


def test_a_volume_that_the_move_leaves_alone_keeps_its_time(counted: Crawler):
    (path,) = (counted("1=1,2=1").output / "library").rglob("*v01.cbz")
    before = path.stat().st_mtime_ns
    assert list(volumes(counted("1=1,2=1,10.5=2"))) == ["c011", "v01", "v02"]
    assert path.stat().st_mtime_ns == before


def test_the_old_volume_stays_while_the_new_one_cannot_be_written(counted: Crawler):
    done = counted("")
    before = manifest(done.output / "library")
    page: Path = next((done.output / "pages").rglob("2/0003.*"))
    page.write_bytes(bytes(page.stat().st_size))
    done = counted("1=1,2=1")
    assert done.exit_code == 3
    assert list(volumes(done)) == ["c010.5", "c011", "v01 (c001-011)"]
    assert before.items() <= manifest(done.output / "library").items()
    assert list(volumes(counted("1=1,2=1"))) == ["c010.5", "c011", "v01"]
