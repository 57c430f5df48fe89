"""Files that are there whole or not at all, also after a power cut."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART_SUFFIX = ".part"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it is flushed to disk and takes its place.

    A file that has the same bytes already is left as it is. The directory is not flushed: see
    `flush_folder`. An error leaves the old file and no trace.
    """
    with _no_trace_of(_part_of(path)) as part:
        yield part
        if _are_same(part, path):
            part.unlink()
            return
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)


@contextmanager
def _no_trace_of(part: Path) -> Iterator[Path]:
    try:
        yield part
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _are_same(new: Path, old: Path) -> bool:
    if not old.is_file() or new.stat().st_size != old.stat().st_size:
        return False
    return _digest(new) == _digest(old)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def write(path: Path, content: bytes) -> None:
    """Write a whole file; the folder must exist, and is not flushed.

    Each call into the system hands the interpreter to another thread, and to have it back costs
    more than the call: so there are only those that it takes.
    """
    with _no_trace_of(_part_of(path)) as part:
        with part.open("wb", buffering=0) as file:
            left = memoryview(content)
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        part.replace(path)


def store(path: Path, content: bytes) -> str:
    """Write a file and make its folder if need be; returns its sha256. Flush the folder later."""
    try:
        write(path, content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        flush_folder(path.parent.parent)
        write(path, content)
    return hashlib.sha256(content).hexdigest()


def write_if_new(path: Path, content: bytes) -> None:
    """Write a file that is made from others, but leave it alone where nothing has changed."""
    if path.exists() and path.read_bytes() == content:
        _part_of(path).unlink(missing_ok=True)  # what a run killed in the midst of it has left
    else:
        write(path, content)


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + PART_SUFFIX)


def flush_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; nothing to do where the system cannot."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> int:
    """Remove what a killed run left half written below a folder; returns how many files."""
    leftovers = list(folder.rglob(f"*{PART_SUFFIX}")) if folder.is_dir() else []
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    return len(leftovers)
