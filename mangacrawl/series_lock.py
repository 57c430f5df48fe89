"""One crawl a series: the lock that the operating system drops when its process dies."""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from mangacrawl.errors import AlreadyRunning


class SeriesLock:
    """Held by the crawl of a series; a lock left by a dead process is free."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, thread_local=False)  # taken and left in different threads
        self._holder = path.with_suffix(".pid")  # the lock file itself is emptied by who tries it

    def acquire(self, title: str) -> None:
        """Take the lock at once, or raise AlreadyRunning naming the process that has it."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise AlreadyRunning(f"{title} is being crawled already{self._by_whom()}") from None
        self._holder.write_text(str(os.getpid()), encoding="ascii")

    def release(self) -> None:
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _by_whom(self) -> str:
        with suppress(OSError, ValueError):
            return f" by process {int(self._holder.read_text(encoding='ascii'))}"
        return ""
