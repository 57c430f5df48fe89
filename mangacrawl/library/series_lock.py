"""One crawl a series: the lock that the operating system drops when its process dies."""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from mangacrawl.errors import AlreadyRunning, DiskError
from mangacrawl.library import schema

_LOOK_SECONDS = 0.2
"""Longer than anyone who only looks whether it is held can hold it."""


class SeriesLock:
    """Held by the crawl of a series; a lock left by a dead process is free."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = _lock(path)
        self._holder = path.with_suffix(".pid")  # the lock file itself is emptied by who tries it

    def acquire(self, title: str) -> None:
        """Take the lock at once.

        Raises AlreadyRunning naming the process that has it, DiskError where the file system has
        no locks (network shares): there, two crawls would ruin each other's work.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=_LOOK_SECONDS)
            self._holder.write_text(str(os.getpid()), encoding="ascii")
            is_held = self.is_held()
        except Timeout:
            raise AlreadyRunning(f"{title} is being crawled already{self._by_whom()}") from None
        except (OSError, NotImplementedError) as error:
            raise DiskError(f"cannot lock {self._path}: {error}; {schema.ELSEWHERE}") from error
        if not is_held:
            raise DiskError(f"locks do not hold in {self._path.parent}; {schema.ELSEWHERE}")

    def refuse_second(self, title: str) -> None:
        """Raise AlreadyRunning where another process has the lock; it is not taken."""
        with suppress(OSError, NotImplementedError):
            if self._path.exists() and self.is_held():
                raise AlreadyRunning(f"{title} is being crawled already{self._by_whom()}")

    def release(self) -> None:
        with suppress(OSError):
            self._holder.unlink(missing_ok=True)
        self._lock.release()

    def is_held(self) -> bool:
        """Whether anyone has the lock, asked for as another process would."""
        other = _lock(self._path)
        try:
            other.acquire(timeout=0)
        except Timeout:
            return True
        other.release()
        return False

    def _by_whom(self) -> str:
        with suppress(OSError, ValueError):
            return f" by process {int(self._holder.read_text(encoding='ascii'))}"
        return ""


def _lock(path: Path) -> FileLock:
    return FileLock(path, thread_local=False)  # taken and left in different threads
