"""The paths of the demo site, in the two styles that the old MangaReader mixed."""

from mangacrawl.demo.catalogue import Chapter, Page, Series


def series_path(series: Series) -> str:
    """The index of a series."""
    return f"/{series.slug}"


def old_series_path(series: Series) -> str:
    """The index of a series in the older style."""
    return f"/{series.number}/{series.slug}.html"


def cover_path(series: Series, size: str = "l") -> str:
    """The cover; the old site had it in the sizes l, m and r."""
    return f"/cover/{series.slug}/{series.slug}-{size}0.jpg"


def reader_path(series: Series, chapter: Chapter, page: int = 1) -> str:
    """The page that shows a page of a chapter, in the chapter's own style."""
    if chapter.has_old_url:
        place = f"{series.number}-{chapter.key}-{page}"
        return f"/{place}/{series.slug}/chapter-{chapter.number}.html"
    path = f"/{series.slug}/{chapter.number}"
    return path if page == 1 else f"{path}/{page}"


def image_path(series: Series, chapter: Chapter, page: Page) -> str:
    """The picture file of a page."""
    return f"/{series.slug}/{chapter.number}/{series.slug}-{page.image_id}.{page.extension}"
