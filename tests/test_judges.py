"""Volumes before other programs: a mixed series, of pictures of all kinds, by hostile names."""

import hashlib
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from mangacrawl.pictures import FORMATS
from mangacrawl.records import Chapter
from mangacrawl.volumes.book import Book, BookPage
from tests.books import SERIES, book, bound, page
from tests.judges import JUDGES, Judge, comicbox, read_by_comicbox
from tests.test_pdf import encoded, grey

HOSTILE = 'x"><script>&amp;</script> \u202e\x00 ]]>'
IN_CI = [judge for judge in JUDGES if not judge.name.startswith("ebook")]
"""calibre is too large a package: its judgement is asked for by hand, see docs/outputs.md."""

EDITIONS = {
    "cbz": ("none",),
    "epub": ("none", "kindle-pw5", "kobo-libra-2"),
    "pdf": ("none", "kindle-600x800"),
}


def kept(folder: Path, chapter: Chapter, number: int, body: bytes) -> BookPage:
    with Image.open(io.BytesIO(body)) as image:
        size, form = image.size, str(image.format)
    path = folder / f"{chapter.id}-{number}{FORMATS[form]}"
    path.write_bytes(body)
    digest = hashlib.sha256(body).hexdigest()
    return BookPage(path, digest, *size, len(body), chapter, number)


def mixed(folder: Path) -> Book:
    """Every format, grey and colour, a spread, a chapter 10.5, a cover apart, and hostile words."""
    one = Chapter("one", "", number="10", title=HOSTILE, group=HOSTILE, released=date(2019, 4, 1))
    two = Chapter("two", "", number="10.5", group="Second, Group", language="en")
    pages = [kept(folder, one, n, grey(90, form)) for n, form in enumerate(FORMATS, 1)]
    colour = Image.linear_gradient("L").convert("RGB").resize((90, 130))
    spread = Image.effect_noise((300, 200), 50)
    pages += [kept(folder, two, n, encoded(i, "JPEG")) for n, i in enumerate((colour, spread), 1)]
    return Book(
        name="Hostile v02",
        title=HOSTILE,
        identity="hostile/2",
        series=replace(SERIES, title=HOSTILE, authors=(HOSTILE,), tags=(HOSTILE,), language="??"),
        pages=tuple(pages),
        notes="Cut by mangacrawl.",
        number="2",
        place="2",
        cover=kept(folder, one, 0, grey(40)),
    )


@pytest.fixture(scope="module")
def volumes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mixed volume in every format, as it is and for screens."""
    folder = tmp_path_factory.mktemp("volumes")
    made = mixed(tmp_path_factory.mktemp("pages"))
    for form, devices in EDITIONS.items():
        for device in devices:
            (folder / device).mkdir(exist_ok=True)
            bound(made, folder / device, form, device)
    return folder


@pytest.mark.parametrize("judge", IN_CI, ids=lambda judge: f"{judge.name}, {judge.suffix}")
def test_a_judge_finds_nothing_wrong(volumes: Path, judge: Judge):
    if not judge.is_there:
        pytest.skip(f"{judge.name} is not there: scripts/test --system brings all but the schema")
    files = sorted(volumes.rglob(f"*{judge.suffix}"))
    assert len(files) == len(EDITIONS[judge.suffix[1:]])
    assert {path: words for path in files if (words := judge.faults(path))} == {}


def test_comicbox_reads_back_every_field(tmp_path: Path):
    if comicbox() is None:
        pytest.skip("MANGACRAWL_COMICBOX does not name comicbox: scripts/test --system installs it")
    one = Chapter("one", "", number="7", title="Tetsuo", group="Group", released=date(2019, 4, 1))
    two = Chapter("two", "", number="7.5", group="Second")
    series = replace(
        SERIES, artists=("Otomo", "Aide"), publisher="Press", age_rating="Teen", tags=("Drama",)
    )
    made = book(
        tmp_path,
        series=series,
        pages=(page(tmp_path, one, 1), page(tmp_path, one, 2, (180, 130)), page(tmp_path, two, 1)),
        place="2",
    )
    (path,) = bound(made, tmp_path, "cbz", comicinfo="komga")
    read = read_by_comicbox(path)
    said = {name: read[name] for name in ("title", "summary", "language", "age_rating", "urls")}
    assert said == {
        "title": "Chapters 1-1.5",
        "summary": "Neo-Tokyo.",
        "language": "en",
        "age_rating": "Teen",
        "urls": ["https://a.example/akira"],
    }
    assert (read["series"]["name"], read["issue"]["number"]) == ("Akira & <Tetsuo>", 2)
    assert (read["manga"], read["reading_direction"]) == ("Yes", "rtl")
    assert (read["publisher"]["name"], list(read["genres"])) == ("Press", ["Drama"])
    assert read["date"]["cover_date"] == "2019-04-01"
    roles = {name: list(credit["roles"]) for name, credit in read["credits"].items()}
    assert roles == {
        "Otomo Katsuhiro": ["Writer"],
        "Otomo": ["Penciller"],
        "Aide": ["Penciller"],
        "Group": ["Translator"],
        "Second": ["Translator"],
    }
    assert read["page_count"] == 3
    assert read["pages"] == {
        "0": {
            "bookmark": "Chapter 7: Tetsuo",
            "page_type": "FrontCover",
            "size": made.pages[0].bytes,
            "width": 90,
            "height": 130,
        },
        "1": {"double_page": True, "size": made.pages[1].bytes, "width": 180, "height": 130},
        "2": {
            "bookmark": "Chapter 7.5",
            "size": made.pages[2].bytes,
            "width": 90,
            "height": 130,
        },
    }
    volume = bound(replace(made, name="b"), tmp_path, "cbz", comicinfo="kavita")[0]
    assert read_by_comicbox(volume)["volume"]["number"] == 2
