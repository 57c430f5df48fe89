"""The ledger's file: its tables, how an older one becomes today's, what is done with a damaged one.

[SQLite's result codes](https://sqlite.org/rescode.html) tell a damaged file from a failing disk.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

from mangacrawl.errors import DamagedLedger, DiskError, MangacrawlError

MIGRATIONS = (
    """
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE chapters (
        id TEXT PRIMARY KEY, record TEXT NOT NULL, position INTEGER NOT NULL,
        page_count INTEGER, is_wanted INTEGER NOT NULL, unavailable TEXT
    ) STRICT;
    CREATE TABLE pages (
        chapter_id TEXT NOT NULL, number INTEGER NOT NULL, url TEXT, image_url TEXT,
        path TEXT, sha256 TEXT, width INTEGER, height INTEGER, bytes INTEGER,
        fetched_at TEXT, error TEXT,
        PRIMARY KEY (chapter_id, number)
    ) STRICT;
    CREATE TABLE volumes (
        path TEXT PRIMARY KEY, signature TEXT NOT NULL, bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL, pages INTEGER NOT NULL, is_partial INTEGER NOT NULL
    ) STRICT;
    """,
    "ALTER TABLE pages ADD COLUMN entry TEXT;",
    "ALTER TABLE chapters ADD COLUMN is_listed INTEGER NOT NULL DEFAULT 1;",
    """
    CREATE TABLE covers (
        volume TEXT PRIMARY KEY, path TEXT, sha256 TEXT, width INTEGER, height INTEGER,
        bytes INTEGER, error TEXT
    ) STRICT;
    """,
)
"""What makes a ledger of version n one of version n + 1; never changed, only added to."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""Malformed, no database, and what SQL trips over where a table is not as it should be."""

ELSEWHERE = "a folder on a local disk may be set as MANGA_STATE_DIR"


def connect(path: Path) -> sqlite3.Connection:
    """Open a ledger's file, made or brought up to date; its folder must exist.

    Raises DamagedLedger, DiskError where it cannot be written, MangacrawlError where a newer
    version has written it (its file is then left untouched).
    """
    with reading(path):
        path.touch(mode=0o600)  # addresses of a site that one logs in to may hold a token
        connection = sqlite3.connect(path, check_same_thread=False)
    try:
        with reading(path):
            _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Tell what SQLite and the disk say about a ledger in our own words."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # none: it is no text
        if code & 0xFF in _DAMAGED:
            raise DamagedLedger(f"{path} is damaged ({error})") from error
        raise DiskError(f"cannot use {path}: {error}; {ELSEWHERE}") from error
    except OSError as error:
        raise DiskError(f"cannot use {path}: {error.strerror or error}; {ELSEWHERE}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedLedger(f"{path} is damaged ({error!r})") from error


def readable_facts(path: Path) -> dict[str, str]:
    """What can still be read of the facts in a damaged ledger."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as damaged:
        return dict(damaged.execute("SELECT name, value FROM facts"))
    return {}


def set_aside(path: Path) -> Path:
    """Move a damaged ledger out of the way, its log with it; returns where it is now."""
    aside = next(
        name
        for number in count(1)
        if not (name := path.with_name(f"{path.name}.damaged-{number}")).exists()
    )
    for suffix in ("-shm", "-wal", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise MangacrawlError(
            f"{path} was written by a newer version of mangacrawl; it is left untouched"
        )
    _choose_journal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript("BEGIN IMMEDIATE; ROLLBACK;")  # a file that is read-only says so
    for found in connection.execute("PRAGMA quick_check(1)"):
        if found != ("ok",):
            raise DamagedLedger(f"{path} is damaged ({found[0]})")
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")


def _choose_journal(connection: sqlite3.Connection) -> None:
    """A write-ahead log, for groups of commits; network shares may lack the memory it shares."""
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError:
        mode = "none"
    if mode != "wal":
        connection.execute("PRAGMA journal_mode = DELETE")
