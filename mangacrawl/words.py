"""Counts as the lines on a terminal have them."""


def counted(count: int, noun: str, plural: str = "") -> str:
    """A count and what is counted: "1 page", "2200 pages"."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"
