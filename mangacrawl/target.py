"""What the user asked for, checked before the first request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy.settings import BaseSettings

from mangacrawl.chapters import Selection
from mangacrawl.errors import ArgumentError
from mangacrawl.records import Series, SeriesLink
from mangacrawl.source import (
    Source,
    load_sources,
    slug,
    source_named,
    source_of_host,
    theme_named,
)
from mangacrawl.volumes.edition import FORMATS
from mangacrawl.volumes.plan import Bundle
from mangacrawl.volumes.profiles import ORIGINAL, device_named
from mangacrawl.volumes.style import Style

DEFAULT_THEME = "mangareader"

HELP = """\
What to crawl (one of them):
  name=akira          the series as people write it; title= is the same
  id=akira            the id the site gives it
  url=https://…       its page; with theme=… if no source knows the site
  source=demo         the site to look for name or id at
  theme=mangareader   the markup of the site at url
  update=all          every series of the library again; also one of them, or @list.txt
Which of it:
  chapters=1-5,10.5   numbers and ranges; 20- and latest:3 too
How:
  bundle=auto         auto, site, chapter, pages:250, chapters:10
  formats=cbz         cbz, epub, pdf, or several: cbz,epub
  device=none         none, or a screen such as kindle-pw5, kobo-libra-2, 1072x1448;
                      its own format is made if formats= names none for it
  partial=no          yes also writes volumes with missing pages, under a name that says so
  help=yes            this text
"""

_ARGUMENTS = (
    "name", "title", "id", "url", "source", "theme", "chapters", "bundle", "formats", "device",
    "partial", "update", "help",
)  # fmt: skip


_DEFAULTS = {"bundle": "auto", "formats": "cbz", "device": "none"}


@dataclass(frozen=True, slots=True)
class Choices:
    """How a series is made into volumes; the ledger keeps them from run to run."""

    bundle: Bundle
    formats: tuple[str, ...]
    device: str

    def shelf(self, form: str) -> str:
        """The folder, below the output folder, that holds the series' volumes of a format."""
        if form == "cbz":
            return "library"
        return f"devices/{self.device if self.device != 'none' else ORIGINAL}"

    def as_facts(self) -> dict[str, str]:
        """The choices as the user would type them."""
        return {
            "bundle": str(self.bundle),
            "formats": ",".join(self.formats),
            "device": self.device,
        }


@dataclass(frozen=True, slots=True)
class Target:
    """One series at one source, and what is wanted of it.

    ``series_id`` is None when only ``url`` is known. ``chosen`` holds the choices the user made
    now, as typed; the rest is as the ledger has it, or the default. ``keeps_pages`` tells that
    pages keep files of their own beside the CBZs. ``notices`` are lines for the user.
    """

    source: Source
    series_id: str | None
    url: str | None
    asked_for: str
    selection: Selection | None
    chosen: Mapping[str, str]
    wants_partial: bool
    style: Style
    keeps_pages: bool
    notices: tuple[str, ...] = ()
    is_update: bool = False
    """Whether the chapters asked for before are meant, where none are named now."""

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
        source = _source(given, settings, notices)
        series_id, url, asked_for = _series(given, source)
        chapters = given.get("chapters")
        chosen = {name: given[name] for name in _DEFAULTS if name in given}
        choices_of(chosen, {})
        return cls(
            source=source,
            series_id=series_id,
            url=url,
            asked_for=asked_for,
            selection=Selection.parse(chapters) if chapters else None,
            chosen=chosen,
            wants_partial=_yes_or_no("partial", given.get("partial", "no")),
            style=Style.parse(settings),
            keeps_pages=settings.getbool("MANGA_KEEP_PAGES"),
            notices=tuple(notices),
        )

    @property
    def hosts(self) -> set[str]:
        """The hosts that the user named by choosing this: they alone may be private."""
        urls = (self.source.base_url, self.url or "")
        return {urlsplit(url).hostname or "" for url in urls}

    @classmethod
    def again(
        cls,
        series: Series,
        facts: Mapping[str, str],
        arguments: Mapping[str, str],
        settings: BaseSettings,
    ) -> Self:
        """The target that a series' ledger remembers; raises ArgumentError.

        `arguments` may change how it is made into volumes, and which chapters are wanted.
        """
        load_sources(settings.getlist("MANGA_SOURCE_MODULES"))
        theme = facts.get("theme")
        source = (
            _open(source_named(facts["source"]))
            if not theme
            else theme_named(theme)(facts.get("base_url"))
        )
        found = cls.parse({"url": series.url, **arguments}, settings)
        kept = facts.get("url")
        return replace(
            found,
            source=source,
            series_id=series.id,
            url=urljoin(source.base_url, kept) if kept else None,
            asked_for=series.title,
            notices=(),
            is_update=True,
        )

    def as_facts(self) -> dict[str, str]:
        """What `again` needs to know of a series; the address is relative to where its site is."""
        root = self.source.base_url
        is_theme = not type(self.source).base_url
        return {
            "source": self.source.key,
            "theme": self.source.id if is_theme else "",
            "base_url": root if is_theme else "",
            "url": (self.url or "").removeprefix(root),
        }

    @property
    def key(self) -> str:
        """What most likely names the series' ledger."""
        return self.source.series_key(self.series_id or self.source.series_id(self.url or ""))

    def unknown(self, links: Iterable[SeriesLink]) -> str:
        """What to say when the source has no such series; `links` are those it has."""
        names = {slug(name): link.id for link in links for name in (link.id, link.title)}
        near = [names[name] for name in get_close_matches(slug(self.asked_for), names, 5, 0.5)]
        found = f"; nearest: {', '.join(dict.fromkeys(near))}" if near else ""
        hint = '; to name a real site see README, "Sources"' if self.source.id == "demo" else ""
        return f"{self.source.key} has no series {self.asked_for!r}{found}{hint}"

    def remembered(self, facts: Mapping[str, str]) -> dict[str, str]:
        """The choices that are as an earlier run made them, where that is not the default."""
        return {
            name: facts[name]
            for name, default in _DEFAULTS.items()
            if name not in self.chosen and facts.get(name, default) != default
        }

    def choices(self, facts: Mapping[str, str]) -> Choices:
        """The choices of this run: made now, else made before, else the default."""
        return choices_of(self.chosen, facts)


def choices_of(chosen: Mapping[str, str], facts: Mapping[str, str]) -> Choices:
    """Join the user's choices with those of earlier runs; raises ArgumentError."""
    values = {
        name: chosen.get(name) or facts.get(name) or default for name, default in _DEFAULTS.items()
    }
    device = device_named(values["device"])
    if device and "formats" not in chosen and "device" in chosen and values["formats"] == "cbz":
        values["formats"] = device.form  # a CBZ is for any screen: without this nothing is for it
    return Choices(Bundle.parse(values["bundle"]), _formats(values["formats"]), values["device"])


def _source(given: Mapping[str, str], settings: BaseSettings, notices: list[str]) -> Source:
    url = given.get("url")
    if url:
        return _source_of_url(url, given, notices)
    if "theme" in given:
        raise ArgumentError(f"theme={given['theme']} needs url=, the page of a series")
    if "source" in given:
        return _open(source_named(given["source"]))
    default = settings["MANGA_DEFAULT_SOURCE"]
    if default == "demo":
        notices.append(
            'no site named: crawling the built-in demo site (real sites: README, "Sources")'
        )
    return _open(source_named(default))


def _source_of_url(url: str, given: Mapping[str, str], notices: list[str]) -> Source:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ArgumentError(f"url={url}: only http:// and https:// addresses can be crawled")
    if parts.username or parts.password:
        raise ArgumentError("url= holds a password, and arguments are logged: leave it out")
    if "source" in given:
        return _open(source_named(given["source"]))
    known = source_of_host(parts.hostname)
    if known and "theme" not in given:
        return _open(known)
    theme = given.get("theme", DEFAULT_THEME)
    if "theme" not in given:
        notices.append(f"no source knows {parts.netloc}: reading it as theme={theme}")
    return theme_named(theme)(f"{parts.scheme}://{parts.netloc}")


def _open(source: type[Source]) -> Source:
    if source.closed:
        raise ArgumentError(
            f"{source.base_url} closed in {source.closed}; "
            f"a site with its markup: url=https://… theme={source.id}"
        )
    return source()


def _series(given: Mapping[str, str], source: Source) -> tuple[str | None, str | None, str]:
    names = {given[key] for key in ("name", "title") if key in given}
    ways = [key for key in ("id", "url") if key in given] + ["name"] * bool(names)
    if len(names) > 1 or len(ways) != 1:
        raise ArgumentError("say which series: name=… or id=… or url=…, one of them")
    if "url" in given:
        return None, given["url"], given["url"]
    if "id" in given:
        return given["id"], None, given["id"]
    (name,) = names
    return source.id_from_name(name), None, name


def _formats(text: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(text.replace(" ", "").split(",")))
    for each in formats:
        if each not in FORMATS:
            raise ArgumentError(f"formats={text}: use one or more of {', '.join(FORMATS)}")
    return formats


def _yes_or_no(name: str, value: str) -> bool:
    if value not in {"yes", "no"}:
        raise ArgumentError(f"{name}={value}: say yes or no")
    return value == "yes"
