"""PDF volumes: JPEGs byte for byte, the original ones or those fitted to a device.

img2pdf binds fifty pages at a time into temporary files, so that a volume of any length is written
in the memory of fifty; pikepdf joins them and adds what img2pdf does not know: direction, chapters,
labels.
"""

import hashlib
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import img2pdf
from pikepdf import Array, Dictionary, Job, Name, OutlineItem, Pdf, String

from mangacrawl.atomic import PART_SUFFIX
from mangacrawl.errors import ConversionError
from mangacrawl.safe import visible, xml_text
from mangacrawl.volumes.book import Book, BookPage
from mangacrawl.volumes.comicinfo import chapter_title
from mangacrawl.volumes.embed import for_pdf
from mangacrawl.volumes.leaves import Leaf, chapter_starts

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

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


def write_pdf(book: Book, leaves: Sequence[Leaf], path: Path) -> None:
    """Write a volume; JPEGs keep their bytes.

    The same book gives the same bytes. Raises ConversionError naming chapter and page, OSError
    when the disk fails.
    """
    parts: list[Path] = []
    with ExitStack() as cleanup:
        for start in range(0, len(leaves), PART_PAGES):
            # Beside the volume, since /tmp may be a disk of memory.
            part = path.with_name(f"{path.name}.{start}{PART_SUFFIX}")
            cleanup.callback(part.unlink, missing_ok=True)
            _write_part(leaves[start : start + PART_PAGES], part)
            parts.append(part)
        _join(parts, book, leaves, path)


def _join(parts: list[Path], book: Book, leaves: Sequence[Leaf], path: Path) -> None:
    # `Pdf.pages.extend` would take every picture into memory; a job reads them when it saves.
    pages = [{"file": str(part.absolute())} for part in parts]
    job = Job({"empty": "", "pages": pages, "outputFile": str(path.absolute())})
    with job.create_pdf() as volume:  # type: ignore[no-untyped-call]
        _describe(book, leaves, volume)
        with path.open("wb") as file:
            sink = _Sink(file)
            volume.save(sink, min_version="1.5", deterministic_id=True)
            if sink.error:
                raise sink.error


class _Sink(RawIOBase):
    """A file that keeps an error of the disk for later: one while qpdf flushes ends the process."""

    def __init__(self, file: BinaryIO) -> None:
        self.error: OSError | None = None
        self._file = file

    def write(self, content: "ReadableBuffer", /) -> int:
        if self.error is None:
            try:
                self._file.write(content)
            except OSError as error:
                self.error = error
        return memoryview(content).nbytes


class _Reading:
    """The pictures of some leaves, one for each `read`, which is what img2pdf calls.

    Its errors do not say which picture they are about: that of ``leaf``, the last one read.
    """

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.leaf = leaves[0]
        self._leaves = iter(leaves)

    def read(self) -> bytes:
        self.leaf = next(self._leaves)
        return for_pdf(self.leaf)


def _write_part(leaves: Sequence[Leaf], path: Path) -> None:
    reading = _Reading(leaves)
    try:
        document = img2pdf.convert_to_docobject(
            *[reading] * len(leaves),
            engine=img2pdf.Engine.internal,
            nodate=True,
            layout_fun=_layout,
            rotation=img2pdf.Rotation.ifvalid,
            first_frame_only=True,
        )
    except ConversionError:
        raise
    except Exception as error:  # img2pdf raises bare ones too
        raise ConversionError(
            f"{reading.leaf.page.name}: it cannot be embedded ({error})"
        ) from error
    with path.open("wb") as file:
        document.tostream(file)
    for written in document.writer.objects:
        written.stream = None  # the document is a cycle: its pictures would wait for the collector


def _layout(width: int, height: int, _dpi: tuple[int, int]) -> tuple[float, float, float, float]:
    """Size of page and picture in points: the picture fills the page."""
    scale = min(_POINTS_PER_PIXEL, _MAX_POINTS / max(width, height))
    width_points = min(width * scale, _MAX_POINTS)
    height_points = min(height * scale, _MAX_POINTS)
    page = max(width_points, _MIN_POINTS), max(height_points, _MIN_POINTS)
    return *page, width_points, height_points


def _describe(book: Book, leaves: Sequence[Leaf], volume: Pdf) -> None:
    # pikepdf would sign with its version and the time.
    with volume.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = _text(book.name)  # a Kindle shows no other name
        if writers := book.credited("writer"):
            metadata["dc:creator"] = [_text(writer) for writer in writers]
    with volume.open_outline() as outline:
        for index, chapter in chapter_starts(leaves).items():
            outline.root.append(OutlineItem(_text(chapter_title(chapter)), index))
    volume.Root.PageLabels = _page_labels(leaves)
    if book.is_right_to_left:
        volume.Root.ViewerPreferences = Dictionary(Direction=Name.R2L)
    # The first half stays what it is when the volume is built anew; qpdf writes the second from
    # the content.
    identity = String(hashlib.sha256(book.identity.encode()).digest()[:16])
    volume.trailer.ID = Array([identity, identity])


def _page_labels(leaves: Sequence[Leaf]) -> Dictionary:
    """Page 3 of chapter 10.5 is "10.5-3", also where pages before it are missing."""
    ranges: list[int | Dictionary] = []
    expected: tuple[str, int] | None = None
    for index, page in enumerate(leaf.page for leaf in leaves):
        if (page.chapter.id, page.number) != expected:
            ranges += [index, _label(page)]
        expected = None if page.is_cover else (page.chapter.id, page.number + 1)
    return Dictionary(Nums=ranges)


def _label(page: BookPage) -> Dictionary:
    if page.is_cover:
        return Dictionary(P="cover")
    return Dictionary(S=Name.D, P=f"{_text(page.chapter.label)}-", St=page.number)


def _text(text: str) -> str:
    return xml_text(visible(text))
