"""gallery-dl's way through the benchmark site: index, chapter, page, image, one after another.

gallery-dl loads it with `-X`; it follows gallery-dl's own extractors for sites of this kind.
"""

from collections.abc import Iterator
from typing import Any

from gallery_dl import text  # type: ignore[import-not-found]
from gallery_dl.extractor.common import (  # type: ignore[import-not-found]
    ChapterExtractor,
    MangaExtractor,
)

_PATTERN = r"(http://127\.0\.0\.1:\d+)"


class BenchmarkChapterExtractor(ChapterExtractor):  # type: ignore[misc]
    """A chapter: its pages are in the menu of the first one."""

    category = "benchmark"
    pattern = _PATTERN + r"(/[^/]+/(\d+))$"
    example = "http://127.0.0.1:8080/akira/1"

    def __init__(self, match: Any) -> None:
        self.root = match[1]
        super().__init__(match, match[0])

    def metadata(self, page: str) -> dict[str, object]:
        label = text.extr(page, "<title>", " - Read")
        count = text.parse_int(text.extr(page, "</select> of ", "<"))
        manga, _, chapter = label.rpartition(" ")
        return {
            "manga": manga,
            "chapter": int(chapter),
            "chapter_minor": "",
            "title": "",
            "count": count,
        }

    def images(self, page: str) -> Iterator[tuple[str, None]]:
        menu = text.extr(page, 'id="pageMenu"', "</select>")
        paths = list(text.extract_iter(menu, '<option value="', '"'))
        yield self._image(page), None
        for path in paths[1:]:
            yield self._image(self.request(self.root + path).text), None

    @staticmethod
    def _image(page: str) -> str:
        found: str = text.extr(text.extr(page, '<img id="img"', ">"), 'src="', '"')
        return found


class BenchmarkMangaExtractor(MangaExtractor):  # type: ignore[misc]
    """The series: its chapters are on one page, the oldest first."""

    category = "benchmark"
    chapterclass = BenchmarkChapterExtractor
    reverse = False
    pattern = _PATTERN + r"/[^/]+$"
    example = "http://127.0.0.1:8080/akira"

    def __init__(self, match: Any) -> None:
        self.root = match[1]
        super().__init__(match, match[0])

    def chapters(self, page: str) -> list[tuple[str, dict[str, object]]]:
        listing = text.extr(page, '<table id="listing">', "</table>")
        return [(self.root + path, {}) for path in text.extract_iter(listing, '<a href="', '"')]
