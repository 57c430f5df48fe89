"""CBZ volumes: the original pages, stored, with ComicInfo.xml, the same bytes on every build."""

from collections.abc import Iterator
from pathlib import Path

from mangacrawl.volumes import comicinfo
from mangacrawl.volumes.archive import new_archive
from mangacrawl.volumes.book import Book, BookPage, original_bytes
from mangacrawl.volumes.names import cover_entry, entry_name
from mangacrawl.volumes.style import ComicInfoStyle


def write_cbz(book: Book, path: Path, style: ComicInfoStyle = "portable") -> None:
    """Write a volume and read it back once.

    Raises ConversionError naming the page whose stored file is not what was fetched, OSError
    when the disk fails.
    """
    with new_archive(path) as archive:
        archive.add(comicinfo.FILE_NAME, comicinfo.volume_xml(book, style))
        if book.cover:
            archive.add(cover_entry(book.cover.extension), original_bytes(book.cover))
        for name, page in entries(book):
            archive.add(name, original_bytes(page))


def entries(book: Book) -> Iterator[tuple[str, BookPage]]:
    """The pages of a book, each with its name in the archive."""
    for index, page in enumerate(book.pages):
        yield entry_name(index, page.chapter, page.number, page.extension), page
