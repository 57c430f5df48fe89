"""EPUB volumes, as e-readers and their judges read them."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from lxml import etree
from PIL import Image

from mangacrawl.errors import ConversionError
from mangacrawl.records import Chapter
from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.spreads import sides
from tests.books import SERIES, book, bound, page
from tests.test_pdf import book_of, encoded, grey, middle, oriented

NAMES = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "x": "http://www.w3.org/1999/xhtml",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
}


def written(made, folder: Path, device: str = "none", **style) -> Path:
    (path,) = bound(made, folder, "epub", device, **style)
    return path


def parsed(path: Path, name: str = "package.opf") -> etree._Element:
    with ZipFile(path) as archive:
        return etree.fromstring(archive.read(f"EPUB/{name}"))


def found(path: Path, query: str, name: str = "package.opf") -> list[str]:
    values: Any = parsed(path, name).xpath(query, namespaces=NAMES)
    return [str(each) for each in values]


def spine(path: Path) -> list[str | None]:
    return [each.get("properties") for each in parsed(path).findall(".//opf:itemref", NAMES)]


def kindle_meta(path: Path, name: str) -> list[str]:
    return found(path, f"//opf:meta[@name='{name}']/@content")


def test_the_mimetype_comes_first_and_is_stored(tmp_path: Path):
    with ZipFile(written(book(tmp_path), tmp_path)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
        assert archive.read(first) == b"application/epub+zip"


def test_the_original_jpegs_are_in_the_epub_byte_for_byte(tmp_path: Path):
    made = book(tmp_path)
    with ZipFile(written(made, tmp_path)) as archive:
        pictures = [archive.read(f"EPUB/000{number}.jpg") for number in (1, 2, 3)]
    assert pictures == [page.path.read_bytes() for page in made.pages]


def test_pages_from_right_to_left_turn_so(tmp_path: Path):
    path = written(book(tmp_path), tmp_path)
    assert found(path, "//opf:spine/@page-progression-direction") == ["rtl"]
    assert kindle_meta(path, "primary-writing-mode") == ["horizontal-rl"]


def test_other_pages_turn_as_in_any_book(tmp_path: Path):
    path = written(book(tmp_path, series=replace(SERIES, direction=None)), tmp_path)
    assert found(path, "//opf:spine/@page-progression-direction") == ["ltr"]


def test_the_first_page_has_no_side_and_a_double_page_has_both(tmp_path: Path):
    chapter = Chapter("one", "", number="1")
    wide = (180, 130)
    sizes = [(90, 130), (90, 130), (90, 130), wide, (90, 130), (90, 130)]
    pages = tuple(page(tmp_path, chapter, number, size) for number, size in enumerate(sizes, 1))
    assert spine(written(book(tmp_path, pages=pages), tmp_path)) == [
        None,
        "page-spread-right",
        "page-spread-left",
        "rendition:page-spread-center",
        "page-spread-right",
        "page-spread-left",
    ]


def test_left_to_right_pages_lie_on_the_other_side(tmp_path: Path):
    made = book(tmp_path, series=replace(SERIES, direction="ltr"))
    assert spine(written(made, tmp_path)) == [
        None,
        "rendition:page-spread-center",
        "page-spread-left",
    ]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ("pppp", "2121"),
        ("pps", "12B"),
        ("ppps", "212B"),
        ("sppp", "B121"),
        ("pspps", "2B12B"),
        ("pfgp", "2121"),
        ("ppfgp", "12121"),
        ("spspp", "B2B12"),
        ("", ""),
    ],
)
def test_the_page_before_a_double_page_ends_a_pair(roles: str, expected: str):
    names = {"p": "page", "s": "spread", "f": "first half", "g": "second half"}
    found = sides([names[role] for role in roles])  # type: ignore[misc]
    assert "".join({"first": "1", "second": "2", "both": "B"}[side] for side in found) == expected


def test_a_double_page_is_split_for_a_device_the_right_half_first(tmp_path: Path):
    image = Image.new("L", (1600, 1100), 255)
    image.paste(0, (800, 0, 1600, 1100))
    path = written(book_of(tmp_path, grey(90), encoded(image, "PNG")), tmp_path, "kindle-pw5")
    with ZipFile(path) as archive:
        halves = [Image.open(archive.open(f"EPUB/000{number}.jpg")) for number in (2, 3)]
        assert [half.resize((1, 1)).getpixel((0, 0)) for half in halves] == [0, 255]
    assert spine(path) == [None, "page-spread-right", "page-spread-left"]


def test_the_first_picture_is_the_cover(tmp_path: Path):
    path = written(book(tmp_path), tmp_path)
    assert found(path, "//opf:item[@properties='cover-image']/@href") == ["0001.jpg"]
    assert kindle_meta(path, "cover") == ["image1"]


def test_each_chapter_is_in_both_tables_of_contents(tmp_path: Path):
    path = written(book(tmp_path), tmp_path)
    titles = ['Chapter 1: "First" <page>', "Chapter 1.5"]
    toc = "//x:nav[@id='toc']//x:a"
    assert found(path, f"{toc}/text()", "nav.xhtml") == titles
    assert found(path, f"{toc}/@href", "nav.xhtml") == ["0001.xhtml", "0003.xhtml"]
    assert found(path, "//ncx:navPoint//ncx:text/text()", "toc.ncx") == titles
    assert found(path, "//ncx:content/@src", "toc.ncx") == ["0001.xhtml", "0003.xhtml"]


def test_each_page_is_one_picture_that_fills_its_viewport(tmp_path: Path):
    path = written(book(tmp_path), tmp_path)
    assert found(path, "//x:meta[@name='viewport']/@content", "0002.xhtml") == [
        "width=180, height=130"
    ]
    assert found(path, "//x:img/@src", "0002.xhtml") == ["0002.jpg"]
    assert found(path, "//x:img/@alt", "0002.xhtml") == ['Chapter 1: "First" <page>, page 2']


def test_no_viewport_is_larger_than_a_kobo_takes(tmp_path: Path):
    made = book_of(tmp_path, encoded(Image.new("L", (3000, 4000), 90), "JPEG"))
    pages = (replace(made.pages[0], width=3000, height=4000),)
    path = written(replace(made, pages=pages), tmp_path)
    assert found(path, "//x:meta[@name='viewport']/@content", "0001.xhtml") == [
        "width=1688, height=2250"
    ]


def test_what_is_known_of_the_series_is_told(tmp_path: Path):
    chapter = Chapter("one", "", number="1", group="Some & Sons", released=date(2019, 4, 1))
    series = replace(SERIES, artists=("Pen",), tags=("Drama",), publisher="Press")
    made = book(tmp_path, series=series, pages=(page(tmp_path, chapter, 1),), place="3")
    path = written(made, tmp_path)
    metadata = parsed(path)[0]
    told = {
        etree.QName(each).localname: each.text
        for each in metadata
        if etree.QName(each).namespace == NAMES["dc"]
    }
    del told["identifier"]
    assert told == {
        "title": "Akira v01 (c001-001.5)",
        "language": "en",
        "creator": "Otomo, Katsuhiro",
        "contributor": "Some & Sons",
        "publisher": "Press",
        "description": "Neo-Tokyo.",
        "subject": "Drama",
        "date": "2019-04-01",
        "source": "https://a.example/akira",
    }
    assert found(path, "//opf:meta[@property='belongs-to-collection']/text()") == [
        "Akira & <Tetsuo>"
    ]
    assert found(path, "//opf:meta[@property='group-position']/text()") == ["3"]


@pytest.mark.parametrize("language", [None, "not a language!", "x"])
def test_a_language_that_is_none_is_undetermined(tmp_path: Path, language: str | None):
    path = written(book(tmp_path, series=replace(SERIES, language=language)), tmp_path)
    assert found(path, "//dc:language/text()") == ["und"]


def test_a_kindle_is_told_its_resolution_and_a_kobo_is_spared_it(tmp_path: Path):
    assert kindle_meta(written(book(tmp_path), tmp_path, "kindle-pw5"), "original-resolution") == [
        "1236x1648"
    ]
    kobo = written(book(tmp_path), tmp_path, "kobo-libra-2")
    assert kindle_meta(kobo, "original-resolution") == []
    assert kobo.name == "Akira v01 (c001-001.5).kepub.epub"


@pytest.mark.parametrize("form", ["WEBP", "AVIF", "BMP"])
def test_what_no_e_reader_shows_becomes_a_png(tmp_path: Path, form: str):
    path = written(book_of(tmp_path, grey(90, form)), tmp_path)
    assert found(path, "//opf:item[@id='image1']/@media-type") == ["image/png"]


@pytest.mark.parametrize("picture", [oriented(6), grey(90, mode="CMYK")], ids=["turned", "cmyk"])
def test_a_jpeg_that_e_readers_show_wrong_becomes_a_png(tmp_path: Path, picture: bytes):
    path = written(book_of(tmp_path, picture), tmp_path)
    assert found(path, "//opf:item[@id='image1']/@media-type") == ["image/png"]


def test_a_screen_of_sixteen_greys_gets_them_at_best_quality(tmp_path: Path):
    noise = encoded(Image.effect_noise((600, 800), 90), "PNG")
    path = written(book_of(tmp_path, noise), tmp_path, "kindle-pw5", quality="best")
    with ZipFile(path) as archive, Image.open(archive.open("EPUB/0001.png")) as image:
        assert sorted(set(image.convert("L").tobytes())) == list(range(0, 256, 17))


@pytest.mark.parametrize("device", ["none", "kindle-pw5", "kobo-clara-colour"])
def test_two_builds_are_the_same_bytes(tmp_path: Path, device: str):
    made = book(tmp_path)
    first = written(made, tmp_path, device).read_bytes()
    assert written(made, tmp_path, device).read_bytes() == first


def test_a_book_too_large_for_its_device_is_split_at_a_chapter(tmp_path: Path, monkeypatch):
    chapters = [Chapter(f"c{number}", "", number=str(number)) for number in range(1, 7)]
    pages = tuple(page(tmp_path, each, number) for each in chapters for number in (1, 2, 3))
    small = Device("kindle-small", 600, 800, max_bytes=40_000)
    monkeypatch.setattr("tests.books.device_named", lambda _: small)
    paths = bound(book(tmp_path, pages=pages), tmp_path, "epub")
    assert [path.name for path in paths] == [
        "Akira v01 (c001-001.5) [1 of 2].epub",
        "Akira v01 (c001-001.5) [2 of 2].epub",
    ]
    assert all(path.stat().st_size < 40_000 for path in paths)
    starts = [found(path, "//x:nav[@id='toc']//x:a/text()", "nav.xhtml") for path in paths]
    assert [*starts[0], *starts[1]] == [f"Chapter {number}" for number in range(1, 7)]
    assert len({found(path, "//dc:identifier/text()")[0] for path in paths}) == 2


@pytest.mark.parametrize("device", ["none", "kindle-pw5"])
def test_a_page_that_has_changed_on_disk_fails_the_volume_by_name(tmp_path: Path, device: str):
    made = book(tmp_path)
    made.pages[1].path.write_bytes(b"other")
    with pytest.raises(ConversionError, match=r"chapter 1, page 2: .* changed"):
        written(made, tmp_path, device)


def test_nothing_is_left_beside_a_volume(tmp_path: Path):
    (tmp_path / "shelf").mkdir()
    written(book(tmp_path), tmp_path / "shelf", "kindle-pw5")
    assert [path.name for path in (tmp_path / "shelf").iterdir()] == ["Akira v01 (c001-001.5).epub"]


def test_the_pictures_of_a_fitted_page_are_read_back_whole(tmp_path: Path):
    shades = range(100, 190, 5)
    made = book_of(tmp_path, *(grey(shade, "PNG") for shade in shades))
    with ZipFile(written(made, tmp_path, "kindle-pw5")) as archive:
        shown = [
            middle(Image.open(io.BytesIO(archive.read(f"EPUB/{number:04}.jpg"))))
            for number in range(1, len(shades) + 1)
        ]
    assert shown == list(shades)
