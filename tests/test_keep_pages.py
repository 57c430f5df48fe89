"""MANGA_KEEP_PAGES=False: the CBZ takes the place of the pages, and gives them back."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Crawl, Crawler, Site, manifest, run_crawl
from tests.forked import harness
from tests.test_verify import edit, verify

SLIM = ("-s", "MANGA_KEEP_PAGES=False")


@pytest.fixture(scope="module")
def kept(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small series in one CBZ, its pages kept."""
    output = tmp_path_factory.mktemp("kept") / "output"
    done = run_crawl(output, url=f"{shared_site.url}/sampler")
    assert done.exit_code == 0, done.stderr
    return output


@pytest.fixture(scope="module")
def in_chapters(kept: Path, shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in CBZ and PDF chapters."""
    output = tmp_path_factory.mktemp("chapters") / "output"
    shutil.copytree(kept, output)
    run_crawl(output, url=f"{shared_site.url}/sampler", bundle="chapter", formats="cbz,pdf")
    return output


@pytest.fixture(scope="module")
def slim(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in one CBZ without its pages."""
    output = tmp_path_factory.mktemp("slim") / "output"
    done = run_crawl(output, *SLIM, url=f"{shared_site.url}/sampler")
    assert done.exit_code == 0, done.stderr
    return output


def pages_in(output: Path) -> list[str]:
    return [path.name for path in (output / "pages").rglob("*.*")]


def images(site: Site) -> list[str]:
    """The paths of pages that were asked for."""
    paths = [path for path in site.stats()["paths"] if not path.startswith("/cover/")]
    return [path for path in paths if path.endswith((".jpg", ".png", ".webp"))]


def volumes(output: Path) -> dict[str, str]:
    return manifest(output / "library") | manifest(output / "devices")


@pytest.fixture
def again(crawl: Crawler, slim: Path, output: Path, site: Site):
    """Crawls on from what is there without pages."""
    shutil.copytree(slim, output)

    def run(*options: str, **arguments: str) -> Crawl:
        return crawl(*options, url=f"{site.url}/sampler", **arguments)

    return run


def test_the_pages_go_and_the_volumes_are_the_same(kept: Path, slim: Path):
    assert pages_in(slim) == []
    assert volumes(slim) == volumes(kept)


def disk(output: Path) -> dict[str, int]:
    """What the last report says that the series takes."""
    (report,) = (output / "web").rglob("report.json")
    said = json.loads(report.read_text(encoding="utf-8"))
    return {name: said[f"{name}_bytes"] for name in ("pages", "library", "devices")}


def test_the_report_counts_what_each_folder_takes(slim: Path, in_chapters: Path):
    assert disk(slim) == {"pages": 0, "library": size(slim, "library"), "devices": 0}
    assert disk(in_chapters) == {
        name: size(in_chapters, name) for name in ("pages", "library", "devices")
    }


def size(output: Path, folder: str) -> int:
    """What pages and volumes in a folder take."""
    files = [path for path in (output / folder).rglob("*.*") if path.is_file()]
    made_along = {"cover.jpg", "ComicInfo.xml"}
    return sum(path.stat().st_size for path in files if path.name not in made_along)


def test_again_nothing_is_fetched_and_the_feed_names_the_cbz(
    again: Crawler, slim: Path, site: Site
):
    done = again(*SLIM)
    assert done.exit_code == 0
    assert site.stats()["paths"] == ["/robots.txt", "/sampler"]
    assert done.files() == manifest(slim)
    assert {(item["path"], item["status"]) for item in done.items()} == {
        ("library/Sampler (demo)/Sampler (demo) v01 (c001-011).cbz", "stored")
    }


def test_a_library_gives_up_pages_that_it_kept(
    crawl: Crawler, kept: Path, output: Path, site: Site
):
    shutil.copytree(kept, output)
    done = crawl(*SLIM, url=f"{site.url}/sampler")
    assert images(site) == []
    assert pages_in(output) == []
    assert done.files("library") == manifest(kept / "library")


def test_another_plan_and_format_are_made_from_the_old_volumes(
    again: Crawler, in_chapters: Path, site: Site
):
    done = again(*SLIM, bundle="chapter", formats="cbz,pdf")
    assert done.exit_code == 0
    assert images(site) == []
    assert pages_in(done.output) == []
    assert volumes(done.output) == volumes(in_chapters)


def test_without_cbz_the_pages_stay(crawl: Crawler, site: Site):
    done = crawl(*SLIM, url=f"{site.url}/sampler", formats="pdf", chapters="1")
    assert len(pages_in(done.output)) == 6


def test_kept_again_a_new_plan_brings_the_pages_back(again: Crawler, in_chapters: Path, site: Site):
    done = again(bundle="chapter", formats="cbz,pdf")
    assert images(site) == []
    assert done.files("pages") == manifest(in_chapters / "pages")
    assert volumes(done.output) == volumes(in_chapters)


def test_a_page_damaged_in_its_cbz_is_named(slim: Path, output: Path):
    shutil.copytree(slim, output)
    (volume,) = (output / "library").rglob("*.cbz")
    edit(volume)
    code, faults, _ = verify(output)
    assert code == 3
    name = volume.relative_to(output).as_posix()
    assert faults[0] == f"{name} has changed (Sampler (demo))"
    assert len(faults) == 2
    assert faults[1].startswith(f"{name}/00")
    assert " has changed (Sampler (demo), chapter " in faults[1]


def test_a_cbz_that_is_gone_is_fetched_again(again: Crawler, output: Path, slim: Path, site: Site):
    (volume,) = (output / "library").rglob("*.cbz")
    volume.unlink()
    done = again(*SLIM)
    assert len(images(site)) == 24
    assert volumes(done.output) == volumes(slim)
    assert pages_in(done.output) == []


def test_killed_while_chapters_move_between_volumes_no_page_is_lost():
    done = harness("tests.rebinds", "--stride", "4")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("\n0 faults\n")
