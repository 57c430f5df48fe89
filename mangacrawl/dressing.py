"""What a series has beside its volumes: a cover, a reader, and the metadata of its folder."""

from contextlib import suppress

from mangacrawl import atomic
from mangacrawl.books import first_page
from mangacrawl.errors import ConversionError
from mangacrawl.readers import write_readers
from mangacrawl.series_crawl import SeriesCrawl
from mangacrawl.volumes import comicinfo
from mangacrawl.volumes.book import original_bytes
from mangacrawl.volumes.profiles import Device
from mangacrawl.volumes.screen import fit

_COVER = Device("cover", 600, 900, greys=None)
"""The series' cover: its first page, at a size that a shelf of covers shows sharp."""


def dress(crawl: SeriesCrawl) -> None:
    """Make cover and reader, and give the series' folder what programs look for in it.

    Raises OSError when the disk fails.
    """
    write_readers(crawl)
    cover = crawl.output / "web" / crawl.key / "cover.jpg"
    first = first_page(crawl)
    if first is not None and not cover.exists():
        cover.parent.mkdir(parents=True, exist_ok=True)
        with suppress(ConversionError):  # a cover is no page: the volume that has it will say
            atomic.write(cover, fit(original_bytes(first), _COVER).data)
    folder = crawl.output / "library" / crawl.folder
    if folder.is_dir():
        if cover.exists():
            atomic.write_if_new(folder / "cover.jpg", cover.read_bytes())
        atomic.write_if_new(folder / comicinfo.FILE_NAME, comicinfo.series_xml(crawl.series))
