"""One pool a site for all crawls on a machine: how many of its slots each of them may use.

Shares are leased in bulk and renewed twice a second, not slot by slot, so that a lease costs next
to nothing. A crawl that gives slots up keeps them on its account until its requests have ended:
what all crawls hold together is never more than the pool.
"""

import os
import platform
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

RENEW_SECONDS = 0.5
"""How often a share is asked for again: slots that another crawl gives up come so soon."""

EXPIRY_SECONDS = 15.0
"""A crawl that has not renewed for so long is dead or hangs; its slots are free."""

_BUSY_SECONDS = 5.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS leases (
    site TEXT NOT NULL, crawl INTEGER NOT NULL, renewed REAL NOT NULL,
    held INTEGER NOT NULL, wanted INTEGER NOT NULL,
    PRIMARY KEY (site, crawl)
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Share:
    """What a crawl may use of a site's pool: so many ``slots`` while ``crawls`` crawl the site."""

    slots: int
    crawls: int


class Lease(Protocol):
    """Who divides the pools among crawls: here a file of the machine's, elsewhere a server."""

    def renew(self, site: str, pool: int, held: int, wanted: int) -> Share:
        """Ask for a share of a site's pool of so many slots; blocks.

        ``held`` are the slots that may be in use until the answer is heard, ``wanted`` those that
        could be used now.
        """
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class LocalLease:
    """A lease among the processes of one machine, kept in a SQLite file.

    The machine's name is part of the file's: processes and monotonic clocks are those of one
    machine. A dead process's slots are free at once, those of a hanging one after
    `EXPIRY_SECONDS`. Raises sqlite3.Error or OSError where the file cannot be used.
    """

    def __init__(self, folder: Path, crawl: int | None = None) -> None:
        self.path = folder / f"pool-{platform.node() or 'here'}.leases"
        self._crawl = os.getpid() if crawl is None else crawl

    def renew(self, site: str, pool: int, held: int, wanted: int) -> Share:
        with closing(self._connect()) as leases, leases:
            leases.execute("BEGIN IMMEDIATE")
            self._drop_dead(leases)
            others = leases.execute(
                "SELECT held, wanted FROM leases WHERE site = ? AND crawl != ?", (site, self._crawl)
            ).fetchall()
            free = pool - sum(others_hold for others_hold, _ in others)
            fair = fair_share(pool, wanted, [others_want for _, others_want in others])
            slots = max(0, min(free, fair))
            leases.execute(
                "INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?, ?)",
                (site, self._crawl, monotonic(), max(slots, held), wanted),
            )
        return Share(slots, len(others) + 1)

    def close(self) -> None:
        with suppress(sqlite3.Error, OSError), closing(self._connect()) as leases, leases:
            leases.execute("DELETE FROM leases WHERE crawl = ?", (self._crawl,))

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        leases = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        leases.execute("PRAGMA synchronous = OFF")  # who holds what is worth nothing after a crash
        leases.executescript(_SCHEMA)
        return leases

    def _drop_dead(self, leases: sqlite3.Connection) -> None:
        """Also what comes from before the machine was started, when its clock began anew."""
        now = monotonic()
        leases.execute(
            "DELETE FROM leases WHERE renewed < ? OR renewed > ?", (now - EXPIRY_SECONDS, now + 1)
        )
        crawls = leases.execute("SELECT DISTINCT crawl FROM leases").fetchall()
        dead = [row for row in crawls if row[0] != self._crawl and not _is_alive(row[0])]
        leases.executemany("DELETE FROM leases WHERE crawl = ?", dead)


def fair_share(pool: int, wanted: int, others: Sequence[int]) -> int:
    """The slots due to who wants so many beside others (max-min fairness).

    No one gets more than he wants while another wants it; what nobody wants is divided evenly.
    """
    left, crawls = pool, len(others) + 1
    for want in sorted([wanted, *others]):
        share = min(want, left // crawls)
        if want == wanted and share < want:
            return share
        left -= share
        crawls -= 1
    return wanted + left // (len(others) + 1)


def _is_alive(process: int) -> bool:
    """Whether a process runs; where the system does not say, only the clock tells."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's
    return True
