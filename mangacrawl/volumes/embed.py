"""Which pictures documents hold as they are; the others become PNGs, pixel for pixel."""

from io import BytesIO

from PIL import ExifTags, Image

from mangacrawl.errors import ConversionError
from mangacrawl.volumes.decode import flattened, opened
from mangacrawl.volumes.leaves import Leaf

_STARTS = {b"\xff\xd8": ".jpg", b"\x89P": ".png", b"GI": ".gif"}


def for_pdf(leaf: Leaf) -> bytes:
    """A leaf's picture for img2pdf; raises ConversionError naming its page."""
    return _embeddable(leaf, is_for_pdf=True)


def for_epub(leaf: Leaf) -> bytes:
    """A leaf's picture as JPEG, PNG or GIF that e-readers show; raises ConversionError."""
    return _embeddable(leaf, is_for_pdf=False)


def extension_of(picture: bytes) -> str:
    """The extension, with its dot, of a picture that `for_epub` gave."""
    return _STARTS[picture[:2]]


def is_plain_jpeg(picture: bytes) -> bool:
    """Whether it is a JPEG that every program shows right; raises ConversionError."""
    with opened(picture) as image:
        return image.format in {"JPEG", "MPO"} and _fits_epub(image)


def _embeddable(leaf: Leaf, *, is_for_pdf: bool) -> bytes:
    content = leaf.read()
    try:
        with opened(content) as image:
            if _fits_pdf(image) if is_for_pdf else _fits_epub(image):
                return content
            png = BytesIO()
            flattened(image).save(png, "PNG")
    except ConversionError as error:
        raise ConversionError(f"{leaf.page.name}: {error}") from error
    return png.getvalue()


def _fits_epub(image: Image.Image) -> bool:
    """Browsers turn a picture as its EXIF says and know CMYK; e-readers do neither."""
    is_upright = image.getexif().get(ExifTags.Base.Orientation, 1) not in range(2, 9)
    if image.format in {"JPEG", "MPO"}:
        return is_upright and image.mode in {"L", "RGB"}
    return image.format == "GIF" or (image.format == "PNG" and is_upright)


def _fits_pdf(image: Image.Image) -> bool:
    """Whether img2pdf puts the picture as it is into a PDF, and PDF readers show it right."""
    profile = image.info.get("icc_profile")
    if image.format in {"JPEG", "MPO"}:
        # A page can be turned but not mirrored. img2pdf stumbles over a profile that is none.
        is_mirrored = image.getexif().get(ExifTags.Base.Orientation) in {2, 4, 5, 7}
        return not is_mirrored and (not profile or profile[36:40] == b"acsp")
    # Acrobat takes no grey picture with a profile for colours; for JPEGs img2pdf knows.
    is_fitting = not profile or image.mode in {"RGB", "P"} or profile[16:20] == b"GRAY"
    is_plain = not image.has_transparency_data and not image.info.get("interlace")
    return image.format == "PNG" and is_plain and is_fitting
