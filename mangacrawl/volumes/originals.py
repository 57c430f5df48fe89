"""Reads pages where they are kept: in files of their own, or in the CBZ that took their place."""

import os
import struct
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

_LOCAL_HEADER = struct.Struct("<26xHH")
"""Of a ZIP's entry, before its name: the lengths of the name and of what lies between it and the
content (APPNOTE.TXT, 4.3.7)."""


def original_size(path: Path, entry: str | None) -> int | None:
    """How many bytes there are of a page; None if there is no such file or entry."""
    try:
        return _entry(path, entry).file_size if entry else path.stat().st_size
    except OSError:
        return None


def read_original(path: Path, entry: str | None, size: int) -> bytes:
    """Read a page of `size` bytes, never more than one byte beyond that; raises OSError.

    Who reads compares the sha256: nothing else that an archive says of itself is trusted.
    """
    with path.open("rb") as file:
        if entry:
            file.seek(_entry(path, entry).header_offset)
            header = file.read(_LOCAL_HEADER.size)
            if len(header) < _LOCAL_HEADER.size:
                raise FileNotFoundError(f"{path} ends before {entry}")
            file.seek(sum(_LOCAL_HEADER.unpack(header)), os.SEEK_CUR)
        return file.read(size + (not entry))


def _entry(path: Path, name: str) -> ZipInfo:
    """An entry as we wrote it; raises FileNotFoundError where there is none, or no such archive."""
    stat = path.stat()
    entry = _directory(path, stat.st_size, stat.st_mtime_ns).get(name)
    if entry is None or entry.compress_type != ZIP_STORED or entry.header_offset < 0:
        raise FileNotFoundError(f"{path} holds no {name}")
    return entry


@lru_cache(maxsize=16)
def _directory(path: Path, size: int, changed: int) -> Mapping[str, ZipInfo]:
    """An archive's entries, remembered until it changes: to read them for every page is dear."""
    try:
        with ZipFile(path) as archive:
            return archive.NameToInfo
    except (BadZipFile, NotImplementedError, ValueError):
        return {}
