"""Numbers as people read them."""


def counted(count: int, noun: str) -> str:
    """A count and what is counted: "1 page", "2 pages"."""
    return f"{count} {noun if count == 1 else f'{noun}s'}"
