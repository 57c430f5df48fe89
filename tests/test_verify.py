"""`scrapy verify`: what it finds, and what it says."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mangacrawl.library.series_lock import SeriesLock
from mangacrawl.library.verification import faults_in, read_record
from tests.conftest import Site, manifest, run_crawl, run_scrapy

Damage = Callable[[Path], object]


def edit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


DAMAGES: dict[str, Damage] = {
    "has changed": edit,
    "is cut to": cut,
    "is all zeros": zero,
    "is gone": Path.unlink,
    "has": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
}


@pytest.fixture(scope="module")
def crawled(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("crawled") / "output"
    assert run_crawl(output, url=f"{shared_site.url}/sampler", bundle="chapter").exit_code == 0
    return output


@pytest.fixture
def library(crawled: Path, output: Path) -> Path:
    """A copy of the crawled series: to be damaged."""
    shutil.copytree(crawled, output)
    return output


@pytest.fixture(scope="module")
def readers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def verify(library: Path, *names: str) -> tuple[int, list[str], str]:
    """The exit code, the faults and the verdict."""
    done = run_scrapy("verify", *names, "-s", f"MANGA_OUTPUT_DIR={library}")
    return done.returncode, done.stdout.splitlines(), done.stderr


def ledger(library: Path) -> Path:
    (path,) = (library / "state").glob("*.sqlite")
    return path


def test_what_is_whole_is_verified(crawled: Path):
    code, faults, verdict = verify(crawled)
    assert (code, faults) == (0, [])
    assert verdict.startswith("verified 1 series, 24 pages, 4 volumes: as recorded, ")
    assert len(verdict.splitlines()) == 1


@pytest.mark.parametrize("kind", DAMAGES)
def test_every_damage_to_every_file_is_found(library: Path, readers: ThreadPoolExecutor, kind: str):
    files = [*(library / "pages").rglob("0*.*"), *(library / "library").rglob("*.cbz")]
    for path in files:
        DAMAGES[kind](path)
    faults = faults_in(library, read_record(ledger(library)), readers)
    assert len(files) == 28
    assert {fault.path for fault in faults} == {
        path.relative_to(library).as_posix() for path in files
    }
    assert {fault.what.startswith(kind) for fault in faults} == {True}


def test_a_fault_names_file_and_page_and_ends_in_3(library: Path):
    page = next((library / "pages").rglob("2/0003.*"))
    size = page.stat().st_size
    cut(page)
    zero(library / "library" / "Sampler (demo)" / "Sampler (demo) c010.5.cbz")
    code, faults, verdict = verify(library, "Sampler (demo)")
    name = page.relative_to(library).as_posix()
    assert code == 3
    assert faults == [
        f"{name} is cut to {size - 1:,} of {size:,} bytes (Sampler (demo), chapter 2, page 3)",
        "library/Sampler (demo)/Sampler (demo) c010.5.cbz is all zeros (Sampler (demo))",
    ]
    assert "4 volumes: 2 files are not as recorded, " in verdict


def test_a_file_that_cannot_be_read_is_named(library: Path):
    page = next((library / "pages").rglob("2/0003.*"))
    page.unlink()
    page.mkdir()
    code, (fault,), _ = verify(library)
    assert code == 3
    assert "0003" in fault
    assert " cannot be read: " in fault


def test_a_ledger_that_cannot_be_read_is_named(library: Path):
    zero(ledger(library))
    code, (fault,), _ = verify(library)
    assert code == 3
    assert fault.startswith(f"{ledger(library)} cannot be read: ")


def test_foreign_files_are_left_alone(library: Path):
    foreign = library / "library" / "Sampler (demo)" / "My notes.txt"
    foreign.write_text("mine")
    (library / "pages" / "stray.jpg").write_bytes(b"stray")
    assert verify(library)[0] == 0
    assert foreign.read_text() == "mine"


@pytest.mark.parametrize("name", ["Sampler (demo)", "sampler"])
def test_a_series_is_named_by_title_or_id(crawled: Path, name: str):
    assert verify(crawled, name)[0] == 0


def test_a_series_that_was_never_crawled_ends_in_5(crawled: Path):
    code, _, verdict = verify(crawled, "samplr")
    assert code == 5
    assert verdict == "no series 'samplr' has been crawled; nearest: Sampler (demo)\n"


def test_to_verify_changes_nothing(crawled: Path):
    before = times(crawled)
    verify(crawled)
    assert times(crawled) == before


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def repair(library: Path) -> tuple[int, list[str], str]:
    return verify(library, "--repair")


def test_repair_fetches_the_damaged_pages_and_writes_the_damaged_volumes(
    library: Path, crawled: Path, site: Site
):
    pages = library / "pages"
    edit(next(pages.rglob("2/0003.*")))
    next(pages.rglob("11/0001.*")).unlink()
    zero(library / "library" / "Sampler (demo)" / "Sampler (demo) c001.cbz")
    before = times(library / "library")
    code, faults, said = repair(library)
    assert code == 0
    assert len(faults) == 3
    assert said.splitlines()[-1].startswith("verified 1 series, 24 pages, 4 volumes: as recorded, ")
    assert "\nwrote Sampler (demo) c001.cbz, 6 pages\n" in said
    assert len([path for path in site.stats()["paths"] if path.endswith((".jpg", ".png"))]) == 2
    for folder in ("pages", "library"):
        assert manifest(library / folder) == manifest(crawled / folder)
    after = times(library / "library")
    assert [path.name for path in before if before[path] != after[path]] == [
        "Sampler (demo) c001.cbz"
    ]


def test_to_repair_a_volume_no_site_is_needed(library: Path, crawled: Path, site: Site):
    (library / "library" / "Sampler (demo)" / "Sampler (demo) c001.cbz").unlink()
    assert repair(library)[0] == 0
    assert site.stats()["paths"] == []
    assert manifest(library / "library") == manifest(crawled / "library")


def test_a_page_that_the_site_has_no_more_is_told(library: Path, site: Site):
    damaged = next((library / "pages").rglob("2/0003.*"))
    damaged.unlink()
    site.spoil(**{"/sampler/2/3": "404"})
    code, faults, said = repair(library)
    assert code == 3
    assert len(faults) == 1
    assert "missing: chapter 2: page 3 (" in said
    assert said.splitlines()[-1].endswith(" s")
    assert ": as recorded, 1 page not fetched yet, " in said


def test_a_series_that_is_being_crawled_is_not_repaired(library: Path):
    zero(library / "library" / "Sampler (demo)" / "Sampler (demo) c001.cbz")
    lock = SeriesLock(ledger(library).with_suffix(".lock"))
    lock.acquire("Sampler (demo)")
    code, faults, said = repair(library)
    lock.release()
    assert code == 9
    assert len(faults) == 2
    assert said.startswith("Sampler (demo) is being crawled already by process ")
