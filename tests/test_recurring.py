"""Pages that recur in several chapters, and what becomes of them."""

import base64
import hashlib
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

from PIL import Image, ImageDraw

from mangacrawl.records import Chapter
from mangacrawl.volumes.book import BookPage
from mangacrawl.volumes.recurring import identical_pages, similar_pages, without
from tests.books import book
from tests.conftest import Crawler, run_crawl
from tests.test_pdf import encoded


def credit(note: str = "") -> Image.Image:
    """A group's page; the note is small print that differs."""
    image = Image.new("L", (450, 650), 255)
    pen = ImageDraw.Draw(image)
    pen.ellipse((60, 80, 380, 400), fill=40)
    pen.rectangle((120, 450, 330, 500), fill=120)
    pen.text((20, 620), note, fill=0)
    return image


def chapter(folder: Path, number: int, *images: Image.Image, quality: int = 90) -> list[BookPage]:
    """A chapter of these pictures, each in a file."""
    pages = []
    record = Chapter(f"c{number}", "", number=str(number))
    for index, image in enumerate(images, 1):
        content = encoded(image, "JPEG", quality=quality)
        path = folder / f"{number}-{index}.jpg"
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        pages.append(BookPage(path, digest, *image.size, len(content), record, index))
    return pages


def drawn(seed: int) -> Image.Image:
    """A page that is like no other: a tile in one of a hundred places."""
    image = Image.new("L", (450, 650), 200)
    ImageDraw.Draw(image).rectangle(
        (seed * 37 % 400, seed * 91 % 600, 440, 640), fill=seed * 13 % 90
    )
    return image


def names(pages: list[BookPage]) -> list[str]:
    return [page.name for page in pages]


def test_a_page_with_the_same_bytes_in_three_chapters_recurs(tmp_path: Path):
    chapters = [chapter(tmp_path, n, drawn(n), credit(), drawn(n + 50)) for n in (1, 2, 3)]
    assert names(identical_pages(chapters)) == [
        "chapter 1, page 2",
        "chapter 2, page 2",
        "chapter 3, page 2",
    ]


def test_a_page_in_two_chapters_may_be_a_recap(tmp_path: Path):
    chapters = [chapter(tmp_path, n, drawn(n), credit()) for n in (1, 2)]
    assert identical_pages(chapters) == similar_pages(chapters) == []


def test_a_page_that_only_looks_the_same_is_known_at_the_end_of_chapters(tmp_path: Path):
    chapters = [
        chapter(tmp_path, n, drawn(n), drawn(n + 20), credit(f"chapter {n}"), quality=60 + n * 9)
        for n in (1, 2, 3)
    ]
    assert identical_pages(chapters) == []
    assert names(similar_pages(chapters)) == [
        "chapter 1, page 3",
        "chapter 2, page 3",
        "chapter 3, page 3",
    ]


def test_pages_of_a_story_are_not_alike(tmp_path: Path):
    chapters = [chapter(tmp_path, n, drawn(n), drawn(n + 9), drawn(n + 31)) for n in range(1, 8)]
    assert similar_pages(chapters) == []


def test_blank_pages_are_not_alike(tmp_path: Path):
    blank = Image.new("L", (450, 650), 255)
    chapters = [chapter(tmp_path, n, drawn(n), blank, quality=60 + n) for n in (1, 2, 3)]
    assert similar_pages(chapters) == []


def test_a_book_of_nothing_else_keeps_its_pages(tmp_path: Path):
    made = book(tmp_path)
    assert without(made, made.pages) == made.pages
    assert without(made, made.pages[:2]) == made.pages[2:]


def picture_count(cbz: Path) -> int:
    with ZipFile(cbz) as archive:
        return len(archive.namelist()) - 1


def xhtml_count(epub: Path) -> int:
    with ZipFile(epub) as archive:
        return sum(name.endswith(".xhtml") for name in archive.namelist())


def test_what_recurs_is_told_and_dropped_from_an_epub_when_asked(
    crawl: Crawler, start_site, tmp_path: Path
):
    site = start_site()
    url = f"{site.url}/sampler"
    last = [item["image_url"] for item in crawl(url=url).items() if item["page"] == 6]
    content = base64.b64encode(encoded(credit(), "JPEG")).decode()
    answer = {"base64": content, "headers": {"Content-Type": "image/jpeg"}}
    site.spoil(**{urlsplit(address).path: answer for address in last})
    drop = ("-s", "MANGA_RECURRING_PAGES=drop")
    (tmp_path / "other").mkdir()
    done = run_crawl(tmp_path / "other" / "output", *drop, url=url, formats="cbz,epub")
    (epub,) = done.output.rglob("*.epub")
    (cbz,) = done.output.rglob("*.cbz")
    told = "pages that recur in several chapters: 4, left out of EPUB and PDF (chapter 1, page 6)"
    assert done.exit_code == 0
    assert told in done.lines
    assert (xhtml_count(epub), picture_count(cbz)) == (20 + 1, 24)
