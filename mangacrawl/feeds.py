"""Feed exports: what they get beside pages, their filters, and an exporter for XML."""

from collections.abc import Iterator
from typing import Any

from scrapy.exporters import XmlItemExporter
from scrapy.extensions.feedexport import ItemFilter

from mangacrawl.items import ChapterItem, PageItem, SeriesItem, VolumeItem, about
from mangacrawl.library.rows import ChapterRow
from mangacrawl.library.series_crawl import SeriesCrawl
from mangacrawl.safe import xml_text


class XmlExporter(XmlItemExporter):
    """XML without the word "None" and without characters that XML forbids."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [xml_text(each) for each in value]
        return "" if value is None else xml_text(str(value))


class Pages(ItemFilter):
    """What a feed gets that does not say: pages, or what its ``item_classes`` name."""

    def accepts(self, item: Any) -> bool:
        return isinstance(item, self.item_classes or PageItem)


class NewPages(ItemFilter):
    """Only pages that this run has fetched: ``"item_filter": "mangacrawl.feeds.NewPages"``."""

    def accepts(self, item: Any) -> bool:
        return isinstance(item, PageItem) and item.status == "fetched"


def library_items(crawl: SeriesCrawl) -> Iterator[SeriesItem | ChapterItem | VolumeItem]:
    """A series as it is in the library when its crawl ends, its chapters and its volumes."""
    yield _series_item(crawl)
    for row in crawl.roster.rows():
        yield _chapter_item(crawl, row)
    for path, volume in sorted(crawl.ledger.volumes.items()):
        yield VolumeItem(
            source=crawl.source.key,
            series_id=crawl.series.id,
            series=crawl.series.title,
            path=path,
            format=path.rpartition(".")[2],
            pages=volume.pages,
            bytes=volume.bytes,
            sha256=volume.sha256,
            is_partial=volume.is_partial,
        )


def _series_item(crawl: SeriesCrawl) -> SeriesItem:
    series = crawl.series
    return SeriesItem(
        source=crawl.source.key,
        series_id=series.id,
        series=series.title,
        url=series.url,
        status=series.status,
        direction=series.direction,
        language=series.language,
        year=series.year,
        authors=list(series.authors),
        artists=list(series.artists),
        tags=list(series.tags),
        summary=series.summary,
        chapters=len(crawl.wanted()),
        pages=crawl.page_total(),
        missing=crawl.page_total() - crawl.stored_total(),
        volumes=len(crawl.ledger.volumes),
    )


def _chapter_item(crawl: SeriesCrawl, row: ChapterRow) -> ChapterItem:
    chapter = row.chapter
    return ChapterItem(
        **about(crawl.source.key, crawl.series, chapter),
        released=chapter.released.isoformat() if chapter.released else None,
        page_count=row.page_count,
        stored=sum(page.path is not None for page in crawl.pages(chapter.id)),
        unavailable=row.unavailable,
    )
