"""The markup that MangaHere had until 2017, a sister of MangaFox: one image per reader page."""

from collections.abc import Iterator
from dataclasses import replace

from mangacrawl.parsing.reading import Element, elements, labelled, said, texts, within
from mangacrawl.parsing.site_words import status_in
from mangacrawl.source import Request, Response, Series, SeriesLink, slug
from mangacrawl.themes.pagewise import Pagewise


class MangaHere(Pagewise):
    """Sites with the old MangaHere's markup. Its series page was not recorded, the others were."""

    id = "mangahere"
    language = "en"
    tested = "recorded (2015), its series page made up"
    folder = "manga"

    title_css = "h1.title"
    author_css = ".detail_topText a[href*='/author/']"
    status_css = ""
    summary_css = "#show"
    tag_css = ""
    cover_css = ".manga_detail_top img.img"
    chapter_css = ".detail_list > ul:not([class]) > li"
    date_css = "span.right"
    locked_css = ""
    next_css = ""
    page_css = ".readpage_top select.wid60 option"
    image_css = "#viewer img#image"

    def id_from_name(self, name: str) -> str:
        return slug(name).replace("-", "_")

    def search_request(self, query: str) -> Request:
        """The list of all series."""
        return Request(f"{self.base_url}/mangalist/")

    def parse_search(self, response: Response) -> Iterator[SeriesLink]:
        return self.series_links(response, "a.manga_info")

    def parse_series(self, response: Response) -> Series:
        facts = labelled(response, ".detail_topText li", "label")
        return replace(
            super().parse_series(response),
            status=status_in(facts.get("Status")),
            artists=texts(response, ".detail_topText a[href*='/artist/']"),
            tags=_parts(facts.get("Genre(s)", ""), ","),
            alternative_titles=_parts(facts.get("Alternative Name", ""), ";"),
        )

    def parse_label(self, row: Element) -> str:
        """The volume stands behind the link."""
        volumes = [said(each) for each in within(row, ".mr6")]
        return " ".join([*volumes, super().parse_label(row)])

    def parse_name(self, row: Element, label: str) -> str | None:
        words = " ".join(said(each, without="a, .mr6, .new") for each in within(row, "span.left"))
        return words or None

    @classmethod
    def recognizes(cls, response: Response) -> bool:
        return bool(elements(response, cls.title_css) and elements(response, cls.chapter_css))


def _parts(words: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in words.split(mark) if part.strip())
