"""Volumes in other formats: what a crawl makes of pages it already has."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import requests
from lxml import etree
from pikepdf import Pdf

from tests.conftest import ROOT, Crawler, Site, crawl_words, run_crawl

BARE = """
import sys
from scrapy.cmdline import execute

unused = ["img2pdf", "pikepdf", "rich.console", "scrapy.core.downloader.handlers.http11"]
sys.modules |= dict.fromkeys(unused)
execute(["scrapy", *sys.argv[1:]])
"""
"""Scrapy, where what a crawl into CBZs off a terminal has no use for cannot be imported."""


@pytest.fixture
def crawled(crawl: Crawler, site: Site) -> str:
    """The address of the small series, which has been crawled into CBZ volumes."""
    url = f"{site.url}/sampler"
    assert crawl(url=url).exit_code == 0
    site.forget()
    return url


def test_cbzs_alone_pay_for_no_other_format_no_terminal_and_no_twisted(site: Site, output: Path):
    words = crawl_words(output, url=f"{site.url}/sampler", chapters="1")
    done = subprocess.run(
        [sys.executable, "-c", BARE, *words],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert list((output / "library").rglob("*.cbz"))


def pdfs(output: Path, profile: str) -> list[Path]:
    return sorted((output / "devices" / profile).rglob("*.pdf"))


def test_the_seeds_output_for_a_kindle(crawl: Crawler, site: Site):
    done = crawl(
        url=f"{site.url}/akira",
        chapters="1-4",
        device="kindle-600x800",
        formats="pdf",
        bundle="pages:20",
    )
    names = [path.name for path in pdfs(done.output, "kindle-600x800")]
    assert names == [
        "Akira (demo) v01 p0001-0020.pdf",
        "Akira (demo) v02 p0021-0040.pdf",
        "Akira (demo) v03 p0041-0060.pdf",
        "Akira (demo) v04 p0061-0072.pdf",
    ]
    assert "devices/kindle-600x800" in done.lines[1]
    assert not (done.output / "library").exists()


def test_a_page_for_a_kindle_is_grey_and_fits(crawled: str, crawl: Crawler):
    done = crawl(url=crawled, formats="pdf", device="kindle-600x800")
    (path,) = pdfs(done.output, "kindle-600x800")
    with Pdf.open(path) as volume:
        pictures = [image for page in volume.pages for image in page.get_images().values()]
        sizes = [(int(image.Width), int(image.Height)) for image in pictures]
        colours = {str(image.ColorSpace) for image in pictures}
    assert len(sizes) == 28  # 24 pages, four of them double
    assert max(width for width, _ in sizes) <= 600
    assert max(height for _, height in sizes) <= 800
    assert colours == {"/DeviceGray"}


def test_the_originals_are_not_touched(crawled: str, crawl: Crawler, output: Path):
    before = crawl(url=crawled).files("pages")
    assert crawl(url=crawled, formats="pdf", device="kindle-600x800").files("pages") == before


def test_another_format_or_device_costs_no_request_and_leaves_the_others_alone(
    crawled: str, crawl: Crawler, site: Site
):
    crawl(url=crawled, formats="pdf", device="none")
    done = crawl(url=crawled, formats="pdf", device="kindle-758x1024")
    assert {kind for kind, count in site.stats()["requests"].items() if count} == {
        "robots",
        "index",
    }
    assert len(pdfs(done.output, "original")) == len(pdfs(done.output, "kindle-758x1024")) == 1
    assert len(list((done.output / "library").rglob("*.cbz"))) == 1


def test_several_formats_at_once(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", formats="cbz,pdf")
    assert len(list((done.output / "library").rglob("*.cbz"))) == 1
    assert len(pdfs(done.output, "original")) == 1
    assert "1 volume," in done.verdict


def test_two_crawls_make_the_same_pdf(site: Site, tmp_path: Path):
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name / "output"
        folder.parent.mkdir()
        run_crawl(folder, url=f"{site.url}/sampler", formats="pdf", device="kindle-600x800")
        made += [path.read_bytes() for path in pdfs(folder, "kindle-600x800")]
    assert len(made) == 2
    assert made[0] == made[1]


def test_volumes_close_while_the_crawl_goes_on(crawl: Crawler, start_site):
    slow = start_site("--latency", "0.2")
    done = crawl(url=f"{slow.url}/akira", chapters="1-12", bundle="chapters:2")
    last = max(index for index, line in enumerate(done.lines) if line.startswith("wrote"))
    library = done.output / "library" / "Akira (demo)"
    times = {path.name: path.stat().st_mtime for path in library.glob("*.cbz")}
    newest_page = max(path.stat().st_mtime for path in (done.output / "pages").rglob("0*.jpg"))
    early = [name for name, time in times.items() if time < newest_page]
    assert last > 5
    assert len(times) == 6
    assert len(early) >= 3


def test_a_page_that_has_changed_on_disk_fails_its_volume_by_name(crawled: str, crawl: Crawler):
    first = crawl(url=crawled, bundle="chapter")
    page = next((first.output / "pages").rglob("2/0003.*"))
    page.write_bytes(bytes(page.stat().st_size))
    done = crawl(url=crawled, formats="pdf", bundle="chapter")
    assert done.exit_code == 3
    assert "Sampler (demo) c002.pdf cannot be written: chapter 2, page 3:" in done.verdict
    assert "missing: chapter 2: page 3 (its stored file has changed)" in done.lines
    assert len(pdfs(done.output, "original")) == 3
    assert crawl(url=crawled).exit_code == 0
    assert len(pdfs(done.output, "original")) == 4


def test_qpdf_finds_no_fault(crawled: str, crawl: Crawler):
    done = crawl(url=crawled, formats="pdf", device="kindle-600x800")
    (path,) = pdfs(done.output, "kindle-600x800")
    try:
        checked = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("qpdf is not installed: scripts/test --system installs it")
    assert checked.returncode == 0


def test_a_device_alone_gets_the_format_that_suits_it(crawled: str, crawl: Crawler):
    done = crawl(url=crawled, device="kobo-libra-2")
    again = crawl(url=crawled)
    names = [path.name for path in (done.output / "devices" / "kobo-libra-2").rglob("*.epub")]
    assert names == ["Sampler (demo) v01 (c001-011).kepub.epub"]
    assert {"as before: formats=epub", "as before: device=kobo-libra-2"} < set(again.lines)


def test_a_volume_too_large_for_its_device_is_split_once(crawled: str, crawl: Crawler):
    small = ("-s", "MANGA_SOURCE_MODULES=tests.small_device")
    done = crawl(*small, url=crawled, device="kindle-small")
    folder = done.output / "devices" / "kindle-small" / "Sampler (demo)"
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert sorted(before) == [
        "Sampler (demo) v01 (c001-011) [1 of 4].epub",
        "Sampler (demo) v01 (c001-011) [2 of 4].epub",
        "Sampler (demo) v01 (c001-011) [3 of 4].epub",
        "Sampler (demo) v01 (c001-011) [4 of 4].epub",
    ]
    assert all(path.stat().st_size < 700_000 for path in folder.iterdir())
    again = crawl(*small, url=crawled)
    assert again.exit_code == 0
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    crawl(*small, url=crawled, bundle="chapter")
    assert [path.name for path in folder.iterdir() if " of " in path.name] == []


@pytest.mark.parametrize(
    ("title", "parser", "element"),
    [("Vitamin C 3", "Kavita", "Volume"), ("Gantz 7?", "Mihon", "Number")],
)
def test_a_title_that_misleads_a_program_is_told_and_the_style_for_it_tells_the_number(
    crawl: Crawler, start_site, title: str, parser: str, element: str
):
    style = {"Volume": "kavita", "Number": "komga"}[element]
    site = start_site()
    page = requests.get(f"{site.url}/sampler", timeout=10).text
    site.spoil(**{"/sampler": {"text": page.replace("Sampler (demo)", title)}})
    warning = f"{parser} takes numbers in the title {title} for its own: "
    warning += f"use -s MANGA_COMICINFO_STYLE={style} (docs/outputs.md)"
    assert warning in crawl(url=f"{site.url}/sampler").lines
    done = crawl("-s", f"MANGA_COMICINFO_STYLE={style}", url=f"{site.url}/sampler")
    assert not any(" takes numbers in the title " in line for line in done.lines)
    (path,) = (done.output / "library").rglob("*.cbz")
    with ZipFile(path) as archive:
        assert etree.fromstring(archive.read("ComicInfo.xml")).findtext(element) == "1"
