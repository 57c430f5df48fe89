"""Turns the catalogue into the demo site's HTML."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import groupby

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from mangacrawl.demo import addresses, templates
from mangacrawl.demo.catalogue import Chapter, Page, Series, catalogue


def home() -> str:
    """A page for people who look at the site in a browser."""
    return _render("home", catalogue=catalogue().values())


def index(series: Series, root: str) -> str:
    """The page of a series; `root` is what makes a path a URL of this site."""
    chapters = series.oldest_first
    return _render(
        "index", series=series, chapters=chapters, properties=_properties(series), root=root
    )


def reader(
    series: Series, chapter: Chapter, page: Page, root: str, *, image: str, next_image: str
) -> str:
    """The page that shows a page of a chapter; the images' URLs are the caller's choice."""
    return _render(
        "reader",
        series=series,
        chapter=chapter,
        page=page,
        root=root,
        image=image,
        next_image=next_image,
        next_path=_next_path(series, chapter, page),
        previous_path=_previous_path(series, chapter, page),
        others=_others(series),
    )


def not_released(series: Series, number: str, root: str) -> str:
    """What the site shows in place of a chapter that it does not have: a page full of covers."""
    return _render("not_released", series=series, number=number, root=root, others=_others(series))


def alphabetical() -> str:
    """The list of all series under their first letters."""
    by_title = sorted(catalogue().values(), key=lambda series: series.title)
    groups = [(letter, list(some)) for letter, some in groupby(by_title, lambda one: one.title[0])]
    return _render("alphabetical", groups=groups)


def results(query: str, root: str) -> str:
    """The series whose titles contain the query; none for an empty one."""
    wanted = query.strip().casefold()
    found = [each for each in catalogue().values() if wanted and wanted in each.title.casefold()]
    return _render("results", query=query, found=found, root=root)


def problem(status: int) -> str:
    """The page that comes with an HTTP error."""
    return _render("problem", status=status, reason=HTTPStatus(status).phrase)


def _next_path(series: Series, chapter: Chapter, page: Page) -> str:
    if page.number < len(chapter.pages):
        return addresses.reader_path(series, chapter, page.number + 1)
    following = series.after(chapter)
    if following:
        return addresses.reader_path(series, following)
    # The old site went on to a chapter that was "not released yet".
    return f"/{series.slug}/{int(float(chapter.number)) + 1}"


def _previous_path(series: Series, chapter: Chapter, page: Page) -> str:
    if page.number > 1:
        return addresses.reader_path(series, chapter, page.number - 1)
    before = series.before(chapter)
    return addresses.reader_path(series, before, len(before.pages)) if before else ""


def _others(series: Series) -> list[Series]:
    return [each for each in catalogue().values() if each is not series]


def _properties(series: Series) -> Iterator[tuple[str, str]]:
    yield "Name", Markup('\n<h2 class="aname"> {} </h2>\n').format(series.title)
    yield "Alternate Name", _old_text(series.alternative_titles)
    yield "Year of Release", str(series.year)
    yield "Status", series.status
    yield "Author", series.author
    yield "Artist", series.artist
    yield "Reading Direction", series.direction
    genre = Markup('<a href="/alphabetical"><span class="genretags">{}</span></a> ')
    yield "Genre", Markup().join(genre.format(name) for name in series.genres)


def _old_text(text: str) -> Markup:
    """Escape a text as the old site did: an ampersand between words stayed as it was."""
    return Markup(str(escape(text)).replace("&amp; ", "& "))  # noqa: S704  # escaped above


def _path(series: Series, chapter: Chapter | None = None, page: int = 1) -> str:
    if chapter is None:
        return addresses.series_path(series)
    return addresses.reader_path(series, chapter, page)


def _render(name: str, **values: object) -> str:
    return _ENVIRONMENT.get_template(name).render(values)


_ENVIRONMENT = Environment(
    loader=DictLoader(
        {
            "base": templates.BASE,
            "home": templates.HOME,
            "index": templates.INDEX,
            "reader": templates.READER,
            "not_released": templates.NOT_RELEASED,
            "alphabetical": templates.ALPHABETICAL,
            "results": templates.RESULTS,
            "problem": templates.PROBLEM,
        }
    ),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
_ENVIRONMENT.filters["path"] = _path
_ENVIRONMENT.filters["old_path"] = addresses.old_series_path
_ENVIRONMENT.filters["cover"] = addresses.cover_path
_ENVIRONMENT.filters["old_text"] = _old_text
