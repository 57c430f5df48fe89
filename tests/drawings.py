"""The demo's pictures, each drawn once for all test sites of a run: that is most of their work."""

from pathlib import Path
from uuid import uuid4

from mangacrawl.demo.catalogue import Chapter, Page, Series
from mangacrawl.demo.drawing import draw_page


def drawn_page(folder: Path, series: Series, chapter: Chapter, page: Page) -> bytes:
    """What `draw_page` returns, kept in a folder; an image's number says all of what it shows."""
    path = folder / str(page.image_id)
    if not path.exists():
        part = folder / str(uuid4())
        part.write_bytes(draw_page(series, chapter, page))
        part.replace(path)
    return path.read_bytes()
