"""From a stored picture to its pixels: upright, opaque, eight bits."""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Literal

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from mangacrawl.errors import ConversionError
from mangacrawl.pictures import FORMATS, MAX_PIXELS

# A decoder's doubts (corrupt EXIF, a malformed MPO) are noise; said here and not around the calls,
# since filters are global and volumes are written in threads.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_UNDECODABLE = (
    OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, RuntimeError, struct.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
"""What Pillow's decoders raise on broken files."""

_GREY_MODES = frozenset({"1", "L", "LA", "I;16"})

Mode = Literal["L", "RGB"]
Size = tuple[int, int]


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


def upright_size(image: Image.Image) -> Size:
    """Width and height as EXIF says the picture stands."""
    is_turned = image.getexif().get(ExifTags.Base.Orientation) in {5, 6, 7, 8}
    return image.size[::-1] if is_turned else image.size


def shrunk(image: Image.Image, mode: Mode, size: Size) -> Image.Image:
    """The pixels, at least as many as `size`, upright, if the picture has so many.

    A JPEG can be decoded at a half, a quarter or an eighth: a third of the time.
    """
    image.draft(mode, size if upright_size(image) == image.size else size[::-1])
    return flattened(image, mode)
