"""Covers of series and volumes: fetched once, as they are, and never worth more than themselves."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree
from pikepdf import Pdf
from PIL import Image

from mangacrawl.source import Request, VolumeCover
from tests.conftest import Crawl, Crawler, manifest, run_scrapy, wait_for
from tests.fixed import Answer, Asked, Server, picture, serving
from tests.plain import reader
from tests.releases import HTML, Releases, chapter
from tests.test_verify import verify

MODULE = ("-s", "MANGA_SOURCE_MODULES=tests.test_covers")
SLIM = ("-s", "MANGA_KEEP_PAGES=False")


class Covered(Releases):
    """The series' page shows its cover; another one lists those of the volumes."""

    id = "covered"

    def parse_series(self, response):
        series = super().parse_series(response)
        cover = response.css("img.cover::attr(src)").get()
        return type(series)(series.id, series.title, series.url, cover_url=cover)

    def covers_request(self, series):
        return Request(f"{series.url}/covers")

    def parse_covers(self, response):
        for image in response.css("img"):
            volume, address = image.attrib["alt"], image.attrib["src"]
            yield VolumeCover(volume, response.urljoin(address))
        for link in response.css("a.next"):
            yield Request(response.urljoin(link.attrib["href"]))


def jpeg(shade: int, size: tuple[int, int] = (300, 400)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, (shade, 0, 0)).save(buffer, "JPEG")
    return buffer.getvalue()


def listed(*covers: tuple[str, str], more: str = "") -> Answer:
    images = "".join(f'<img alt="{volume}" src="{address}">' for volume, address in covers)
    return Answer(f"{images}{more}".encode(), headers=HTML)


def index(site: str, *chapters: str) -> Answer:
    cover = f'<img class="cover" src="{site}/cover.jpg">'
    return Answer(f"<h1>Series</h1>{cover}{''.join(chapters)}".encode(), headers=HTML)


CHAPTERS = (chapter(1, volume="1"), chapter(2, volume="1"), chapter(3, volume="2"))


def answers(site: str, *chapters: str) -> dict[str, Answer]:
    """Two volumes, of two chapters and of one, each of two pages; each volume has a cover."""
    found = {
        "/series": index(site, *CHAPTERS, *chapters),
        "/cover.jpg": Answer(jpeg(10)),
        "/series/covers": listed(("01", "/v1.jpg"), ("special", "/v3.png"), ("2", "/v2.png")),
        "/v1.jpg": Answer(jpeg(20)),
        "/v2.png": Answer(picture(30)),
    }
    for number in range(1, 5):
        images = [f"/{number}-{page}.png" for page in (1, 2)]
        found[f"/{number}.1.2020-01-01"] = Answer(reader(*images).encode(), headers=HTML)
        found |= {path: Answer(picture(number * 10 + 100 + i)) for i, path in enumerate(images)}
    return found


@pytest.fixture
def site() -> Iterator[Server]:
    with serving({}) as server:
        server.answers = answers(server.url)
        yield server


@pytest.fixture
def covered(crawl: Crawler, site: Server):
    def run(*options: str, **arguments: str) -> Crawl:
        site.asked.clear()
        return crawl(*MODULE, *options, url=f"{site.url}/series", theme="covered", **arguments)

    return run


def entries(done: Crawl, volume: int) -> dict[str, bytes]:
    with ZipFile(done.output / "library" / "Series" / f"Series v{volume:02}.cbz") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def covers_asked_for(site: Server) -> list[str]:
    return sorted(path for path in site.paths() if "v" in path)


def test_covers_come_before_the_pages_and_are_kept_as_they_are(covered: Crawler, site: Server):
    done = covered()
    assert done.exit_code == 0, done.stderr
    assert done.verdict.startswith("Series: complete, 6 pages, 2 volumes")
    assert len(done.items()) == 6
    folder = next((done.output / "covers").iterdir())
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert kept == {"series.jpg": jpeg(10), "v1.jpg": jpeg(20), "v2.png": picture(30)}
    assert (done.output / "library" / "Series" / "cover.jpg").read_bytes() == jpeg(10)
    assert list(entries(done, 1)) == [
        "ComicInfo.xml",
        "0000_cover.jpg",
        "0001_c001_p001.png",
        "0002_c001_p002.png",
        "0003_c002_p001.png",
        "0004_c002_p002.png",
    ]
    assert entries(done, 1)["0000_cover.jpg"] == jpeg(20)
    assert entries(done, 2)["0000_cover.png"] == picture(30)


def test_a_volume_waits_for_its_cover(covered: Crawler, site: Server):
    found = answers(site.url)
    pages = {path for path in found if path.startswith(("/1-", "/2-", "/3-"))}

    def slowly(asked: Asked) -> Answer:
        if asked.path == "/v1.jpg":
            wait_for(lambda: pages <= set(site.paths()))
        return found.get(asked.path, Answer(status=404))

    site.answers = slowly
    done = covered()
    assert list(entries(done, 1))[1] == "0000_cover.jpg"
    assert sorted(line for line in done.lines if line.startswith("wrote ")) == [
        "wrote Series v01.cbz, 4 pages",
        "wrote Series v02.cbz, 2 pages",
    ]


def test_a_cover_larger_than_what_scrapy_reads_at_once_holds_nothing_up(
    covered: Crawler, site: Server
):
    """Scrapy fetches nothing while it counts 5 MB of bodies whose callbacks have not ended."""
    noise = BytesIO()
    Image.effect_noise((2600, 2600), 100).save(noise, "PNG")
    site.answers = answers(site.url) | {"/v1.jpg": Answer(noise.getvalue())}
    assert len(noise.getvalue()) > 5_000_000
    done = covered("-s", "CONCURRENT_REQUESTS=1")
    assert done.exit_code == 0
    assert entries(done, 1)["0000_cover.png"] == noise.getvalue()


def test_comicinfo_counts_the_cover_and_gives_it_no_chapter(covered: Crawler):
    root = etree.fromstring(entries(covered(), 1)["ComicInfo.xml"])
    pages = root.findall("Pages/Page")
    assert root.findtext("PageCount") == "5"
    assert [(page.get("Type"), page.get("Bookmark")) for page in pages] == [
        ("FrontCover", None),
        (None, "Chapter 1"),
        (None, None),
        (None, "Chapter 2"),
        (None, None),
    ]


def test_again_nothing_is_asked_for_and_nothing_changes(covered: Crawler, site: Server):
    before = covered().files()
    again = covered()
    assert site.paths() == ["/robots.txt", "/series"]
    assert again.files() == before


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v1.jpg", Answer(status=404)),
        ("/v1.jpg", Answer(b"<html>Log in</html>", headers=HTML)),
        ("/v1.jpg", Answer(jpeg(20)[:-100])),
        ("/series/covers", Answer(status=404)),
        ("/series/covers", listed(("1", "http://[broken"), ("2", "/v2.png"))),
        ("/series/covers", listed(("1", "http://10.0.0.1/v1.jpg"), ("2", "/v2.png"))),
        ("/series/covers", listed(("3", "/v1.jpg"), more='<a class="next" href="/series/covers">')),
    ],
)
def test_a_cover_that_cannot_be_had_costs_nothing_else(
    covered: Crawler, site: Server, path: str, answer: Answer
):
    site.answers = answers(site.url) | {path: answer}
    done = covered()
    assert done.exit_code == 0, done.stderr
    assert done.verdict.startswith("Series: complete, 6 pages, 2 volumes")
    assert any(line.startswith("Series: no cover for volume 1") for line in done.lines)
    assert list(entries(done, 1))[1] == "0001_c001_p001.png"
    covered()
    assert site.paths() == ["/robots.txt", "/series"]
    site.answers = answers(site.url, chapter(4))
    done = covered()
    assert "/v1.jpg" in site.paths()
    assert entries(done, 1)["0000_cover.jpg"] == jpeg(20)


def test_a_series_cover_that_cannot_be_had_is_the_first_page(covered: Crawler, site: Server):
    site.answers = answers(site.url) | {"/cover.jpg": Answer(status=404)}
    done = covered()
    with Image.open(done.output / "library" / "Series" / "cover.jpg") as image:
        assert (done.exit_code, image.size) == (0, (200, 300))


def test_a_large_series_cover_is_fitted(covered: Crawler, site: Server):
    noise = BytesIO()
    Image.effect_noise((1200, 1500), 90).save(noise, "JPEG", quality=95)
    site.answers = answers(site.url) | {"/cover.jpg": Answer(noise.getvalue())}
    with Image.open(covered().output / "library" / "Series" / "cover.jpg") as image:
        assert (image.format, image.size) == ("JPEG", (600, 750))


def test_covers_are_asked_for_by_volumes_of_the_site_alone(covered: Crawler, site: Server):
    covered(bundle="chapter")
    assert covers_asked_for(site) == ["/cover.jpg"]
    covered(bundle="site", chapters="1")
    assert covers_asked_for(site) == ["/series/covers", "/v1.jpg", "/v2.png"]


def test_a_cover_that_is_the_first_page_is_there_once(covered: Crawler, site: Server):
    same = {"/1-1.png": Answer(picture(30)), "/series/covers": listed(("1", "/v2.png"))}
    site.answers = answers(site.url) | same
    assert list(entries(covered(), 1))[1] == "0001_c001_p001.png"


@pytest.mark.parametrize("options", [(), SLIM], ids=["kept", "slim"])
def test_other_formats_have_the_cover_first_without_a_request(
    covered: Crawler, site: Server, options: tuple[str, ...]
):
    done = covered(*options)
    site.asked.clear()
    settings = ("-s", f"MANGA_OUTPUT_DIR={done.output}", *MODULE, *options)
    bound = run_scrapy("bundle", *settings, "-a", "formats=cbz,epub,pdf")
    assert (bound.returncode, site.paths()) == (0, []), bound.stderr
    folder = done.output / "devices" / "original" / "Series"
    with ZipFile(folder / "Series v01.epub") as epub:
        package = etree.fromstring(epub.read("EPUB/package.opf"))
        assert package.xpath("//@href[../@properties='cover-image']") == ["0001.jpg"]
        assert epub.read("EPUB/0001.jpg") == jpeg(20)
        assert b'epub:type="cover" href="0001.xhtml"' in epub.read("EPUB/nav.xhtml")
        assert package.xpath("string(//@content[../@name='original-resolution'])") == "200x300"
    with Pdf.open(folder / "Series v01.pdf") as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.read_raw_bytes() == jpeg(20)
        pages: Any = pdf.pages
        assert [page.label for page in pages] == ["cover", "1-1", "1-2", "2-1", "2-2"]
        with pdf.open_outline() as outline:
            targets: list[Any] = [item.destination for item in outline.root]
            starts = [pdf.pages.index(target[0]) for target in targets]
    assert starts == [1, 3]


def test_without_pages_the_volumes_are_the_same(covered: Crawler, output: Path):
    volumes = manifest(covered().output / "library")
    shutil.rmtree(output)
    assert manifest(covered(*SLIM).output / "library") == volumes
    assert not (output / "pages").exists() or list((output / "pages").rglob("*.*")) == []
    assert verify(output)[0] == 0


@pytest.mark.parametrize("options", [(), SLIM], ids=["kept", "slim"])
def test_volumes_are_the_same_after_another_plan(covered: Crawler, options: tuple[str, ...]):
    done = covered(*options)
    volumes = manifest(done.output / "library")
    settings = ("-s", f"MANGA_OUTPUT_DIR={done.output}", *MODULE, *options)
    assert run_scrapy("bundle", *settings, "-a", "bundle=chapter").returncode == 0
    assert len(list((done.output / "library").rglob("*.cbz"))) == 3
    assert run_scrapy("bundle", *settings, "-a", "bundle=auto").returncode == 0
    assert manifest(done.output / "library") == volumes


def test_a_damaged_cover_is_found_and_fetched_again(covered: Crawler, site: Server):
    done = covered()
    cover = next(done.output.glob("covers/*/v1.jpg"))
    cover.write_bytes(jpeg(20)[::-1])
    code, lines, _ = verify(done.output)
    assert code == 3
    assert lines[0].endswith("v1.jpg has changed (Series, cover of volume 1)")
    before = manifest(done.output / "library")
    site.asked.clear()
    assert verify(done.output, *MODULE, "--repair")[0] == 0
    assert sorted(site.paths()) == ["/robots.txt", "/series", "/series/covers", "/v1.jpg"]
    assert cover.read_bytes() == jpeg(20)
    assert manifest(done.output / "library") == before
