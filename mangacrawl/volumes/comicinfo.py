"""ComicInfo.xml, the metadata that comic readers take from a CBZ.

Elements stand in the order of the official 2.1 schema (github.com/anansi-project/comicinfo), which
is a sequence; nothing is invented and nothing is empty.
"""

from xml.etree import ElementTree as ET

from mangacrawl.records import Chapter, Series
from mangacrawl.safe import visible, xml_text
from mangacrawl.volumes.book import Book

FILE_NAME = "ComicInfo.xml"

_ORDER = (
    "Title", "Series", "Number", "Summary", "Notes", "Writer", "Penciller", "Genre", "Web",
    "PageCount", "LanguageISO", "Manga",
)  # fmt: skip


def volume_xml(book: Book) -> bytes:
    """The metadata of a volume: no Volume and no Number but for a single chapter's.

    Komga would append Volume to the series' title and Kavita would take Number for a chapter;
    both read the volume from the file's name.
    """
    root = _document(_volume_fields(book))
    pages = ET.SubElement(root, "Pages")
    starts = book.chapter_starts()
    for index, page in enumerate(book.pages):
        attributes = {"Image": str(index)}
        if index == 0:
            attributes["Type"] = "FrontCover"
        if page.is_spread:
            attributes["DoublePage"] = "true"
        attributes["ImageSize"] = str(page.bytes)
        if index in starts:
            attributes["Bookmark"] = xml_text(visible(chapter_title(starts[index])))
        attributes |= {"ImageWidth": str(page.width), "ImageHeight": str(page.height)}
        ET.SubElement(pages, "Page", attributes)
    return _encoded(root)


def series_xml(series: Series) -> bytes:
    """The metadata of the series' folder, which Mihon reads."""
    return _encoded(_document(_series_fields(series)))


def chapter_title(chapter: Chapter) -> str:
    """A chapter as a table of contents names it: "Chapter 10.5: Title"."""
    if chapter.number is None:
        return chapter.label
    return f"Chapter {chapter.number}" + (f": {chapter.title}" if chapter.title else "")


def _volume_fields(book: Book) -> dict[str, str | None]:
    return _series_fields(book.series) | {
        "Title": book.title,
        "Number": book.pages[0].chapter.number if book.is_chapter else None,
        "Notes": book.notes,
        "PageCount": str(len(book.pages)),
    }


def _series_fields(series: Series) -> dict[str, str | None]:
    directions = {"rtl": "YesAndRightToLeft", "ltr": "No", None: None}
    return {
        "Series": series.title,
        "Summary": series.summary,
        "Writer": _names(series.authors),
        "Penciller": _names(series.artists),
        "Genre": _names(series.tags),
        "Web": series.url,
        "LanguageISO": series.language,
        "Manga": directions[series.direction],
    }


def _names(names: tuple[str, ...]) -> str:
    """Readers split at commas, so a name keeps none."""
    return ", ".join(name.replace(",", " ") for name in names)


def _document(fields: dict[str, str | None]) -> ET.Element:
    root = ET.Element("ComicInfo")
    for name in _ORDER:
        if value := fields.get(name):
            ET.SubElement(root, name).text = xml_text(visible(value))
    return root


def _encoded(root: ET.Element) -> bytes:
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()
