"""Fits a page to a screen: cropped, its tones balanced, and never larger than it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from mangacrawl.volumes.crop import Margins, margins
from mangacrawl.volumes.decode import Size, opened, shrunk, upright_size
from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.spreads import Role, laid_out, treatment
from mangacrawl.volumes.style import Spreads, Style
from mangacrawl.volumes.tones import balanced, encoded, is_colourful

_BEST = 2
"""How many times the pixels that are needed a JPEG decoder must give for the best quality."""

_NEAR = 0.95
"""With so large a share of the pixels that are needed, a picture is not decoded again."""

_FILTERS = {"fast": Image.Resampling.HAMMING, "best": Image.Resampling.LANCZOS}
"""Resizing is most of the work; Hamming's filter takes half of Lanczos' time and rings less."""


@dataclass(frozen=True, slots=True)
class FittedPage:
    """An encoded picture, its size in pixels, and what it is of its page."""

    data: bytes
    width: int
    height: int
    role: Role = "page"


def fitted_pages(
    picture: bytes, device: Device, style: Style, *, is_right_to_left: bool
) -> Iterator[FittedPage]:
    """A page as the device shows it: upright, in reading order, aspect kept, never enlarged.

    The same picture gives the same bytes. Raises ConversionError when it cannot be decoded.
    """
    with opened(picture) as image:
        full = upright_size(image)
        how = treatment(full, style.spreads)
        pixels = shrunk(image, device.mode, _needed(full, Margins(), how, device, style))
    cut = margins(pixels)
    if how in {"split", "both"}:
        cut = cut.symmetric()  # or the middle would not be the fold
    needed = _needed(full, cut, how, device, style)
    if pixels.width < needed[0] * _NEAR:  # the decoder shrank what is now shown larger
        with opened(picture) as image:
            pixels = shrunk(image, device.mode, needed)
    cropped = pixels.crop(cut.box(pixels.size))
    if cropped.mode == "RGB" and not is_colourful(cropped):
        cropped = cropped.convert("L")
    resized = _resized(cropped, _scaled(cropped.size, _scale(cropped.size, how, device)), style)
    if resized.mode == "L":
        resized = balanced(resized, style.gamma)
    for whole, role in laid_out(resized, how, is_right_to_left=is_right_to_left):
        # With halves beside it, a double page that is shown whole too is larger than the screen.
        part = _resized(whole, _scaled(whole.size, _scale(whole.size, "keep", device)), style)
        yield FittedPage(encoded(part, device, style), part.width, part.height, role)


def fit(picture: bytes, device: Device) -> FittedPage:
    """A whole picture within a screen's size, as a JPEG, its tones as they are.

    Raises ConversionError when it cannot be decoded.
    """
    with opened(picture) as image:
        full = upright_size(image)
        size = _scaled(full, _scale(full, "keep", device))
        resized = _resized(shrunk(image, device.mode, size), size, Style("best"))
    file = BytesIO()
    resized.save(file, "JPEG", quality=device.quality)
    return FittedPage(file.getvalue(), *resized.size)


def column_piece(picture: bytes, device: Device, style: Style) -> Image.Image:
    """A picture of a strip, not wider than the screen."""
    with opened(picture) as image:
        full = upright_size(image)
        size = _scaled(full, min(1, device.width / full[0]))
        return _resized(shrunk(image, device.mode, size), size, style)


def _scaled(size: Size, scale: float) -> Size:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _resized(image: Image.Image, size: Size, style: Style) -> Image.Image:
    return image if image.size == size else image.resize(size, _FILTERS[style.quality])


def _scale(shown: Size, how: Spreads, device: Device) -> float:
    """What a picture is scaled by: for halves so that each fits, for both so that halves do."""
    width, height = shown
    if how in {"split", "both"}:
        width = -(-width // 2)
    elif how == "rotate":
        width, height = height, width
    return min(1, device.width / width, device.height / height)


def _needed(full: Size, cut: Margins, how: Spreads, device: Device, style: Style) -> Size:
    """The size of the whole picture that what is shown of it needs."""
    left, top, right, bottom = cut.box(full)
    scale = _scale((right - left, bottom - top), how, device)
    return _scaled(full, min(1, scale * (_BEST if style.quality == "best" else 1)))
