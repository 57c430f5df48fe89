import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from mangacrawl.errors import PageError
from mangacrawl.pictures import inspect


def encoded(form: str, mode: str = "RGB", size: tuple[int, int] = (200, 300), **options) -> bytes:
    picture = Image.new(mode, size)
    ImageDraw.Draw(picture).ellipse((20, 30, 150, 250), fill=1 if mode == "P" else None)
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "extension"),
    [
        (encoded("JPEG"), ".jpg"),
        (encoded("JPEG", progressive=True), ".jpg"),
        (encoded("JPEG", "CMYK"), ".jpg"),
        (encoded("PNG"), ".png"),
        (encoded("PNG", "I;16"), ".png"),
        (encoded("PNG", "P"), ".png"),
        (encoded("WEBP", "RGBA"), ".webp"),
        (encoded("GIF", "P"), ".gif"),
        (encoded("AVIF"), ".avif"),
        (encoded("BMP"), ".bmp"),
    ],
)
def test_the_extension_comes_from_the_content(body: bytes, extension: str):
    assert inspect(body).extension == extension


def test_the_size_is_in_pixels():
    picture = inspect(encoded("PNG", size=(640, 480)))
    assert (picture.width, picture.height) == (640, 480)


def test_a_rotated_photograph_has_the_size_it_is_seen_at():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = inspect(encoded("JPEG", size=(640, 480), exif=exif))
    assert (picture.width, picture.height) == (480, 640)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_cut_picture_is_damaged(form: str, kept: float):
    body = encoded(form, size=(800, 1200))
    with pytest.raises(PageError, match="damaged"):
        inspect(body[: int(len(body) * kept)])


def test_a_jpeg_without_its_end_marker_is_told_apart():
    body = encoded("JPEG")
    assert inspect(body).has_end
    assert not inspect(body[:-2] + b"\0" * 4096).has_end


def test_html_is_named_as_such():
    with pytest.raises(PageError, match="HTML page"):
        inspect(b"\n<!DOCTYPE html><title>Log in</title>")


@pytest.mark.parametrize("body", [b"%PDF-1.7", b"II*\0" + b"\0" * 100, b"8BPS" + b"\0" * 100])
def test_other_formats_are_no_pictures(body: bytes):
    with pytest.raises(PageError, match="no picture"):
        inspect(body)


def test_no_bytes_are_no_picture():
    with pytest.raises(PageError, match="no bytes"):
        inspect(b"")


def test_a_tracker_is_too_small():
    with pytest.raises(PageError, match="too small"):
        inspect(encoded("GIF", "P", (1, 1)))


def test_a_tall_strip_is_a_page():
    assert inspect(encoded("PNG", "L", (2, 30_000))).height == 30_000


@pytest.mark.parametrize("size", [(8001, 8001), (20_000, 20_000)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]):
    with pytest.raises(PageError, match="64,000,000 pixels"):
        inspect(encoded("PNG", "1", size))


def test_every_file_of_this_package_is_no_picture():
    for path in Path(__file__).parent.glob("*.py"):
        with pytest.raises(PageError):
            inspect(path.read_bytes())
