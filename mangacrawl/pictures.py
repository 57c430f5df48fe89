"""Proves that the bytes a site served are a whole picture, before they are accepted as a page."""

import struct
import warnings
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from mangacrawl.errors import PageError

MAX_PIXELS = 64_000_000
"""More is no page but a decompression bomb; known from the header, before any decoding."""

MIN_PIXELS = 64 * 64
"""Fewer is a tracker or a placeholder; a strip of 1x65535 has more."""

FORMATS = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "AVIF": ".avif",
    "BMP": ".bmp",
}
"""The formats a page may have, and the extension of each: no other decoder is ever run."""

_EXTENSIONS = FORMATS | {"MPO": ".jpg"}  # a JPEG with more pictures behind it

_BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, RuntimeError, struct.error,
)  # fmt: skip
"""What Pillow's decoders raise on broken files; RuntimeError is the AVIF decoder's."""

_ORIENTATION = 0x0112
_END_OF_JPEG = b"\xff\xd9"

# Pillow would load all its forty formats at first use, in whichever thread it is used.
Image.preinit()
for _other in ("AvifImagePlugin", "WebPImagePlugin"):
    import_module(f"PIL.{_other}")
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture: its extension by content and its size in pixels as it is meant to be seen.

    ``has_end`` is false for a JPEG that decodes but lacks its end marker: either the last bytes
    were cut off or the site really has it so.
    """

    extension: str
    width: int
    height: int
    has_end: bool


def inspect(body: bytes) -> Picture:
    """Decode a picture once; raises PageError with the reason why it is none.

    JPEGs are decoded at an eighth of their size: it finds every truncation but that of the end
    marker at little over half the cost.
    """
    if not body:
        raise PageError("the site sent no bytes")
    try:
        with Image.open(BytesIO(body), formats=tuple(FORMATS)) as image:
            return _inspect(image, body)
    except UnidentifiedImageError:
        raise PageError(_what_it_is(body)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PageError(f"the picture has more than {MAX_PIXELS:,} pixels") from None
    except _BROKEN as error:
        raise PageError(f"the picture is damaged ({error})") from None


def _inspect(image: Image.Image, body: bytes) -> Picture:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PageError(f"the picture has more than {MAX_PIXELS:,} pixels ({width}x{height})")
    if width * height < MIN_PIXELS:
        raise PageError(f"the picture is too small for a page ({width}x{height})")
    is_jpeg = _EXTENSIONS[image.format or ""] == ".jpg"
    if is_jpeg:
        image.draft("L", (max(1, width // 8), max(1, height // 8)))
    image.load()
    if image.getexif().get(_ORIENTATION, 1) in {5, 6, 7, 8}:
        width, height = height, width
    has_end = not is_jpeg or _END_OF_JPEG in body[-64:]
    return Picture(_EXTENSIONS[image.format or ""], width, height, has_end)


def _what_it_is(body: bytes) -> str:
    start = body[:512].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<body")):
        return "the site sent an HTML page instead of a picture"
    return "the site sent something that is no picture"
