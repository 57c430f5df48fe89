"""What a series has beside its volumes: a cover, a reader, and the metadata of its folder."""

from contextlib import suppress
from pathlib import Path

from mangacrawl import atomic
from mangacrawl.binding.books import face_of
from mangacrawl.binding.readers import write_readers
from mangacrawl.errors import ConversionError
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.volumes import comicinfo
from mangacrawl.volumes.book import original_bytes
from mangacrawl.volumes.embed import is_plain_jpeg
from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.screen import fit

_COVER = Device("cover", 600, 900, greys=None)
"""The series' cover, at a size that a shelf of covers shows sharp."""

_FACT = "cover"
"""Under which the ledger keeps the sha256 of the picture that the cover was made of."""


def dress(crawl: SeriesCrawl) -> None:
    """Make cover and reader, and give the series' folder what programs look for in it.

    Raises OSError when the disk fails.
    """
    write_readers(crawl)
    cover = crawl.output / "web" / crawl.key / "cover.jpg"
    _make_cover(crawl, cover)
    folder = crawl.output / "library" / crawl.folder
    if folder.is_dir():
        if cover.exists():
            atomic.write_if_new(folder / "cover.jpg", cover.read_bytes())
        atomic.write_if_new(folder / comicinfo.FILE_NAME, comicinfo.series_xml(crawl.series))


def _make_cover(crawl: SeriesCrawl, path: Path) -> None:
    """A JPEG that is no larger is taken as it is; nothing to do while the picture is the same."""
    for picture in face_of(crawl):
        if path.exists() and crawl.ledger.facts.get(_FACT) == picture.sha256:
            return
        with suppress(ConversionError):  # the next will do; a volume that has it will say
            content = original_bytes(picture)
            fitted = fit(content, _COVER)
            is_no_larger = picture.width == fitted.width or len(content) <= len(fitted.data)
            is_as_it_is = is_no_larger and is_plain_jpeg(content)
            atomic.write_if_new(path, content if is_as_it_is else fitted.data)
            crawl.ledger.save_fact(_FACT, picture.sha256)
            return
