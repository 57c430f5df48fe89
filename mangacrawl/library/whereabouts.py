"""Where a series is to be had: as its ledger remembers it, and where its site leads for good.

What names a series is its ledger, whatever becomes of its address.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urljoin

from scrapy.http import Response
from scrapy.settings import BaseSettings

from mangacrawl.library.collection import KnownSeries
from mangacrawl.safe import safe_key
from mangacrawl.source import load_sources, source_named, theme_named
from mangacrawl.target import Target, open_source

_PERMANENT = {301, 308}
"""RFC 9110, sections 15.4.2 and 15.4.9: what asks for this should ask there from now on."""


def again(known: KnownSeries, arguments: Mapping[str, str], settings: BaseSettings) -> Target:
    """The target that a series' ledger remembers; raises ArgumentError.

    `arguments` may change how it is made into volumes, which chapters are wanted, and its address.
    """
    load_sources(settings.getlist("MANGA_SOURCE_MODULES"))
    facts, series = known.facts, known.series
    theme = facts.get("theme")
    if "url" in arguments:
        placing = {"theme": theme} if theme else {"source": facts["source"]}
        target = Target.parse({**placing, **arguments}, settings)
    else:
        source = theme_named(theme) if theme else source_named(facts["source"])
        base_url, url = facts.get("base_url") or source.base_url, facts.get("url")
        target = Target.parse({"id": series.id, "source": "demo", **arguments}, settings)
        target = replace(
            target,
            source=open_source(source, base_url, target.source.wishes),
            url=urljoin(base_url, url) if url else None,
            series_id=series.id,
            moved_from=facts.get("moved_from") or None,
        )
    title, ledger = series.title, known.ledger.stem
    return replace(target, asked_for=title, ledger=ledger, notices=(), is_update=True)


def find(key: str, library: Iterable[KnownSeries]) -> KnownSeries | None:
    """The series that has this key where it is now, whatever that of its ledger is."""
    for each in library:
        if safe_key(f"{each.facts.get('source')}-{each.series.id}") == key:
            return each
    return None


def has_moved(response: Response) -> bool:
    """Whether the site led on from what was asked for, and for good."""
    reasons = response.request.meta.get("redirect_reasons", ()) if response.request else ()
    return bool(reasons) and set(reasons) <= _PERMANENT


def moved(target: Target, asked: str, to: str, ledger: str | None) -> Target:
    """The series that was asked for at one address, where it is now; `ledger` is the one it has."""
    before = target.source
    source = open_source(type(before), to, before.wishes)
    url = target.url
    if url:
        url = to if url == asked else url.replace(before.base_url, source.base_url, 1)
    named = target.moved_from or before.base_url
    return replace(target, source=source, url=url, ledger=ledger, moved_from=named)
