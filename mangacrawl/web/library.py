"""The library page: every series in the output folder, with its volumes."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader

from mangacrawl import atomic
from mangacrawl.ledger import series_of
from mangacrawl.safe import visible
from mangacrawl.summary import Summary, read_summary

PAGE = "index.html"

_templates = Environment(
    loader=PackageLoader("mangacrawl.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class ShelvedVolume:
    """A volume to show: its file's name, address relative to the page, pages and bytes."""

    name: str
    href: str
    pages: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ShelvedSeries:
    """A series to show; ``cover`` is an address relative to the page, None without one.

    ``pages`` counts those the wanted chapters are known to have, ``missing`` those not stored.
    """

    title: str
    cover: str | None
    volumes: tuple[ShelvedVolume, ...]
    pages: int
    missing: int


def write_library_page(output: Path) -> int:
    """Render the page, but leave the file alone where nothing changed; returns how many series.

    Raises OSError where it cannot be written.
    """
    ledgers = {path.stem: read_summary(path) for path in (output / "state").glob("*.sqlite")}
    found = [_shelved(key, ledger, output) for key, ledger in ledgers.items() if ledger]
    shelf = [series for series in found if series]
    if not shelf:
        return 0
    shelf.sort(key=lambda series: series.title.casefold())
    content = _templates.get_template("library.html").render(shelf=shelf).encode()
    page = output / PAGE
    if not page.exists() or page.read_bytes() != content:
        atomic.write(page, content)
    return len(shelf)


def _shelved(key: str, ledger: Summary, output: Path) -> ShelvedSeries | None:
    series = series_of(ledger.facts)
    if series is None:
        return None
    cover = f"web/{key}/cover.jpg"
    return ShelvedSeries(
        title=visible(series.title),
        cover=quote(cover) if (output / cover).exists() else None,
        volumes=tuple(
            ShelvedVolume(row.path.rpartition("/")[2], quote(row.path), row.pages, row.bytes)
            for row in sorted(ledger.volumes, key=lambda row: row.path)
        ),
        pages=ledger.pages,
        missing=ledger.missing,
    )
