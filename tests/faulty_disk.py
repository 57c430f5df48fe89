"""A disk that fails, or a process that dies, at its k-th operation: for MANGA_SOURCE_MODULES.

`MANGACRAWL_FAULT` is `ENOSPC:37` (full from the 37th write, fsync, rename or commit on),
`EROFS:37` (read-only from then on), `EIO:37` (that one fails), `kill:37` (the process is killed in
the midst of it), or `log:PATH` (nothing fails; each operation becomes a line of that file).
"""

import errno
import os
import signal
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from tests.forked import FAILED

_LASTING = {"ENOSPC", "EROFS"}

_SQLITE = {
    "ENOSPC": "database or disk is full",
    "EROFS": "attempt to write a readonly database",
    "EIO": "disk I/O error",
}
_SQLITE_CODES = {"ENOSPC": "SQLITE_FULL", "EROFS": "SQLITE_READONLY", "EIO": "SQLITE_IOERR"}

kind, _, place = os.environ.get("MANGACRAWL_FAULT", "").partition(":")
_numbers = count(1)
_lock = Lock()


def is_due(operation: str, path: object) -> bool:
    """Count an operation; whether it is to fail. Does not return where the process is to die."""
    with _lock:
        number = next(_numbers)
        if kind == "log":
            with Path(place).open("a", encoding="utf-8") as log:
                log.write(f"{operation} {path}\n")
            return False
    return number == int(place) or (kind in _LASTING and number > int(place))


def fail(path: object) -> None:
    os.write(2, f"{FAILED}: {path}\n".encode())
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    code = getattr(errno, kind)
    raise OSError(code, os.strerror(code), str(path))


def faulty(operation: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def call(first: Any, *args: Any) -> Any:
        if is_due(operation, args[0] if operation == "rename" else first):
            fail(first)
        return original(first, *args)

    return call


class FaultyFile(FileIO):
    """Writes half of it where it fails."""

    def write(self, content: Any) -> int:
        is_faulty = is_due("write", self.name)
        written = super().write(content[: len(content) // 2] if is_faulty else content)
        if is_faulty:
            fail(self.name)
        return written


def opened(path: Path, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
    """Open a file; what is written to it unbuffered may fail."""
    if buffering == 0:
        return FaultyFile(path, mode)
    return _open(path, mode, buffering, *args, **kwargs)


def fsync(descriptor: int) -> None:
    link = Path(f"/proc/self/fd/{descriptor}")
    path = link.readlink() if link.is_symlink() else descriptor
    if is_due("fsync", path):
        fail(path)
    _fsync(descriptor)


class FaultyConnection(sqlite3.Connection):
    """Fails to commit: what was not committed is rolled back, as by SQLite itself."""

    def __exit__(self, *raised: Any) -> Literal[False]:  # noqa: PYI036 - handed on
        if self.in_transaction and is_due("commit", "ledger"):
            self.rollback()
            with suppress(OSError):
                fail("ledger")
            error = sqlite3.OperationalError(_SQLITE[kind])
            error.sqlite_errorcode = getattr(sqlite3, _SQLITE_CODES[kind])
            raise error
        return super().__exit__(*raised)


def connect(path: Any, *args: Any, **kwargs: Any) -> Any:
    if str(path).endswith(".sqlite") and "pool-" not in str(path):
        kwargs["factory"] = FaultyConnection
    return _connect(path, *args, **kwargs)


_open, _fsync, _connect = Path.open, os.fsync, sqlite3.connect

if kind:
    Path.open = opened  # type: ignore[assignment,method-assign]
    os.fsync = fsync  # type: ignore[assignment]
    os.replace = faulty("rename", os.replace)
    zipfile.ZipFile.writestr = faulty(  # type: ignore[method-assign]
        "write", zipfile.ZipFile.writestr
    )
    sqlite3.connect = connect  # type: ignore[assignment]
