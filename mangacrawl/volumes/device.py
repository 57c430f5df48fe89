"""Fit a page to an e-reader's screen: small, grey, and never larger than it was."""

import struct
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Literal

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from mangacrawl.errors import ArgumentError, ConversionError
from mangacrawl.pictures import FORMATS, MAX_PIXELS

# A decoder's doubts (corrupt EXIF, a malformed MPO) are noise; said here and not around the calls,
# since filters are global and volumes are written in threads.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
Image.init()  # Pillow would register its formats at first use, in whichever thread

_UNDECODABLE = (
    OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, struct.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
"""What Pillow's decoders raise on broken files."""

_GREY_MODES = frozenset({"1", "L", "LA", "I;16"})

Mode = Literal["L", "RGB"]


@dataclass(frozen=True, slots=True)
class Device:
    """An e-reader's screen: size in pixels, grey or colour, and the JPEG quality it deserves."""

    id: str
    width: int
    height: int
    is_grey: bool
    quality: int = 85

    @property
    def mode(self) -> Mode:
        """Pillow's name for the screen's colours."""
        return "L" if self.is_grey else "RGB"


@dataclass(frozen=True, slots=True)
class FittedPage:
    """An encoded baseline JPEG and its size in pixels."""

    data: bytes
    width: int
    height: int


ORIGINAL = "original"
"""The profile's name where no device is asked for (None): pages as the site served them."""


def _grey(family: str, width: int, height: int) -> Device:
    return Device(f"{family}-{width}x{height}", width, height, is_grey=True)


DEVICES: Mapping[str, Device] = MappingProxyType(
    {
        device.id: device
        for device in (
            _grey("kindle", 600, 800),  # Kindle 1 to 10, Keyboard, Touch
            _grey("kindle", 758, 1024),  # Paperwhite 1 and 2
            _grey("kindle", 1072, 1448),  # Paperwhite 3 and 4, Voyage, Oasis 1, Kindle 11
            _grey("kindle", 1236, 1648),  # Paperwhite 5
            _grey("kindle", 1264, 1680),  # Oasis 2 and 3
            _grey("kobo", 1072, 1448),  # Glo HD, Clara HD and 2E
            _grey("kobo", 1264, 1680),  # Libra H2O and 2
        )
    }
)
"""The screens by id; the sizes are those of Kindle Comic Converter 11's profiles."""


def device_named(name: str) -> Device | None:
    """The device of that id, None for "none"; raises ArgumentError with the allowed values."""
    if name == "none":
        return None
    if name not in DEVICES:
        raise ArgumentError(f"device={name}: use one of none, {', '.join(DEVICES)}")
    return DEVICES[name]


def fit(picture: bytes, device: Device) -> FittedPage:
    """A page as the device shows it: upright, aspect kept, never enlarged.

    The same picture gives the same bytes. Raises ConversionError when it cannot be decoded.
    """
    with opened(picture) as image:
        size = _size_within(image, device)
        # A JPEG can be decoded at a half, a quarter or an eighth: a third of the time.
        image.draft(device.mode, size[::-1] if _is_turned(image) else size)
        fitted = flattened(image, device.mode)
        if fitted.size != size:
            fitted = fitted.resize(size, Image.Resampling.LANCZOS)
    encoded = BytesIO()
    fitted.save(encoded, "JPEG", quality=device.quality)
    return FittedPage(encoded.getvalue(), fitted.width, fitted.height)


@contextmanager
def opened(picture: bytes) -> Iterator[Image.Image]:
    """A picture's first frame, not decoded yet; raises ConversionError also for what follows."""
    try:
        with Image.open(BytesIO(picture), formats=tuple(FORMATS)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ConversionError(f"the picture has more than {MAX_PIXELS:,} pixels")
            yield image
    except UnidentifiedImageError as error:
        raise ConversionError(f"not a picture in {', '.join(FORMATS)}") from error
    except _UNDECODABLE as error:
        raise ConversionError(f"the picture cannot be decoded ({error})") from error


def flattened(image: Image.Image, mode: Mode | None = None) -> Image.Image:
    """The pixels alone: upright, opaque over white, 8 bits; None is grey if the picture is."""
    mode = mode or ("L" if image.mode in _GREY_MODES else "RGB")
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode == "I;16":
        # Pillow would clip 16 bits to 8; the half makes up for its rounding down.
        flat = image.point(lambda value: value * (1 / 257) + 0.5).convert("L").convert(mode)
    elif image.has_transparency_data:
        flat = Image.new(mode, image.size, "white")
        opaque = image.convert("RGBA")
        flat.paste(opaque.convert(mode), mask=opaque.getchannel("A"))
    else:
        flat = image.convert(mode)
    flat.info.clear()  # or Pillow copies comment, transparency and profile into what it saves
    return flat


def _size_within(image: Image.Image, device: Device) -> tuple[int, int]:
    width, height = image.size[::-1] if _is_turned(image) else image.size
    scale = min(1, device.width / width, device.height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _is_turned(image: Image.Image) -> bool:
    """Whether EXIF says that the picture is stored lying on its side."""
    return image.getexif().get(ExifTags.Base.Orientation) in {5, 6, 7, 8}
