"""ZIP archives that are the same bytes on every build and are read back once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a ZIP can hold: a build leaves no trace of when it was made."""


class Archive:
    """Takes entries one by one, stored: pictures do not shrink, and zlib differs by version."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file

    def add(self, name: str, content: bytes) -> None:
        """Write an entry; a caller's order is the archive's."""
        entry = ZipInfo(name, _EPOCH)
        entry.create_system = 3
        entry.external_attr = 0o100644 << 16
        self._file.writestr(entry, content)


@contextmanager
def new_archive(path: Path) -> Iterator[Archive]:
    """Write an archive; raises OSError when the disk fails or gives back something else."""
    with ZipFile(path, "w", ZIP_STORED) as file:
        yield Archive(file)
    with ZipFile(path) as file:
        damaged = file.testzip()
    if damaged is not None:
        raise OSError(f"{path.name} was written but reads back damaged at {damaged}")
