"""PDF volumes: the original JPEGs byte for byte, or pages fitted to a device.

img2pdf binds fifty pages at a time into temporary files, so that a volume of any length is written
in the memory of fifty; pikepdf joins them and adds what img2pdf does not know: direction, chapters,
labels.
"""

import hashlib
import logging
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import img2pdf
from pikepdf import Array, Dictionary, Job, Name, OutlineItem, Pdf, String
from PIL import ExifTags, Image

from mangacrawl.atomic import PART_SUFFIX
from mangacrawl.errors import ConversionError
from mangacrawl.safe import visible, xml_text
from mangacrawl.volumes.book import Book, BookPage, original_bytes
from mangacrawl.volumes.comicinfo import chapter_title
from mangacrawl.volumes.device import Device, fit, flattened, opened

PART_PAGES = 50
"""How many pages are in memory at a time."""

_POINTS_PER_PIXEL = 72 / 167
"""167 pixels an inch, a 600x800 Kindle's own screen.

The dpi in a picture's header is ignored: it says how a page was scanned, differs from page to page
and is at times nonsense. One density for all keeps pages in the proportion of their pixels, so that
a spread is as high as its neighbours and twice as wide, and makes a common scan of 1100x1600 the
size of a magazine.
"""

_MIN_POINTS, _MAX_POINTS = 3.0, 14_400.0
"""The shortest and the longest side of a page (ISO 32000-1, annex C)."""

logging.getLogger("img2pdf").setLevel(logging.ERROR)  # it says what it makes of odd EXIF and ICC


def write_pdf(book: Book, path: Path, device: Device | None) -> None:
    """Write a volume; None keeps the pages as the site served them.

    The same book gives the same bytes. Raises ConversionError naming chapter and page, OSError
    when the disk fails.
    """
    parts: list[Path] = []
    with ExitStack() as cleanup:
        for start in range(0, len(book.pages), PART_PAGES):
            # Beside the volume, since /tmp may be a disk of memory.
            part = path.with_name(f"{path.name}.{start}{PART_SUFFIX}")
            cleanup.callback(part.unlink, missing_ok=True)
            _write_part(book.pages[start : start + PART_PAGES], device, part)
            parts.append(part)
        _join(parts, book, path)


def _join(parts: list[Path], book: Book, path: Path) -> None:
    # `Pdf.pages.extend` would take every picture into memory; a job reads them when it saves.
    pages = [{"file": str(part.absolute())} for part in parts]
    job = Job({"empty": "", "pages": pages, "outputFile": str(path.absolute())})
    with job.create_pdf() as volume:  # type: ignore[no-untyped-call]
        _describe(book, volume)
        volume.save(path, min_version="1.5", deterministic_id=True)


class _Reading:
    """The pictures of some pages, one for each `read`, which is what img2pdf calls.

    Its errors do not say which picture they are about: that of ``page``, the last one read.
    """

    def __init__(self, pages: tuple[BookPage, ...], device: Device | None) -> None:
        self.page = pages[0]
        self._pages = iter(pages)
        self._device = device

    def read(self) -> bytes:
        self.page = next(self._pages)
        return _picture(self.page, self._device)


def _write_part(pages: tuple[BookPage, ...], device: Device | None, path: Path) -> None:
    reading = _Reading(pages, device)
    try:
        document = img2pdf.convert_to_docobject(
            *[reading] * len(pages),
            engine=img2pdf.Engine.internal,
            nodate=True,
            layout_fun=_layout,
            rotation=img2pdf.Rotation.ifvalid,
            first_frame_only=True,
        )
    except ConversionError:
        raise
    except Exception as error:  # img2pdf raises bare ones too
        raise ConversionError(f"{reading.page.name}: it cannot be embedded ({error})") from error
    with path.open("wb") as file:
        document.tostream(file)
    for written in document.writer.objects:
        written.stream = None  # the document is a cycle: its pictures would wait for the collector


def _picture(page: BookPage, device: Device | None) -> bytes:
    """A page's picture as it goes into the file."""
    try:
        content = original_bytes(page)
    except OSError as error:
        problem = f"{page.name}: the stored file cannot be read ({error.strerror})"
        raise ConversionError(problem) from error
    try:
        return _embeddable(content) if device is None else fit(content, device).data
    except ConversionError as error:
        raise ConversionError(f"{page.name}: {error}") from error


def _embeddable(content: bytes) -> bytes:
    """The picture itself if a PDF can hold it, else its pixels as a PNG."""
    with opened(content) as image:
        if _is_embeddable(image):
            return content
        png = BytesIO()
        flattened(image).save(png, "PNG")
    return png.getvalue()


def _is_embeddable(image: Image.Image) -> bool:
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


def _layout(width: int, height: int, _dpi: tuple[int, int]) -> tuple[float, float, float, float]:
    """Size of page and picture in points: the picture fills the page."""
    scale = min(_POINTS_PER_PIXEL, _MAX_POINTS / max(width, height))
    width_points = min(width * scale, _MAX_POINTS)
    height_points = min(height * scale, _MAX_POINTS)
    page = max(width_points, _MIN_POINTS), max(height_points, _MIN_POINTS)
    return *page, width_points, height_points


def _describe(book: Book, volume: Pdf) -> None:
    # pikepdf would sign with its version and the time.
    with volume.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = _text(book.name)  # a Kindle shows no other name
        if book.series.authors:
            metadata["dc:creator"] = [_text(author) for author in book.series.authors]
    with volume.open_outline() as outline:
        for index, chapter in book.chapter_starts().items():
            outline.root.append(OutlineItem(_text(chapter_title(chapter)), index))
    volume.Root.PageLabels = _page_labels(book)
    if book.is_right_to_left:
        volume.Root.ViewerPreferences = Dictionary(Direction=Name.R2L)
    # The first half stays what it is when the volume is built anew; qpdf writes the second from
    # the content.
    identity = String(hashlib.sha256(book.identity.encode()).digest()[:16])
    volume.trailer.ID = Array([identity, identity])


def _page_labels(book: Book) -> Dictionary:
    """Page 3 of chapter 10.5 is "10.5-3", also where pages before it are missing."""
    ranges: list[int | Dictionary] = []
    expected: tuple[str, int] | None = None
    for index, page in enumerate(book.pages):
        if (page.chapter.id, page.number) != expected:
            prefix = f"{_text(page.chapter.label)}-"
            ranges += [index, Dictionary(S=Name.D, P=prefix, St=page.number)]
        expected = page.chapter.id, page.number + 1
    return Dictionary(Nums=ranges)


def _text(text: str) -> str:
    return xml_text(visible(text))
