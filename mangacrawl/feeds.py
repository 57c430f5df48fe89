"""Feed exports: where Scrapy's exporters do not do what the feeds promise."""

from typing import Any

from scrapy.exporters import XmlItemExporter

from mangacrawl.safe import xml_text


class XmlExporter(XmlItemExporter):
    """XML without the word "None" and without characters that XML forbids."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        return "" if value is None else xml_text(str(value))
