"""What the user asked for, checked before the first request."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from mangacrawl.chapters import Selection
from mangacrawl.choices import DEFAULTS, Choices, choices_of
from mangacrawl.errors import ArgumentError
from mangacrawl.source import (
    Request,
    Source,
    Wishes,
    load_sources,
    source_named,
    source_of_host,
    theme_named,
)
from mangacrawl.volumes.style import Style
from mangacrawl.wire.sites import site_of

DEFAULT_THEME = "mangareader"

HELP = """\
What to crawl (one of them):
  name=akira          the series as people write it; title= is the same
  id=akira            the id the site gives it
  url=https://…       its page; with theme=… if no source knows the site
  file=series.json    a list in Cubari's format on this computer
  update=all          every series of the library again; also one of them, or @list.txt;
                      update=akira url=https://… for one whose site has moved there
  source=demo         the site to look for name or id at; `scrapy sources` lists all
  theme=mangareader   the markup of the site at url
Which of it:
  chapters=1-5,10.5   numbers and ranges; 20- and latest:3 too
  volumes=1-3         the site's volumes, said in the same way
  language=en,fr      in order of preference; the first that a chapter is in is taken
  group=NAME,NAME     scanlation groups, best first; others fill the gaps; all takes every copy
  quality=full        small takes smaller pictures where the site has them
  rating=suggestive   the strongest content: safe, suggestive, erotica, pornographic
How:
  bundle=auto         auto, site, chapter, pages:250, chapters:10
  formats=cbz         cbz, epub, pdf, or several: cbz,epub
  device=none         none, or a screen such as kindle-pw5, kobo-libra-2, 1072x1448;
                      its own format is made if formats= names none for it
  partial=no          yes also writes volumes with missing pages, under a name that says so
  list=yes            only show the chapters and volumes that a crawl would fetch
  help=yes            this text
"""

_ARGUMENTS = (
    "name", "title", "id", "url", "file", "source", "theme", "chapters", "volumes", *DEFAULTS,
    "partial", "update", "list", "help",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One series at one source, and what is wanted of it.

    ``series_id`` is None when only ``url``, ``file`` or a name that has to be searched for is
    known. ``is_guess`` says that no one named the theme: the site's page may tell. ``chosen``
    holds the choices the user made now, as typed; the rest is as the ledger has it, or the
    default. ``keeps_pages`` tells that pages keep files of their own beside the CBZs. ``notices``
    are lines for the user.
    """

    source: Source
    series_id: str | None
    url: str | None
    file: Path | None
    asked_for: str
    selection: Selection | None
    chosen: Mapping[str, str]
    wants_partial: bool
    style: Style
    keeps_pages: bool
    is_guess: bool = False
    notices: tuple[str, ...] = ()
    is_update: bool = False
    """Whether the chapters asked for before are meant, where none are named now."""
    is_list: bool = False
    """Whether the user only wants to see what would be fetched."""
    ledger: str | None = None
    """The key of the series' ledger, where an earlier address than this one has given it."""
    moved_from: str | None = None
    """Where the user named the site, if that has led on to where it is now."""

    @classmethod
    def parse(cls, arguments: Mapping[str, str], settings: BaseSettings) -> Self:
        """Check the arguments of ``scrapy crawl manga``; raises ArgumentError."""
        given = {name: value for name, value in arguments.items() if not name.startswith("_")}
        for name, value in given.items():
            if name not in _ARGUMENTS:
                raise ArgumentError(f"{name}=: no such argument; there is {', '.join(_ARGUMENTS)}")
            if not value.strip():
                raise ArgumentError(f"{name}= is empty; help=yes lists what it takes")
        load_sources(settings.getlist("MANGA_SOURCE_MODULES"))
        notices: list[str] = []
        chosen = {name: given[name] for name in DEFAULTS if name in given}
        source = _source(given, settings, notices, choices_of(chosen, {}).wishes)
        series_id, asked_for = _series(given, source)
        return cls(
            source=source,
            series_id=series_id,
            url=given.get("url"),
            file=_file(given["file"]) if "file" in given else None,
            asked_for=asked_for,
            selection=Selection.parse(given.get("chapters"), given.get("volumes")),
            chosen=chosen,
            wants_partial=_yes_or_no("partial", given),
            style=Style.parse(settings),
            keeps_pages=settings.getbool("MANGA_KEEP_PAGES"),
            is_list=_yes_or_no("list", given),
            is_guess="url" in given and "theme" not in given and not type(source).base_url,
            notices=tuple(notices),
        )

    @property
    def hosts(self) -> set[str]:
        """The hosts that the user named by choosing this: they alone may be private."""
        urls = (self.moved_from,) if self.moved_from else (self.source.base_url, self.url)
        return {urlsplit(url or "").hostname or "" for url in urls}

    @property
    def sites(self) -> set[str]:
        """The sites that the series' pages may be on: the source's hosts, and what was typed."""
        urls = (self.source.base_url, self.url or "", *(f"//{host}" for host in self.source.limits))
        return {site_of(url) for url in urls}

    def as_facts(self) -> dict[str, str]:
        """What tells another run where a series is; its address is relative to its site's."""
        root = self.source.base_url
        is_theme = not type(self.source).base_url
        return {
            "source": self.source.key,
            "theme": self.source.id if is_theme else "",
            "base_url": root if is_theme else "",
            "url": (self.url or "").removeprefix(root),
            "moved_from": self.moved_from or "",
        }

    @property
    def key(self) -> str:
        """What most likely names the series' ledger."""
        id_ = self.series_id or self.source.series_id(self.url or "")
        return self.ledger or self.source.series_key(id_)

    @property
    def is_new_choice(self) -> bool:
        """Whether the user says anew which copies of chapters to take."""
        return bool({"language", "group"} & set(self.chosen))

    def request(self) -> Request:
        """What to ask for to have the series."""
        if self.url is not None:
            return self.source.url_request(self.url)
        return self.source.series_request(self.series_id or "")

    def named(self, series_id: str) -> "Target":
        """The same series, now that its id is known."""
        return replace(self, series_id=series_id)

    def unknown(self, what: str) -> str:
        """What to say when the source does not have the series."""
        hint = '; to name a real site see README, "Sources"' if self.source.id == "demo" else ""
        return f"{self.source.key} has {what}{hint}"

    def at(self, source: type[Source]) -> "Target":
        """The same at the source that its page was recognized as."""
        return replace(
            self, source=open_source(source, self.url, self.source.wishes), is_guess=False
        )

    def recalling(self, facts: Mapping[str, str]) -> "Target":
        """The same with what earlier runs wished of the site, as the theme that they found."""
        kind = type(self.source)
        if self.is_guess and facts.get("theme"):
            with suppress(ArgumentError):  # its module is there no more
                kind = theme_named(facts["theme"])
        return replace(self, source=kind(self.source.base_url, self.choices(facts).wishes))

    def remembered(self, facts: Mapping[str, str]) -> dict[str, str]:
        """The choices that are as an earlier run made them, where that is not the default."""
        return {
            name: facts[name]
            for name, default in DEFAULTS.items()
            if name not in self.chosen and facts.get(name, default) != default
        }

    def choices(self, facts: Mapping[str, str]) -> Choices:
        """The choices of this run: made now, else made before, else the default."""
        return choices_of(self.chosen, facts)


def _source(
    given: Mapping[str, str], settings: BaseSettings, notices: list[str], wishes: Wishes
) -> Source:
    url = given.get("url")
    if url:
        return _source_of_url(url, given, wishes)
    if "theme" in given:
        raise ArgumentError(f"theme={given['theme']} needs url=, the page of a series")
    if "source" in given or "file" in given:
        return open_source(source_named(given.get("source", "cubari")), None, wishes)
    default = settings["MANGA_DEFAULT_SOURCE"]
    if default == "demo":
        notices.append(
            'no site named: crawling the built-in demo site (real sites: README, "Sources")'
        )
    return open_source(source_named(default), None, wishes)


def check_address(url: str) -> str:
    """The host of an address that a person typed; raises ArgumentError."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ArgumentError(f"url={url}: only http:// and https:// addresses can be crawled")
    if parts.username or parts.password:
        raise ArgumentError("url= holds a password, and arguments are logged: leave it out")
    return parts.hostname


def _source_of_url(url: str, given: Mapping[str, str], wishes: Wishes) -> Source:
    host = check_address(url)
    if "source" in given:
        return open_source(source_named(given["source"]), url, wishes)
    known = source_of_host(host)
    if known and "theme" not in given:
        return open_source(known, url, wishes)
    theme = given.get("theme", DEFAULT_THEME)
    return open_source(theme_named(theme), url, wishes)


def open_source(source: type[Source], url: str | None, wishes: Wishes) -> Source:
    """A source, or a theme at the site of a URL."""
    if source.closed:
        raise ArgumentError(
            f"{source.base_url} closed in {source.closed}; "
            f"a site with its markup: url=https://… theme={source.id}"
        )
    parts = urlsplit(url or "")
    return source(source.base_url or f"{parts.scheme}://{parts.netloc}", wishes)


def _series(given: Mapping[str, str], source: Source) -> tuple[str | None, str]:
    """The series' id, where it is known by now, and what the user called it."""
    names = {given[key] for key in ("name", "title") if key in given}
    ways = [key for key in ("id", "url", "file") if key in given] + ["name"] * bool(names)
    if len(names) > 1 or len(ways) != 1:
        raise ArgumentError("say which series: name=… or id=… or url=…, one of them")
    (way,) = ways
    if way == "name":
        (name,) = names
        series_id = source.id_from_name(name)
        if series_id is None and source.search_request(name) is None:
            raise ArgumentError(f"{source.id} cannot be searched: say url= or id=")
        return series_id, name
    return (given["id"] if way == "id" else None), given[way]


def _file(name: str) -> Path:
    path = Path(name).expanduser()
    if not path.is_file():
        raise ArgumentError(f"file={name}: there is no such file")
    return path


def _yes_or_no(name: str, given: Mapping[str, str]) -> bool:
    value = given.get(name, "no")
    if value not in {"yes", "no"}:
        raise ArgumentError(f"{name}={value}: say yes or no")
    return value == "yes"
