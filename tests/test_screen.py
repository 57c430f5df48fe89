"""What a screen gets of a page: cropped, balanced, split, in its own greys."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image, ImageDraw, ImageFont

from mangacrawl.errors import ArgumentError
from mangacrawl.records import Chapter
from mangacrawl.volumes.book import BookPage
from mangacrawl.volumes.crop import margins
from mangacrawl.volumes.profiles import DEVICES, Device, device_named
from mangacrawl.volumes.screen import FittedPage, fitted_pages
from mangacrawl.volumes.strips import is_strip, screens
from mangacrawl.volumes.style import Style
from tests.books import SERIES
from tests.test_pdf import encoded

KINDLE = Device("kindle", 600, 800)
TALL = Device("tall", 600, 850)
COLOUR = Device("colour", 600, 800, greys=None)


def drawing(box: tuple[int, int, int, int], size=(1000, 1400), paper=255, ink=0) -> Image.Image:
    """A page with a black frame of that box, criss-crossed."""
    image = Image.new("L", size, paper)
    pen = ImageDraw.Draw(image)
    pen.rectangle(box, outline=ink, width=6)
    pen.line(box, fill=ink, width=6)
    return image


def fitted(
    image: Image.Image, device: Device = KINDLE, rtl: bool = True, **style
) -> list[FittedPage]:
    picture = encoded(image, "PNG")
    return list(fitted_pages(picture, device, Style(**style), is_right_to_left=rtl))


def shown(page: FittedPage) -> Image.Image:
    return Image.open(io.BytesIO(page.data))


def mean(page: FittedPage) -> int:
    value = shown(page).convert("L").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(value, int)
    return value


def spread(size: tuple[int, int] = (1600, 1100)) -> Image.Image:
    """A double page: the left half white, the right half grey, both framed."""
    image = drawing((0, 0, size[0] - 1, size[1] - 1), size)
    image.paste(90, (size[0] // 2, 0, size[0], size[1]))
    return image


def test_white_margins_are_cropped():
    found = margins(drawing((50, 70, 920, 1330)))
    assert found.box((1000, 1400)) == (46, 68, 924, 1334)


def test_black_margins_are_cropped():
    found = margins(drawing((50, 70, 920, 1330), paper=5, ink=200))
    assert found.box((1000, 1400)) == (46, 68, 924, 1334)


def test_never_more_than_a_tenth_of_a_side_is_cropped():
    assert margins(drawing((400, 600, 600, 800))).box((1000, 1400)) == (100, 140, 900, 1260)


def test_a_drawing_that_bleeds_off_the_paper_is_whole():
    image = Image.new("L", (1000, 1400), 120)
    assert margins(image).box((1000, 1400)) == (0, 0, 1000, 1400)


def test_a_blank_page_stays_a_page():
    assert margins(Image.new("L", (1000, 1400), 255)).box((1000, 1400)) == (0, 0, 1000, 1400)


@pytest.mark.parametrize("text", ["7", "117", "- 9 -"])
def test_a_page_number_goes_with_the_margin(text: str):
    image = drawing((30, 30, 970, 1280))
    font = ImageFont.load_default(28)
    ImageDraw.Draw(image).text((490, 1340), text, font=font, fill=0)
    assert margins(image).box((1000, 1400))[3] == 1285


def test_a_line_of_text_is_no_page_number():
    image = drawing((30, 30, 970, 1280))
    font = ImageFont.load_default(28)
    ImageDraw.Draw(image).text((300, 1340), "To be continued in chapter 8", font=font, fill=0)
    assert margins(image).box((1000, 1400))[3] > 1360


def test_dust_on_the_margin_is_cropped_too():
    image = drawing((60, 80, 940, 1320))
    for at in range(10, 50, 7):
        image.putpixel((at, at * 3), 0)
    assert margins(image).box((1000, 1400))[:2] == (56, 78)


def test_a_cropped_page_fills_the_screen():
    (page,) = fitted(drawing((90, 100, 910, 1300), (2000, 2800)).resize((1000, 1400)))
    assert (page.width, page.height) == (566, 800)


def test_a_faint_scan_becomes_black_on_white():
    image = drawing((0, 0, 999, 1399), paper=215, ink=70)
    image.paste(70, (0, 0, 1000, 300))
    (page,) = fitted(image)
    assert shown(page).getextrema() == (0, 255)


def test_a_page_that_is_meant_to_be_pale_stays_so():
    image = drawing((0, 0, 999, 1399), paper=250, ink=160)
    image.paste(160, (0, 0, 1000, 300))
    (page,) = fitted(image)
    low, _ = shown(page).getextrema()
    assert isinstance(low, int)
    assert low > 130


@pytest.mark.parametrize(("gamma", "expected"), [(1.0, 128), (1.8, 74), (0.5, 181)])
def test_gamma_bends_the_middle_greys(gamma: float, expected: int):
    image = Image.new("L", (300, 400), 128)
    image.paste(0, (0, 0, 300, 40))
    image.paste(255, (0, 360, 300, 400))
    (page,) = fitted(image, gamma=gamma)
    assert shown(page).getpixel((150, 200)) == pytest.approx(expected, abs=2)


@pytest.mark.parametrize(
    ("rtl", "tones"), [(True, [90, 255]), (False, [255, 90])], ids=["rtl", "ltr"]
)
def test_a_double_page_is_split_in_reading_order(rtl: bool, tones: list[int]):
    pages = fitted(spread(), rtl=rtl)
    assert [page.role for page in pages] == ["first half", "second half"]
    assert [mean(page) > 200 for page in pages] == [tone > 200 for tone in tones]
    assert [(page.width, page.height) for page in pages] == [(582, 800), (582, 800)]


@pytest.mark.parametrize(("rtl", "top_is_white"), [(True, False), (False, True)])
def test_a_double_page_is_turned_so_that_what_is_read_first_is_on_top(rtl: bool, top_is_white):
    (page,) = fitted(spread(), rtl=rtl, spreads="rotate")
    image = shown(page)
    value = image.resize((1, 2), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(value, int)
    assert (page.width, page.height, page.role) == (550, 800, "page")
    assert (value > 200) == top_is_white


def test_both_is_the_whole_and_then_the_halves():
    pages = fitted(spread(), spreads="both")
    assert [(page.role, page.width, page.height) for page in pages] == [
        ("page", 550, 800),
        ("first half", 582, 800),
        ("second half", 582, 800),
    ]


def test_a_double_page_may_be_kept():
    (page,) = fitted(spread(), spreads="keep")
    assert (page.width, page.height, page.role) == (600, 412, "spread")


def test_a_double_page_that_is_very_wide_is_turned_instead_of_split():
    (page,) = fitted(spread((2000, 1000)))
    assert (page.width, page.height) == (400, 800)


def test_a_page_that_is_hardly_wider_than_high_is_no_double_page():
    (page,) = fitted(spread((1150, 1000)))
    assert page.role == "page"


def test_the_fold_is_the_middle_whatever_the_margins():
    image = Image.new("L", (1600, 1100), 255)
    image.paste(0, (800, 0, 1600, 1100))
    assert [mean(page) for page in fitted(image)] == [0, 255]


def test_colours_are_kept_on_a_screen_in_colour():
    image = drawing((0, 0, 999, 1399)).convert("RGB")
    image.paste((200, 30, 30), (100, 100, 500, 500))
    (page,) = fitted(image, COLOUR)
    assert shown(page).mode == "RGB"


@pytest.mark.parametrize("cast", [(255, 255, 255), (244, 236, 215)], ids=["white", "yellowed"])
def test_a_page_without_colours_is_grey_on_a_screen_in_colour(cast: tuple[int, int, int]):
    image = drawing((0, 0, 999, 1399)).convert("RGB")
    paper = Image.new("RGB", image.size, cast)
    image.paste(paper, mask=image.convert("L"))
    (page,) = fitted(image, COLOUR)
    assert shown(page).mode == "L"


@pytest.mark.parametrize(
    ("device", "levels"),
    [
        ("kindle-1", {0, 85, 170, 255}),
        ("kindle-2", set(range(0, 256, 17)) - {238}),
    ],
)
def test_a_screen_of_few_greys_gets_its_own(device: str, levels: set[int]):
    screen = device_named(device)
    assert screen is not None
    image = Image.linear_gradient("L").resize((500, 600))
    (page,) = fitted(image, screen)
    assert set(shown(page).convert("L").tobytes()) == levels


def test_a_gap_at_the_end_of_the_screen_stays_on_it():
    assert [image.height for image, _ in screens(strip(2000), KINDLE)] == [800, 800, 400]


def strip(*heights: int) -> list[tuple[Image.Image, BookPage]]:
    """Pieces of panels 180 high with gaps of 20 between them."""
    pieces = []
    for number, height in enumerate(heights, 1):
        image = Image.new("L", (400, height), 255)
        for top in range(0, height, 200):
            noise = Image.effect_noise((400, 180), 120)
            image.paste(noise.crop((0, 0, 400, min(180, height - top))), (0, top))
        chapter = Chapter("1", "", number="1")
        pieces.append((image, BookPage(Path(), "", 400, height, 1, chapter, number)))
    return pieces


def test_a_strip_is_cut_between_its_panels():
    cut = [image.height for image, _ in screens(strip(3000), TALL)]
    assert cut == [790, 800, 800, 610]


def test_short_strips_are_joined():
    pieces = list(screens(strip(200, 200, 200, 200, 200), TALL))
    assert [image.height for image, _ in pieces] == [790, 210]
    assert [page.number for _, page in pieces] == [1, 4]


def test_a_panel_higher_than_the_screen_is_cut_at_its_height():
    image = Image.effect_noise((400, 1900), 120)
    page = BookPage(Path(), "", 400, 1900, 1, Chapter("1", ""), 1)
    assert [piece.height for piece, _ in screens([(image, page)], KINDLE)] == [800, 800, 300]


@pytest.mark.parametrize(
    ("size", "tags", "expected"),
    [
        ((800, 8000), (), True),
        ((800, 1200), (), False),
        ((800, 1200), ("Long Strip",), True),
        ((1600, 1200), ("Webtoon",), False),
    ],
)
def test_a_strip_is_known_by_its_shape_or_its_tags(size, tags: tuple[str, ...], expected: bool):
    width, height = size
    page = BookPage(Path(), "", width, height, 1, Chapter("1", ""), 1)
    assert is_strip([page] * 3, replace(SERIES, tags=tags)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kindle-600x800", (600, 800, 16)),
        ("kindle-pw5", (1236, 1648, 16)),
        ("kobo-1072x1448", (1072, 1448, 16)),
        ("kindle-1", (600, 670, 4)),
        ("kindle-scribe-colorsoft", (1986, 2648, None)),
        ("kobo-libra-colour", (1264, 1680, None)),
        ("remarkable-2", (1404, 1872, 16)),
        ("phone", (1080, 2400, None)),
        ("1200x1600", (1200, 1600, None)),
    ],
)
def test_a_device_is_found_by_its_name_or_size(name: str, expected):
    device = device_named(name)
    assert device is not None
    assert (device.id, device.width, device.height, device.greys) == (name, *expected)


@pytest.mark.parametrize(
    ("family", "limit", "form"),
    [
        ("kindle", 195_000_000, "epub"),
        ("kobo", 1_000_000_000, "epub"),
        ("remarkable", 95_000_000, "pdf"),
    ],
)
def test_a_family_has_its_limit_and_its_format(
    family: str, limit: int, form: Literal["epub", "pdf"]
):
    devices = [device for device in DEVICES.values() if device.family == family]
    assert {(device.max_bytes, device.form) for device in devices} == {(limit, form)}


def test_no_device_is_none():
    assert device_named("none") is None


@pytest.mark.parametrize("name", ["abacus", "kindle-pw", "0x800", "99999x10", "600X800"])
def test_an_unknown_device_names_the_allowed_ones(name: str):
    with pytest.raises(ArgumentError, match=f"device={name}: no such screen .* one of kindle-1, "):
        device_named(name)


def test_an_unknown_device_names_the_nearest():
    with pytest.raises(ArgumentError, match="nearest: kindle-pw"):
        device_named("kindle-pw-5")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MANGA_IMAGE_QUALITY", "good", "use one of fast, best"),
        ("MANGA_DEVICE_SPREADS", "tear", "use one of split, rotate, both, keep"),
        ("MANGA_DEVICE_GAMMA", "nan", "use a number from 0.2 to 5"),
        ("MANGA_COMICINFO_STYLE", "", "use one of portable, komga, kavita"),
    ],
)
def test_a_wrong_setting_names_the_allowed_values(name: str, value: str, says: str):
    with pytest.raises(ArgumentError, match=f"^{name}={value}: {says}$"):
        Style.parse({name: value})
