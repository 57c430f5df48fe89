import io

import pytest
from PIL import ExifTags, Image, ImageCms, ImageDraw, ImageStat

from mangacrawl.errors import ConversionError
from mangacrawl.pictures import MAX_PIXELS
from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.screen import fit

KINDLE = Device("kindle", 600, 800)
COLOUR = Device("colour", 600, 800, greys=None)
ORIENTATION = 0x0112
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def encoded(image: Image.Image, form: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def page(size: tuple[int, int] = (1100, 1600), form: str = "JPEG", **options) -> bytes:
    """White, with the upper left quarter black."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="black")
    return encoded(image, form, **options)


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return page((1600, 1100), exif=exif)


def fitted(picture: bytes, device: Device = KINDLE) -> Image.Image:
    return Image.open(io.BytesIO(fit(picture, device).data))


def mean(image: Image.Image) -> float:
    return ImageStat.Stat(image).mean[0]


def shade(image: Image.Image, across: float, down: float) -> str:
    value = image.getpixel((int(image.width * across), int(image.height * down)))
    assert isinstance(value, int)
    return "black" if value < 30 else "white" if value > 225 else "grey"


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1100, 1600), (550, 800)),
        ((1101, 1599), (551, 800)),
        ((1200, 1200), (600, 600)),
        ((2400, 1600), (600, 400)),
        ((9, 4000), (2, 800)),
        ((8000, 3), (600, 1)),
    ],
)
def test_a_page_fills_the_screen_one_way_and_keeps_its_aspect(size, expected):
    assert fitted(page(size)).size == expected


def test_a_small_page_is_not_enlarged():
    assert fitted(page((300, 400))).size == (300, 400)


def test_the_size_is_told():
    result = fit(page((1100, 1600)), KINDLE)
    assert (result.width, result.height) == (550, 800)


def test_a_grey_screen_gets_grey():
    assert fitted(page()).mode == "L"


def test_a_colour_screen_gets_colour():
    assert fitted(page(), COLOUR).mode == "RGB"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP"])
def test_every_format_of_a_page_becomes_a_jpeg(form: str):
    assert fitted(page(form=form)).format == "JPEG"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP"])
def test_the_picture_is_that_of_the_page(form: str):
    result = fitted(page(form=form))
    corners = [shade(result, *at) for at in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.7, 0.7))]
    assert corners == ["black", "white", "white", "white"]


def test_a_jpeg_is_baseline_also_where_the_page_was_progressive():
    assert "progressive" not in fitted(page(progressive=True)).info


def test_what_is_transparent_is_white():
    picture = encoded(Image.new("RGBA", (60, 80), (0, 0, 0, 0)), "PNG")
    assert mean(fitted(picture)) == 255


def test_what_is_half_transparent_is_mixed_with_white():
    picture = encoded(Image.new("LA", (60, 80), (0, 128)), "PNG")
    assert mean(fitted(picture)) == pytest.approx(127, abs=1)


def test_a_transparent_colour_of_a_palette_is_white():
    image = Image.new("P", (60, 80), 0)
    image.putpalette([0, 0, 0, 90, 90, 90])
    assert mean(fitted(encoded(image, "GIF", transparency=0))) == 255


def test_a_palette_gives_its_colours():
    image = Image.new("P", (60, 80), 1)
    image.putpalette([0, 0, 0, 90, 90, 90])
    assert mean(fitted(encoded(image, "PNG"))) == pytest.approx(90, abs=1)


@pytest.mark.parametrize(("deep", "expected"), [(0, 0), (300, 1), (32768, 128), (65535, 255)])
@pytest.mark.parametrize("device", [KINDLE, COLOUR], ids=["grey", "colour"])
def test_sixteen_bits_are_scaled_and_not_clipped(deep: int, expected: int, device: Device):
    picture = encoded(Image.new("I;16", (60, 80), deep), "PNG")
    assert mean(fitted(picture, device)) == pytest.approx(expected, abs=1)


def test_cmyk_is_not_inverted():
    # 255 - 10 - 40, 255 - 200 - 40, 255 - 30 - 40, each of what black leaves: (207, 46, 190).
    picture = encoded(Image.new("CMYK", (200, 300), (10, 200, 30, 40)), "JPEG")
    assert mean(fitted(picture)) == pytest.approx(111, abs=3)


@pytest.mark.parametrize(
    ("form", "mode", "options"),
    [
        ("JPEG", "L", {"progressive": True}),
        ("JPEG", "CMYK", {"quality": 95}),
        ("JPEG", "RGB", {"icc_profile": SRGB}),
        ("MPO", "RGB", {"save_all": True, "append_images": [Image.new("RGB", (9, 9))]}),
        ("PNG", "1", {}),
        ("PNG", "P", {}),
        ("PNG", "LA", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "I;16", {}),
        ("WEBP", "RGBA", {"lossless": True}),
    ],
)
def test_a_picture_of_any_mode_is_as_dark_as_its_reference(form: str, mode: str, options):
    reference = Image.linear_gradient("L").resize((120, 160))
    picture = reference.point(lambda v: v * 257, "I").convert("I;16") if mode == "I;16" else None
    picture = picture or reference.convert("RGB" if mode in {"CMYK", "P"} else "L").convert(mode)
    assert mean(fitted(encoded(picture, form, **options))) == pytest.approx(mean(reference), abs=3)


def test_only_the_first_frame_of_an_animation_is_shown():
    black, white = Image.new("L", (60, 80), 0), Image.new("L", (60, 80), 255)
    picture = encoded(black, "GIF", save_all=True, append_images=[white])
    assert mean(fitted(picture)) == 0


@pytest.mark.parametrize(
    ("orientation", "black"),
    [(3, (0.75, 0.75)), (6, (0.75, 0.25)), (8, (0.25, 0.75))],
)
def test_a_page_stands_as_exif_says(orientation: int, black: tuple[float, float]):
    assert shade(fitted(turned(orientation)), *black) == "black"


def test_a_page_lying_on_its_side_is_fitted_as_it_stands():
    assert fitted(turned(6)).size == (550, 800)


def test_nothing_but_the_picture_is_kept():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[ExifTags.Base.Artist] = "<script>alert(1)</script>"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (35.0, 41.0, 22.0)
    result = fitted(page(exif=exif, comment=b"<script>", dpi=(300, 300), icc_profile=SRGB))
    assert sorted(result.info) == ["jfif", "jfif_density", "jfif_unit", "jfif_version"]


def test_a_page_gives_the_same_bytes_twice():
    assert fit(page(), KINDLE) == fit(page(), KINDLE)


def test_a_truncated_page_cannot_be_converted():
    with pytest.raises(ConversionError, match="cannot be decoded"):
        fit(page()[:-400], KINDLE)


def test_something_that_is_no_picture_cannot_be_converted():
    with pytest.raises(ConversionError, match="not a picture in JPEG, PNG"):
        fit(b"<!doctype html>", KINDLE)


def test_a_decompression_bomb_is_refused():
    picture = encoded(Image.new("1", (8001, MAX_PIXELS // 8000)), "PNG")
    with pytest.raises(ConversionError):
        fit(picture, KINDLE)
