"""The main job, end to end: a crawl as a person starts it, of a real site on loopback."""

import csv
import re
import xml.etree.ElementTree as ET
from dataclasses import fields
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from mangacrawl.demo.addresses import image_path, reader_path
from mangacrawl.demo.catalogue import catalogue
from mangacrawl.items import PageItem
from tests.conftest import Crawl, Crawler, Site, Start, run_crawl

SAMPLER = catalogue()["sampler"]
PAGES = sum(len(chapter.pages) for chapter in SAMPLER.chapters)


def image(chapter: int, page: int) -> str:
    """The path of an image of the small series, chapters and pages counted from 0."""
    of = SAMPLER.chapters[chapter]
    return image_path(SAMPLER, of, of.pages[page])


def reader(chapter: int, page: int) -> str:
    of = SAMPLER.chapters[chapter]
    return reader_path(SAMPLER, of, of.pages[page].number)


@pytest.fixture(scope="module")
def done(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """The small series, crawled once; for looking at, not for crawling into."""
    return run_crawl(tmp_path_factory.mktemp("done") / "output", url=f"{shared_site.url}/sampler")


def test_a_small_series_becomes_a_volume(done: Crawl):
    assert done.exit_code == 0
    assert list(done.files("library")) == [
        "Sampler (demo)/ComicInfo.xml",
        "Sampler (demo)/Sampler (demo) v01 (c001-011).cbz",
        "Sampler (demo)/cover.jpg",
    ]


def test_the_last_line_is_the_verdict(done: Crawl):
    assert re.fullmatch(
        rf"Sampler \(demo\): complete, {PAGES} pages, 1 volume, \d+ s, "
        r"pool peak \d+, CPU \d+ s(, \d+ MB)?",
        done.verdict,
    )


def test_the_session_is_a_few_plain_lines(done: Crawl):
    assert [re.sub(r"\S*/", "", line) for line in done.lines[:-1]] == [
        f"no source knows 127.0.0.1:{done.lines[0].split(':')[1]}: reading it as theme=mangareader",
        "the site does not list chapter 3-9",
        "Sampler (demo): 4 chapters, pool of 50, into library",
        f"wrote Sampler (demo) v01 (c001-011).cbz, {PAGES} pages",
        f"Stored jsonl feed ({PAGES} items) in: pages.jsonl",
        "look: index.html",
    ]


def test_a_volume_holds_the_served_bytes_in_reading_order(done: Crawl):
    (path,) = (done.output / "library").rglob("*.cbz")
    with ZipFile(path) as volume:
        names = volume.namelist()[1:]
        assert [name.split("_")[1] for name in names[::6]] == ["c001", "c002", "c010.5", "c011"]
        digests = [sha256(volume.read(name)).hexdigest() for name in names]
    items = sorted(done.items(), key=lambda item: (float(item["chapter"]), item["page"]))
    assert digests == [item["sha256"] for item in items]
    assert digests == [done.files()[item["path"]] for item in items]


def test_extensions_come_from_the_content(done: Crawl):
    for path in (done.output / "pages").rglob("0*.*"):
        with Image.open(BytesIO(path.read_bytes())) as picture:
            expected = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}[picture.format or ""]
        assert path.suffix == expected


def test_every_page_is_one_item_with_all_its_fields(done: Crawl):
    items = done.items()
    assert [list(item) for item in items] == [[field.name for field in fields(PageItem)]] * PAGES
    assert {(item["status"], item["error"]) for item in items} == {("fetched", None)}
    assert {item["page_count"] for item in items if item["chapter"] == "1"} == {6}


def test_page_n_of_a_chapter_is_asked_for_once(crawl: Crawler, site: Site):
    crawl(url=f"{site.url}/sampler")
    paths = site.stats()["paths"]
    assert len(paths) == len(set(paths)) == 3 + 2 * PAGES
    assert {"/robots.txt", "/sampler", "/cover/sampler/sampler-l0.jpg"} < set(paths)


def test_again_nothing_is_fetched_and_nothing_changes(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler")
    before = done.files()
    stamps = {path: path.stat().st_mtime_ns for path in done.output.rglob("*.*")}
    site.forget()
    again = crawl(url=f"{site.url}/sampler")
    assert again.exit_code == 0
    assert site.stats()["paths"] == ["/robots.txt", "/sampler"]
    assert again.files() == before
    changed = [p for p, t in stamps.items() if p.stat().st_mtime_ns != t and "state" not in p.parts]
    assert changed == []


def test_again_the_feed_holds_every_page_once_as_stored(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler")
    first = {item["path"]: item["sha256"] for item in done.items()}
    again = crawl(url=f"{site.url}/sampler").items()
    assert {item["path"]: item["sha256"] for item in again} == first
    assert {item["status"] for item in again} == {"stored"}


def test_only_the_chosen_chapters_are_fetched(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler", chapters="2-10.5")
    assert sorted({item["chapter"] for item in done.items()}) == ["10.5", "2"]
    assert list(done.files("library/Sampler (demo)"))[1] == "Sampler (demo) v01 (c002-010.5).cbz"


def test_another_plan_replaces_the_old_volumes(crawl: Crawler, site: Site):
    crawl(url=f"{site.url}/sampler")
    again = crawl(url=f"{site.url}/sampler", bundle="chapter")
    assert [path for path in again.files("library/Sampler (demo)") if path.endswith("cbz")] == [
        "Sampler (demo) c001.cbz",
        "Sampler (demo) c002.cbz",
        "Sampler (demo) c010.5.cbz",
        "Sampler (demo) c011.cbz",
    ]
    assert "replaced the volumes of an earlier plan: 1" in again.lines


def test_a_choice_is_remembered(crawl: Crawler, site: Site):
    crawl(url=f"{site.url}/sampler", bundle="chapter")
    again = crawl(url=f"{site.url}/sampler")
    assert "as before: bundle=chapter" in again.lines
    assert len(list((again.output / "library").rglob("*.cbz"))) == 4


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("404", "HTTP 404"),
        ("403", "HTTP 403"),
        ("500", "HTTP 500"),
        ("torn", "the picture is damaged"),
        ("html", "a login page stands in the way"),
        ("text:<!doctype html><p>Hello", "an HTML page instead of a picture"),
        ("empty", "the site sent no bytes"),
        ("short", "sent less than it announced"),
    ],
)
def test_a_bad_picture_costs_its_page_alone(crawl: Crawler, site: Site, fault: str, reason: str):
    site.spoil(**{image(0, 2): fault})
    first = crawl(url=f"{site.url}/sampler", bundle="chapter")
    failed = [item for item in first.items() if item["status"] == "failed"]
    assert first.exit_code == 3
    assert [(item["chapter"], item["page"]) for item in failed] == [("1", 3)]
    assert reason in failed[0]["error"]
    assert f"missing: chapter 1: page 3 ({failed[0]['error']})" in first.lines
    assert len(list((first.output / "library").rglob("*.cbz"))) == 3
    assert "Traceback" not in first.stderr
    site.spoil()
    site.forget()
    second = crawl(url=f"{site.url}/sampler")
    assert second.exit_code == 0
    assert site.stats()["paths"] == ["/robots.txt", "/sampler", reader(0, 2), image(0, 2)]
    assert len(list((second.output / "library").rglob("*.cbz"))) == 4


@pytest.mark.parametrize("fault", ["404", "html"])
def test_a_bad_reader_page_costs_its_page_alone(crawl: Crawler, site: Site, fault: str):
    site.spoil(**{reader(1, 3): fault})
    first = crawl(url=f"{site.url}/sampler")
    failed = [item for item in first.items() if item["status"] == "failed"]
    assert first.exit_code == 3
    assert [(item["chapter"], item["page"]) for item in failed] == [("2", 4)]
    site.spoil()
    assert crawl(url=f"{site.url}/sampler").exit_code == 0


def test_a_chapter_that_cannot_be_listed_costs_that_chapter(crawl: Crawler, site: Site):
    site.spoil(**{reader(1, 0): "404"})
    first = crawl(url=f"{site.url}/sampler", bundle="chapter")
    assert first.exit_code == 3
    assert "missing: chapter 2 (HTTP 404)" in first.lines
    assert len(list((first.output / "library").rglob("*.cbz"))) == 3
    site.spoil()
    second = crawl(url=f"{site.url}/sampler")
    assert (second.exit_code, len(second.items())) == (0, PAGES)


def test_a_volume_with_a_hole_is_not_written_unless_asked_for(crawl: Crawler, site: Site):
    site.spoil(**{image(0, 2): "404"})
    first = crawl(url=f"{site.url}/sampler")
    assert list((first.output / "library").rglob("*.cbz")) == []
    partial = crawl(url=f"{site.url}/sampler", partial="yes")
    assert [path.name for path in (partial.output / "library").rglob("*.cbz")] == [
        "Sampler (demo) v01 (c001-011) [partial].cbz"
    ]
    assert partial.exit_code == 3
    site.spoil()
    whole = crawl(url=f"{site.url}/sampler")
    assert [path.name for path in (whole.output / "library").rglob("*.cbz")] == [
        "Sampler (demo) v01 (c001-011).cbz"
    ]


def test_a_partial_volume_says_what_it_lacks(crawl: Crawler, site: Site):
    site.spoil(**{image(0, 2): "404"})
    done = crawl(url=f"{site.url}/sampler", partial="yes")
    (path,) = (done.output / "library").rglob("*.cbz")
    with ZipFile(path) as volume:
        notes = ET.fromstring(volume.read("ComicInfo.xml")).findtext("Notes")
    assert notes
    assert "Missing: chapter 1 page 3." in notes


def test_errors_that_pass_are_retried(crawl: Crawler, start_site: Start):
    shaky = start_site("--error-rate", "0.3")
    done = crawl(url=f"{shaky.url}/sampler")
    assert (done.exit_code, len(done.items())) == (0, PAGES)
    assert shaky.stats()["responses"]["500"] > 0


def test_a_page_whose_file_is_gone_is_fetched_again(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/sampler")
    before = done.files()
    next((done.output / "pages").rglob("0003.*")).unlink()
    site.forget()
    again = crawl(url=f"{site.url}/sampler")
    assert again.files() == before
    assert len(site.stats()["paths"]) == 4


def test_hostile_titles_stay_in_their_folder(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/traps")
    assert done.exit_code == 0
    assert {path.split("/")[0] for path in done.files()} == {
        "covers",
        "index.html",
        "library",
        "pages",
        "web",
    }
    folders = [path.name for path in (done.output / "library").iterdir()]
    assert folders == ["Ev-il- -b-Traps- & 'more'-b- (demo)"]


def test_hostile_titles_are_text_on_the_library_page(crawl: Crawler, site: Site):
    page = (crawl(url=f"{site.url}/traps").output / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "\u202e" not in page


def test_an_unreleased_chapter_is_said_and_not_missing(crawl: Crawler, site: Site):
    done = crawl(url=f"{site.url}/traps")
    assert any(line.endswith(": chapter 4: not released yet") for line in done.lines)
    assert done.exit_code == 0


def test_the_feed_may_be_csv_or_xml(crawl: Crawler, site: Site, tmp_path: Path):
    csv_file, xml_file = tmp_path / "p.csv", tmp_path / "p.xml"
    crawl("-O", str(csv_file), "-O", str(xml_file), url=f"{site.url}/sampler")
    with csv_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    elements = ET.parse(xml_file).findall("item")
    names = [field.name for field in fields(PageItem)]
    assert (len(rows), list(rows[0])) == (PAGES, names)
    assert [element.tag for element in elements[0]] == names
    assert (rows[0]["group"], elements[0].findtext("group")) == ("", "")


def test_the_demo_needs_no_site(crawl: Crawler):
    done = crawl(name="sampler")
    assert done.exit_code == 0
    assert done.lines[0].startswith("no site named: crawling the built-in demo site")


def test_the_demo_changes_nothing_when_run_again(crawl: Crawler):
    before = crawl(name="sampler").files()
    assert crawl(name="sampler").files() == before
