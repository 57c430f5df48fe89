"""The leaves of a volume: what a reader turns, each a picture made of a page or the page itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import BinaryIO

from PIL import Image

from mangacrawl.errors import ConversionError
from mangacrawl.records import Chapter
from mangacrawl.volumes.book import Book, BookPage, original_bytes
from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.screen import FittedPage, column_piece, fitted_pages
from mangacrawl.volumes.spreads import Role
from mangacrawl.volumes.strips import is_strip, screens
from mangacrawl.volumes.style import Style
from mangacrawl.volumes.tones import encoded


@dataclass(frozen=True, slots=True)
class Leaf:
    """A picture to be bound: of which page it is (or begins in), its size in pixels and bytes.

    ``read`` gives its content and raises ConversionError, naming the page, where it cannot.
    """

    page: BookPage
    role: Role
    width: int
    height: int
    byte_count: int
    read: Callable[[], bytes]


def original_leaves(book: Book) -> list[Leaf]:
    """The pages as they were fetched, read when they are bound."""
    return [
        Leaf(
            page,
            "spread" if page.is_spread else "page",
            page.width,
            page.height,
            page.bytes,
            partial(original_bytes, page),
        )
        for page in book.pictures
    ]


def fitted_leaves(book: Book, device: Device, style: Style, spool: BinaryIO) -> list[Leaf]:
    """The pages fitted to a screen; their pictures wait in the file `spool`, not in memory."""
    leaves = []
    for made, page in _fitted(book, device, style):
        start = spool.tell()
        spool.write(made.data)
        read = partial(_read_back, spool, start, len(made.data))
        leaves.append(Leaf(page, made.role, made.width, made.height, len(made.data), read))
    return leaves


def chapter_starts(leaves: Iterable[Leaf]) -> dict[int, Chapter]:
    """Index (from 0) of each leaf that begins a chapter, in order."""
    starts: dict[int, Chapter] = {}
    previous: str | None = None
    for index, leaf in enumerate(leaves):
        if leaf.page.chapter.id != previous and not leaf.page.is_cover:
            starts[index] = leaf.page.chapter
            previous = leaf.page.chapter.id
    return starts


def parts_within(leaves: Sequence[Leaf], max_bytes: int | None) -> list[Sequence[Leaf]]:
    """Cut where a file would grow too large: at a chapter's start in the later half if it has one.

    A leaf larger than the limit is a part of its own.
    """
    starts = chapter_starts(leaves)
    parts: list[Sequence[Leaf]] = []
    begin = total = 0
    index = 0
    while max_bytes is not None and index < len(leaves):
        total += leaves[index].byte_count + _LEAF_BYTES
        if total > max_bytes and index > begin:
            half = begin + (index - begin) // 2
            cut = max((start for start in starts if half < start <= index), default=index)
            parts.append(leaves[begin:cut])
            begin = index = cut
            total = 0
        else:
            index += 1
    return [*parts, leaves[begin:]]


_LEAF_BYTES = 3000
"""What a leaf takes beside its picture: its page, its lines in indexes."""


def _fitted(book: Book, device: Device, style: Style) -> Iterator[tuple[FittedPage, BookPage]]:
    if book.cover:
        for made in _of_page(book.cover, book, device, style):
            yield made, book.cover
    for _, chapter_pages in groupby(book.pages, key=lambda page: page.chapter.id):
        pages = list(chapter_pages)
        if is_strip(pages, book.series):
            for image, page in screens(_pieces(pages, device, style), device):
                yield FittedPage(encoded(image, device, style), *image.size), page
        else:
            for page in pages:
                for made in _of_page(page, book, device, style):
                    yield made, page


def _of_page(page: BookPage, book: Book, device: Device, style: Style) -> list[FittedPage]:
    content = original_bytes(page)
    is_right_to_left = book.is_right_to_left
    try:
        return list(fitted_pages(content, device, style, is_right_to_left=is_right_to_left))
    except ConversionError as error:
        raise ConversionError(f"{page.name}: {error}") from error


def _pieces(
    pages: Iterable[BookPage], device: Device, style: Style
) -> Iterator[tuple[Image.Image, BookPage]]:
    for page in pages:
        content = original_bytes(page)
        try:
            yield column_piece(content, device, style), page
        except ConversionError as error:
            raise ConversionError(f"{page.name}: {error}") from error


def _read_back(spool: BinaryIO, start: int, length: int) -> bytes:
    spool.seek(start)
    return spool.read(length)
