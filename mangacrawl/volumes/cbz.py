"""CBZ volumes: the original pages, stored, with ComicInfo.xml, the same bytes on every build."""

from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from mangacrawl.volumes import comicinfo
from mangacrawl.volumes.book import Book, original_bytes
from mangacrawl.volumes.names import entry_name

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a ZIP can hold: a build leaves no trace of when it was made."""


def write_cbz(book: Book, path: Path) -> None:
    """Write a volume and read it back once.

    Raises ConversionError naming the page whose stored file is not what was fetched, OSError
    when the disk fails.
    """
    with ZipFile(path, "w", ZIP_STORED) as archive:
        archive.writestr(_entry(comicinfo.FILE_NAME), comicinfo.volume_xml(book))
        for index, page in enumerate(book.pages):
            name = entry_name(index, page.chapter, page.number, page.path.suffix)
            archive.writestr(_entry(name), original_bytes(page))
    with ZipFile(path) as archive:
        damaged = archive.testzip()
    if damaged is not None:
        raise OSError(f"{path.name} was written but reads back damaged at {damaged}")


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry
