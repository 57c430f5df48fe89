import hashlib
import io
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Pdf
from PIL import Image, ImageChops, ImageCms

from mangacrawl.errors import ConversionError
from mangacrawl.records import Chapter
from mangacrawl.volumes.book import Book, BookPage
from mangacrawl.volumes.leaves import original_leaves
from mangacrawl.volumes.pdf import write_pdf
from tests.books import SERIES, book, bound

KINDLE = "kindle-600x800"
CHAPTER = Chapter("1", "", number="1")
ORIENTATION = 0x0112
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

needs_poppler = pytest.mark.skipif(
    not (shutil.which("pdfimages") and shutil.which("pdftoppm")), reason="poppler is not installed"
)


def encoded(image: Image.Image, form: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def grey(value: int, form: str = "JPEG", mode: str = "L", **options) -> bytes:
    return encoded(Image.new("L", (90, 130), value).convert(mode), form, **options)


def oriented(orientation: int) -> bytes:
    """Lies on its side, the upper half of what is stored black."""
    image = Image.new("L", (120, 80), 255)
    image.paste(0, (0, 0, 120, 40))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(image, "JPEG", exif=exif)


def book_of(folder: Path, *pictures: bytes) -> Book:
    """One chapter of these pictures."""
    pages = []
    for number, picture in enumerate(pictures, 1):
        path = folder / f"{number}.page"
        path.write_bytes(picture)
        digest = hashlib.sha256(picture).hexdigest()
        pages.append(BookPage(path, digest, 90, 130, len(picture), CHAPTER, number))
    return book(folder, pages=tuple(pages))


def written(book: Book, folder: Path, device: str = "none") -> Path:
    (path,) = bound(book, folder, "pdf", device)
    return path


def extracted(path: Path) -> list[bytes]:
    """The pictures in a PDF, each as it is stored."""
    target = path.parent / "extracted"
    target.mkdir()
    subprocess.run(["pdfimages", "-all", path, target / "page"], check=True)
    return [file.read_bytes() for file in sorted(target.iterdir())]


def shown(path: Path) -> list[Image.Image]:
    """What a reader shows of each page, at 167 dpi in grey."""
    target = path.parent / "shown"
    target.mkdir()
    command: list[str | Path] = ["pdftoppm", "-r", "167", "-gray", "-forcenum", path]
    subprocess.run([*command, target / "page"], check=True)
    return [Image.open(file) for file in sorted(target.iterdir())]


def labels(path: Path) -> list[str]:
    with Pdf.open(path) as volume:
        pages: Any = volume.pages
        return [page.label for page in pages]


def middle(image: Image.Image) -> int:
    value = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(value, int)
    return value


@needs_poppler
def test_the_original_jpegs_are_in_the_pdf_byte_for_byte(tmp_path: Path):
    made = book(tmp_path)
    originals = [page.path.read_bytes() for page in made.pages]
    assert extracted(written(made, tmp_path)) == originals


@needs_poppler
@pytest.mark.parametrize(
    "picture",
    [
        grey(100, mode="CMYK"),
        grey(100, mode="RGB"),
        grey(100, progressive=True),
        oriented(6),
        oriented(0),
    ],
    ids=["cmyk", "rgb", "progressive", "turned", "invalid EXIF"],
)
def test_every_kind_of_jpeg_is_embedded_unchanged(tmp_path: Path, picture: bytes):
    assert extracted(written(book_of(tmp_path, picture), tmp_path)) == [picture]


@needs_poppler
@pytest.mark.parametrize(
    "form", ["PNG", "WEBP", "GIF", "AVIF", "BMP"], ids=["png", "webp", "gif", "avif", "bmp"]
)
def test_what_is_no_jpeg_is_shown_in_its_place(tmp_path: Path, form: str):
    made = book_of(tmp_path, grey(20), grey(120, form), grey(220))
    assert [middle(page) for page in shown(written(made, tmp_path))] == pytest.approx(
        [20, 120, 220], abs=2
    )


@needs_poppler
@pytest.mark.parametrize(
    ("form", "options"),
    [("PNG", {}), ("PNG", {"bits": 4}), ("WEBP", {"lossless": True}), ("GIF", {}), ("BMP", {})],
    ids=["png", "png of 4 bits", "webp", "gif", "bmp"],
)
def test_no_pixel_is_lost(tmp_path: Path, form: str, options: dict[str, int]):
    noise = Image.effect_noise((60, 80), 60).quantize(16).convert("P")
    picture = encoded(noise if form in {"PNG", "GIF"} else noise.convert("RGB"), form, **options)
    (back,) = extracted(written(book_of(tmp_path, picture), tmp_path))
    original = noise.convert("RGB")
    assert not ImageChops.difference(
        Image.open(io.BytesIO(back)).convert("RGB"), original
    ).getbbox()


def test_a_png_of_sixteen_bits_keeps_them(tmp_path: Path):
    picture = encoded(Image.new("I;16", (60, 80), 0x1234), "PNG")
    with Pdf.open(written(book_of(tmp_path, picture), tmp_path)) as volume:
        assert volume.pages[0].Resources.XObject.Im0.read_bytes()[:4] == b"\x12\x34\x12\x34"


@needs_poppler
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_is_transparent_is_white(tmp_path: Path, form: str):
    picture = encoded(Image.new("RGBA", (60, 80), (0, 0, 0, 0)), form)
    assert middle(shown(written(book_of(tmp_path, picture), tmp_path))[0]) == 255


@needs_poppler
def test_cmyk_is_not_inverted(tmp_path: Path):
    picture = encoded(Image.new("CMYK", (60, 80), (0, 0, 0, 230)), "JPEG")
    assert middle(shown(written(book_of(tmp_path, picture), tmp_path))[0]) < 60


@needs_poppler
@pytest.mark.parametrize(
    ("orientation", "black"),
    [(6, (60, 60)), (8, (20, 60)), (5, (20, 60)), (7, (60, 60))],
)
def test_a_page_stands_as_exif_says(tmp_path: Path, orientation: int, black: tuple[int, int]):
    (page,) = shown(written(book_of(tmp_path, oriented(orientation)), tmp_path))
    assert page.size == (80, 120)
    assert page.getpixel(black) == 0


@needs_poppler
@pytest.mark.parametrize(
    "picture",
    [
        grey(100, icc_profile=b"none" * 40),
        grey(100, icc_profile=SRGB),
        grey(100, "PNG", icc_profile=SRGB),
    ],
    ids=["no profile", "wrong for a jpeg", "wrong for a png"],
)
def test_a_colour_profile_that_cannot_be_used_is_left_out(tmp_path: Path, picture: bytes):
    path = written(book_of(tmp_path, picture), tmp_path)
    with Pdf.open(path) as volume:
        assert volume.pages[0].Resources.XObject.Im0.ColorSpace == "/DeviceGray"
    assert middle(shown(path)[0]) == 100


@needs_poppler
def test_only_the_first_frame_of_an_animation_is_a_page(tmp_path: Path):
    frames = [Image.new("L", (60, 80), value) for value in (0, 255)]
    picture = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert [middle(page) for page in shown(written(book_of(tmp_path, picture), tmp_path))] == [0]


@needs_poppler
def test_a_device_gets_its_pages_fitted_and_grey(tmp_path: Path):
    made = book_of(tmp_path, encoded(Image.new("RGB", (1100, 1600)), "JPEG"), grey(90, "WEBP"))
    pictures = [
        Image.open(io.BytesIO(found))
        for found in extracted(written(made, tmp_path, "kindle-600x800"))
    ]
    assert [(picture.mode, picture.size) for picture in pictures] == [
        ("L", (550, 800)),
        ("L", (90, 130)),
    ]


def test_the_picture_fills_its_page(tmp_path: Path):
    path = written(book_of(tmp_path, grey(20)), tmp_path)
    with Pdf.open(path) as volume:
        box = [float(side) for side in volume.pages[0].mediabox]
    assert box == pytest.approx([0, 0, 90 * 72 / 167, 130 * 72 / 167], abs=0.001)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((40_000, 400), [14_400, 144]), ((65_000, 1), [14_400, 3]), ((2, 2), [3, 3])],
)
def test_no_page_is_larger_or_smaller_than_a_pdf_can_have(tmp_path: Path, size, expected):
    path = written(book_of(tmp_path, encoded(Image.new("L", size), "PNG")), tmp_path)
    with Pdf.open(path) as volume:
        box = [float(side) for side in volume.pages[0].mediabox]
    assert box[2:] == pytest.approx(expected, abs=0.001)


def test_a_volume_of_many_parts_has_its_pages_in_order(tmp_path: Path):
    shades = range(10, 231, 2)
    path = written(book_of(tmp_path, *(grey(shade, "PNG") for shade in shades)), tmp_path)
    with Pdf.open(path) as volume:
        found = [page.Resources.XObject.Im0.read_bytes()[0] for page in volume.pages]
    assert found == list(shades)


@pytest.mark.parametrize("device", ["none", "kindle-600x800"])
def test_two_builds_are_the_same_bytes(tmp_path: Path, device: str):
    made = book(tmp_path)
    first = written(made, tmp_path, device).read_bytes()
    assert written(made, tmp_path, device).read_bytes() == first


def test_volumes_written_at_the_same_time_are_the_same_bytes(tmp_path: Path):
    made = book_of(tmp_path, *(grey(shade, "PNG") for shade in range(0, 240, 2)))
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(4) as executor:
        paths = list(executor.map(written, repeat(made), folders, repeat(KINDLE)))
    assert len({path.read_bytes() for path in paths}) == 1


def test_pages_from_right_to_left_turn_so(tmp_path: Path):
    made = book(tmp_path, series=replace(SERIES, direction="rtl"))
    with Pdf.open(written(made, tmp_path)) as volume:
        assert volume.Root.ViewerPreferences.Direction == "/R2L"


@pytest.mark.parametrize("direction", ["ltr", None])
def test_other_pages_turn_as_in_any_pdf(tmp_path: Path, direction):
    made = book(tmp_path, series=replace(SERIES, direction=direction))
    with Pdf.open(written(made, tmp_path)) as volume:
        assert "/ViewerPreferences" not in volume.Root


def test_the_outline_leads_to_the_first_page_of_each_chapter(tmp_path: Path):
    with Pdf.open(written(book(tmp_path), tmp_path)) as volume, volume.open_outline() as outline:
        titles = [item.title for item in outline.root]
        targets: list[Any] = [item.destination for item in outline.root]
        assert titles == ['Chapter 1: "First" <page>', "Chapter 1.5"]
        assert [target[0] for target in targets] == [volume.pages[0].obj, volume.pages[2].obj]


def test_a_page_is_labelled_with_chapter_and_number(tmp_path: Path):
    assert labels(written(book(tmp_path), tmp_path)) == ["1-1", "1-2", "1.5-1"]


def test_the_labels_leave_out_the_pages_that_are_missing(tmp_path: Path):
    first, _, third = book_of(tmp_path, grey(1), grey(2), grey(3)).pages
    assert labels(written(book(tmp_path, pages=(first, third)), tmp_path)) == ["1-1", "1-3"]


def test_title_and_author_are_told_twice(tmp_path: Path):
    with Pdf.open(written(book(tmp_path, name="Akira\x0b v01 ö"), tmp_path)) as volume:
        metadata = volume.open_metadata()
        assert (str(volume.docinfo.Title), metadata["dc:title"]) == ("Akira v01 ö", "Akira v01 ö")
        assert (str(volume.docinfo.Author), metadata["dc:creator"]) == (
            "Otomo, Katsuhiro",
            ["Otomo, Katsuhiro"],
        )


def test_nothing_says_when_the_volume_was_made(tmp_path: Path):
    with Pdf.open(written(book(tmp_path), tmp_path)) as volume:
        assert sorted(volume.docinfo.keys()) == ["/Author", "/Title"]


def test_the_first_id_stays_when_the_pages_change(tmp_path: Path):
    with Pdf.open(written(book_of(tmp_path, grey(10)), tmp_path)) as volume:
        old_first, old_second = (bytes(each) for each in volume.trailer.ID)
    with Pdf.open(written(book_of(tmp_path, grey(200)), tmp_path)) as volume:
        new_first, new_second = (bytes(each) for each in volume.trailer.ID)
    assert (new_first == old_first, new_second == old_second) == (True, False)


def test_a_page_that_cannot_be_decoded_fails_the_volume_by_name(tmp_path: Path):
    made = book_of(tmp_path, grey(10), grey(10, "WEBP")[:-10])
    with pytest.raises(ConversionError, match="chapter 1, page 2: the picture cannot be decoded"):
        written(made, tmp_path, KINDLE)


def test_a_page_that_cannot_be_embedded_fails_the_volume_by_name(tmp_path: Path):
    truncated = encoded(Image.effect_noise((90, 130), 50), "PNG")[:-4000]
    made = book_of(tmp_path, grey(10), truncated, grey(10))
    with pytest.raises(ConversionError, match="chapter 1, page 2: "):
        written(made, tmp_path)


@pytest.mark.parametrize("device", ["none", KINDLE])
def test_a_page_that_has_changed_on_disk_fails_the_volume_by_name(tmp_path: Path, device):
    made = book(tmp_path)
    made.pages[1].path.write_bytes(made.pages[1].path.read_bytes()[:-20])
    with pytest.raises(ConversionError, match=r"chapter 1, page 2: .* changed"):
        written(made, tmp_path, device)


def test_a_page_that_has_gone_fails_the_volume_by_name(tmp_path: Path):
    made = book(tmp_path)
    made.pages[2].path.unlink()
    with pytest.raises(ConversionError, match=r"chapter 1\.5, page 1: the stored file is gone"):
        written(made, tmp_path)


@pytest.mark.parametrize("name", ["@odd, -1", "アキラ 第1巻"])
def test_a_volume_may_have_any_name_a_file_can_have(tmp_path: Path, name: str):
    path = written(book(tmp_path, name=name), tmp_path)
    assert (path.name, path.stat().st_size > 0) == (f"{name}.pdf", True)


def test_nothing_is_left_beside_a_volume(tmp_path: Path):
    (tmp_path / "library").mkdir()
    written(book(tmp_path), tmp_path / "library")
    assert [path.name for path in (tmp_path / "library").iterdir()] == [
        "Akira v01 (c001-001.5).pdf"
    ]


def test_nothing_is_left_of_a_volume_that_failed(tmp_path: Path):
    (tmp_path / "library").mkdir()
    made = book_of(tmp_path, *[grey(10)] * 60)
    made.pages[55].path.write_bytes(b"other")
    with pytest.raises(ConversionError):
        written(made, tmp_path / "library")
    assert list((tmp_path / "library").iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, as on Linux")
def test_a_disk_that_is_full_at_the_last_byte_is_an_error_not_the_end_of_the_process(
    tmp_path: Path,
):
    volume = tmp_path / "volume.pdf"
    volume.symlink_to("/dev/full")
    made = book(tmp_path)
    with pytest.raises(OSError, match="No space left on device"):
        write_pdf(made, original_leaves(made), volume)
    assert not list(tmp_path.glob("*.part"))
