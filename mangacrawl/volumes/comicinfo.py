"""ComicInfo.xml, the metadata that comic readers take from a CBZ.

Elements stand in the order of the official 2.1 schema (github.com/anansi-project/comicinfo), which
is a sequence; nothing is invented and nothing is empty. Why each program gets what it gets stands
in docs/outputs.md.
"""

import re
from urllib.parse import quote
from xml.etree import ElementTree as ET

from mangacrawl.records import Chapter, Series
from mangacrawl.safe import visible, xml_text
from mangacrawl.volumes.book import Book
from mangacrawl.volumes.style import ComicInfoStyle

FILE_NAME = "ComicInfo.xml"

_ORDER = (
    "Title", "Series", "Number", "Volume", "Summary", "Notes", "Year", "Month", "Day", "Writer",
    "Penciller", "Translator", "Publisher", "Genre", "Web", "PageCount", "LanguageISO", "Manga",
    "AgeRating",
)  # fmt: skip

_MIHON = "http://www.w3.org/2001/XMLSchema"
"""The name space in which Mihon looks for the status of a series, odd as it is."""

_WHOLE = re.compile(r"\d{1,9}")


def volume_xml(book: Book, style: ComicInfoStyle = "portable") -> bytes:
    """The metadata of a volume, its pages with sizes, its chapters as bookmarks.

    Volume and Number are what programs differ about: Komga appends Volume to the series' title and
    takes Number for the book's place, Kavita takes them for volume and chapter. ``portable`` has
    neither but a single chapter's Number, since both read the file's name right.
    """
    root = _document(_volume_fields(book) | _numbers(book, style))
    pages = ET.SubElement(root, "Pages")
    starts = {chapter.id: chapter for chapter in book.chapters}
    for index, page in enumerate(book.pictures):
        attributes = {"Image": str(index)}
        if index == 0:
            attributes["Type"] = "FrontCover"
        if page.is_spread:
            attributes["DoublePage"] = "true"
        attributes["ImageSize"] = str(page.bytes)
        if not page.is_cover and (chapter := starts.pop(page.chapter.id, None)):
            attributes["Bookmark"] = xml_text(visible(chapter_title(chapter)))
        attributes |= {"ImageWidth": str(page.width), "ImageHeight": str(page.height)}
        ET.SubElement(pages, "Page", attributes)
    return _encoded(root)


def series_xml(series: Series) -> bytes:
    """The metadata of the series' folder, which Mihon reads."""
    fields = _series_fields(series) | {"Year": str(series.year) if series.year else None}
    root = _document(fields)
    if series.status:
        ET.register_namespace("ty", _MIHON)
        status = ET.SubElement(root, f"{{{_MIHON}}}PublishingStatusTachiyomi")
        status.text = series.status.capitalize()
    return _encoded(root)


def chapter_title(chapter: Chapter) -> str:
    """A chapter as a table of contents names it: "Chapter 10.5: Title"."""
    if chapter.number is None:
        return chapter.label
    return f"Chapter {chapter.number}" + (f": {chapter.title}" if chapter.title else "")


def _numbers(book: Book, style: ComicInfoStyle) -> dict[str, str | None]:
    chapter = book.pages[0].chapter
    if book.is_chapter:
        volume = chapter.volume if style == "kavita" else None
        return {"Number": chapter.number, "Volume": _whole(volume)}
    return {
        "portable": {},
        "komga": {"Number": book.place},
        "kavita": {"Volume": _whole(book.place)},
    }[style]


def _volume_fields(book: Book) -> dict[str, str | None]:
    chapter_url = f" {book.pages[0].chapter.url}" if book.is_chapter else ""
    released = book.released
    return _series_fields(book.series) | {
        "Title": book.title,
        "Notes": book.notes,
        "Year": str(released.year) if released else None,
        "Month": str(released.month) if released else None,
        "Day": str(released.day) if released else None,
        "Writer": _names(book.credited("writer")),
        "Penciller": _names(book.credited("artist")),
        "Translator": _names(book.credited("translator")),
        "Web": _urls(book.series.url + chapter_url),
        "PageCount": str(len(book.pictures)),
        "LanguageISO": book.language,
    }


def _series_fields(series: Series) -> dict[str, str | None]:
    directions = {"rtl": "YesAndRightToLeft", "ltr": "No", None: None}
    return {
        "Series": series.title,
        "Summary": series.summary,
        "Writer": _names(series.authors),
        "Penciller": _names(series.artists),
        "Publisher": series.publisher,
        "Genre": _names(series.tags),
        "Web": _urls(series.url),
        "LanguageISO": series.language,
        "Manga": directions[series.direction],
        "AgeRating": series.age_rating,
    }


def _names(names: tuple[str, ...]) -> str:
    """Readers split at commas, so a name keeps none."""
    return ", ".join(name.replace(",", " ") for name in names)


def _urls(urls: str) -> str:
    """Readers split at spaces; what else is no part of a URL is percent-encoded."""
    found = (url for url in urls.split() if url.startswith(("http://", "https://")))
    return " ".join(quote(url, safe=":/?#[]@!$&'()*+,;=%~") for url in found)


def _whole(number: str | None) -> str | None:
    """A volume's number where the schema can hold it, which has whole numbers only."""
    return number if number and _WHOLE.fullmatch(number) else None


def _document(fields: dict[str, str | None]) -> ET.Element:
    root = ET.Element("ComicInfo")
    for name in _ORDER:
        if value := visible(xml_text(fields.get(name) or "")):
            ET.SubElement(root, name).text = value
    return root


def _encoded(root: ET.Element) -> bytes:
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()
