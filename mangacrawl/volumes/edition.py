"""An edition of a volume: its format, the screen it is for, and the files it becomes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from mangacrawl.atomic import PART_SUFFIX
from mangacrawl.volumes.book import Book
from mangacrawl.volumes.cbz import write_cbz
from mangacrawl.volumes.leaves import Leaf, fitted_leaves, original_leaves, parts_within
from mangacrawl.volumes.names import part_name
from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.style import Style

FORMATS = ("cbz", "pdf", "epub")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a volume: its name, how many leaves it has, and how it is written to a path."""

    name: str
    leaves: int
    write: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Edition:
    """How a volume is made; ``device`` is None for the pages as they were fetched."""

    form: str
    device: Device | None
    style: Style

    @property
    def extension(self) -> str:
        """With the dot; a Kobo shows an EPUB of pages right only under a name of its own."""
        is_kobo = self.device is not None and self.device.family == "kobo"
        return ".kepub.epub" if self.form == "epub" and is_kobo else f".{self.form}"

    @property
    def fingerprint(self) -> str:
        """What the bytes depend on beside the book."""
        if self.form == "cbz":
            return f"cbz {self.style.comicinfo}"
        style = self.style
        return repr((self.form, self.device, style.quality, style.spreads, style.gamma))

    @contextmanager
    def files(self, book: Book, folder: Path) -> Iterator[list[File]]:
        """The files that `book` becomes, several where its device takes none so large.

        They can be written while the context lasts, which keeps the fitted pages in a temporary
        file in `folder`. Raises ConversionError naming the page that cannot be had.
        """
        name = f"{book.name}{self.extension}"
        if self.form == "cbz":
            write = partial(write_cbz, book, style=self.style.comicinfo)
            yield [File(name, len(book.pictures), write)]
        elif self.device is None:
            yield [self._file(book, original_leaves(book))]
        else:
            # Beside the volume, since /tmp may be a disk of memory.
            path = folder / f"{name}.pages{PART_SUFFIX}"
            try:
                with path.open("w+b") as spool:
                    leaves = fitted_leaves(book, self.device, self.style, spool)
                    yield list(self._files(book, leaves, self.device.max_bytes))
            finally:
                path.unlink(missing_ok=True)

    def _files(self, book: Book, leaves: list[Leaf], max_bytes: int | None) -> Iterator[File]:
        parts = parts_within(leaves, max_bytes)
        if len(parts) == 1:
            yield self._file(book, leaves)
            return
        for number, part in enumerate(parts, 1):
            name = part_name(book.name, number, len(parts))
            identity = part_name(book.identity, number, len(parts))
            yield self._file(replace(book, name=name, identity=identity), part)

    def _file(self, book: Book, leaves: Sequence[Leaf]) -> File:
        name = f"{book.name}{self.extension}"
        if self.form == "epub":
            from mangacrawl.volumes.epub import write_epub  # noqa: PLC0415 - as below

            write = partial(write_epub, book, leaves, device=self.device)
        else:
            from mangacrawl.volumes.pdf import write_pdf  # noqa: PLC0415 - 30 ms, for PDFs alone

            write = partial(write_pdf, book, leaves)
        return File(name, len(leaves), write)
