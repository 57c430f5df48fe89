"""Which of the series that a search found a name means."""

from collections.abc import Sequence
from difflib import get_close_matches

from mangacrawl.errors import Ambiguous, NotFound
from mangacrawl.records import SeriesLink
from mangacrawl.safe import visible
from mangacrawl.source import slug

_MOST = 20
"""Series that are named one by one."""

_LIKENESS = 0.5
"""difflib's ratio from which a title is like what was typed."""


def found_by_name(
    links: Sequence[SeriesLink], name: str, *, unless: str | None = None
) -> SeriesLink:
    """The series with exactly this title, or the only one whose title has all its words.

    `unless` is an id that was tried and is not there: then only an exact title will do. Raises
    NotFound, its text what there is, and Ambiguous with the list of those that fit.
    """
    distinct = list({link.id: link for link in links}.values())
    same = [link for link in distinct if is_exact(link, name)]
    alike = [link for link in distinct if _has_words(link, name)]
    fitting = [link for link in same or ([] if unless else alike) if link.id != unless]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise NotFound(nearest(distinct, name))
    lines = [f"  id={visible(link.id)}  {visible(link.title)}" for link in fitting[:_MOST]]
    if len(fitting) > _MOST:
        lines.append(f"  and {len(fitting) - _MOST} more")
    raise Ambiguous(
        f"{len(fitting)} series have that name; say which with id= or url=", tuple(lines)
    )


def alike(links: Sequence[SeriesLink], query: str) -> list[SeriesLink]:
    """The series whose title has all words of the query; where none has, those spelled like it."""
    distinct = list({link.id: link for link in links}.values())
    ids = {slug(title): link.id for link in distinct for title in _titles(link)}
    near = {ids[key] for key in get_close_matches(slug(query), ids, 5, _LIKENESS)}
    fitting = [link for link in distinct if _has_words(link, query)]
    return fitting or [link for link in distinct if link.id in near]


def is_exact(link: SeriesLink, name: str) -> bool:
    """Whether a series has this very title, case and punctuation aside."""
    return slug(name) in map(slug, _titles(link))


def nearest(links: Sequence[SeriesLink], name: str) -> str:
    """What to say when there is no such series."""
    ids = {slug(title): link.id for link in links for title in (link.id, *_titles(link))}
    near = [ids[key] for key in get_close_matches(slug(name), ids, 5, _LIKENESS)]
    return f"no series {name!r}" + (f"; nearest: {', '.join(dict.fromkeys(near))}" if near else "")


def _titles(link: SeriesLink) -> tuple[str, ...]:
    return (link.title, *link.alternative_titles)


def _has_words(link: SeriesLink, name: str) -> bool:
    words = set(slug(name).split("-"))
    return any(words <= set(slug(title).split("-")) for title in _titles(link))
