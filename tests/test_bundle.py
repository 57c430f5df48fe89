"""`scrapy bundle`: volumes made again without a request."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mangacrawl.library.series_lock import SeriesLock
from tests.conftest import Site, manifest, run_crawl, run_scrapy
from tests.test_verify import cut, zero

Bundle = Callable[..., tuple[int, list[str]]]


@pytest.fixture(scope="module")
def crawled(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("crawled") / "output"
    done = run_crawl(output, url=f"{shared_site.url}/sampler")
    assert done.exit_code == 0, done.stderr
    return output


@pytest.fixture
def bundle(crawled: Path, output: Path) -> Bundle:
    """Bundles a copy of the crawled series: the exit code and what is said."""
    shutil.copytree(crawled, output)

    def run(*names: str, **arguments: str) -> tuple[int, list[str]]:
        given = [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
        done = run_scrapy("bundle", *names, *given, "-s", f"MANGA_OUTPUT_DIR={output}")
        return done.returncode, done.stderr.splitlines()

    return run


def made(output: Path) -> dict[str, str]:
    """Everything but what tells of a run and its state."""
    return {path: digest for path, digest in manifest(output).items() if not path.endswith(".json")}


def test_it_makes_what_a_crawl_would_have_made(
    bundle: Bundle, crawled: Path, output: Path, site: Site, tmp_path: Path
):
    other = tmp_path / "other" / "output"
    shutil.copytree(crawled, other)
    run_crawl(other, url=f"{site.url}/sampler", bundle="chapter", formats="cbz,epub")
    site.forget()
    code, lines = bundle(bundle="chapter", formats="cbz,epub")
    assert code == 0
    assert lines[-2] == "replaced the volumes of an earlier plan: 1"
    assert lines[-1].startswith("Sampler (demo): complete, 24 pages, 4 volumes, ")
    assert site.stats()["paths"] == []
    for folder in ("library", "devices", "pages"):
        assert manifest(output / folder) == manifest(other / folder)
    assert (output / "index.html").read_bytes() == (other / "index.html").read_bytes()


def test_choices_are_remembered_and_nothing_changes_twice(bundle: Bundle, output: Path):
    bundle("Sampler (demo)", formats="pdf", device="kindle-600x800")
    before = manifest(output)
    code, lines = bundle("sampler")
    assert code == 0
    assert lines[:-1] == ["as before: formats=pdf", "as before: device=kindle-600x800"]
    assert manifest(output) == before
    assert "devices/kindle-600x800/Sampler (demo)/Sampler (demo) v01 (c001-011).pdf" in before


def test_the_library_does_not_need_its_site(bundle: Bundle, output: Path):
    shutil.rmtree(output / "library")
    code, lines = bundle()
    assert code == 0
    assert lines[0] == "wrote Sampler (demo) v01 (c001-011).cbz, 24 pages"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bundle": "book"}, "bundle=book: use one of auto, site, chapter, pages:N, chapters:N"),
        ({"chapters": "1"}, "chapters=: here there is bundle, formats, device, partial"),
    ],
)
def test_a_wrong_argument_ends_in_2(bundle: Bundle, arguments: dict[str, str], message: str):
    code, (line,) = bundle(**arguments)
    assert code == 2
    assert line.startswith(message)


def test_a_series_that_was_never_crawled_ends_in_5(bundle: Bundle):
    assert bundle("Samplr (demo)") == (
        5, ["no series 'Samplr (demo)' has been crawled; nearest: Sampler (demo)"]
    )  # fmt: skip


def test_a_series_that_is_being_crawled_ends_in_9(bundle: Bundle, output: Path):
    (ledger,) = (output / "state").glob("*.sqlite")
    lock = SeriesLock(ledger.with_suffix(".lock"))
    lock.acquire("Sampler (demo)")
    code, lines = bundle(bundle="chapter")
    lock.release()
    assert code == 9
    assert lines[-1].startswith("Sampler (demo) is being crawled already by process ")


def test_a_damaged_page_fails_its_volume_by_name_and_the_old_one_stays(
    bundle: Bundle, output: Path
):
    zero(next((output / "pages").rglob("2/0003.*")))
    code, lines = bundle(bundle="chapter")
    assert code == 3
    assert "missing: chapter 2: page 3 (its stored file has changed)" in lines
    assert "Sampler (demo) c002.cbz cannot be written: chapter 2, page 3:" in lines[-1]
    names = {path.name for path in (output / "library").rglob("*.cbz")}
    assert "Sampler (demo) v01 (c001-011).cbz" in names
    assert "Sampler (demo) c002.cbz" not in names


def test_what_lacks_pages_is_incomplete(bundle: Bundle, output: Path):
    cut(next((output / "pages").rglob("2/0003.*")))
    code, lines = bundle(bundle="chapter", partial="yes")
    assert code == 3
    assert "wrote Sampler (demo) c002 [partial].cbz, 5 pages" in lines
    assert ": incomplete, 23 of 24 pages, 3 volumes, " in lines[-1]
