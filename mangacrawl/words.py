"""Counts and times as people and programs are told them."""

from datetime import UTC, datetime


def counted(count: int, noun: str, plural: str = "") -> str:
    """A count and what is counted: "1 page", "2200 pages"."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def now() -> str:
    """The present in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
