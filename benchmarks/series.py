"""The series of the benchmark site: which chapters and pages it has, where, and in what markup."""

from collections.abc import Iterator
from dataclasses import dataclass

SLUG = "akira"
TITLE = "Akira"
SECOND = "akira-2"
"""Another series with the same chapters and pictures, for a second job on one site."""


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the series: both numbers count from 1."""

    chapter: int
    page: int


@dataclass(frozen=True, slots=True)
class Series:
    """So many pages, spread evenly over so many chapters."""

    pages: int
    chapters: int

    @property
    def requests(self) -> int:
        """What a crawl asks for: robots.txt, the index, and for each page its HTML and picture."""
        return 2 + 2 * self.pages

    def pages_of(self, chapter: int) -> int:
        """How many pages a chapter has; the first ones take what is left over."""
        each, left = divmod(self.pages, self.chapters)
        return each + (chapter <= left)

    def places(self) -> Iterator[Place]:
        """All pages in reading order."""
        for chapter in range(1, self.chapters + 1):
            for page in range(1, self.pages_of(chapter) + 1):
                yield Place(chapter, page)

    def paths(self) -> Iterator[str]:
        """The paths of all reader pages and pictures, for clients that cannot find them."""
        for place in self.places():
            yield reader_path(place)
            yield image_path(place)


def reader_path(place: Place) -> str:
    """The page that shows a page."""
    path = f"/{SLUG}/{place.chapter}"
    return path if place.page == 1 else f"{path}/{place.page}"


def image_path(place: Place) -> str:
    """The picture of a page."""
    return f"/{SLUG}/{place.chapter}/{SLUG}-{place.page:04}.jpg"


def index(series: Series) -> str:
    """The page of the series: its properties and its chapters."""
    rows = "\n".join(
        f'<tr><td><div class="chico_manga"></div><a href="/{SLUG}/{chapter}">{TITLE} {chapter}</a>'
        f" : Part {chapter}</td><td>07/03/2009</td></tr>"
        for chapter in range(1, series.chapters + 1)
    )
    return _INDEX.format(title=TITLE, rows=rows)


def reader(series: Series, place: Place, root: str) -> str:
    """The page that shows a page; `root` makes its picture's path a URL."""
    last = series.pages_of(place.chapter)
    options = "\n".join(
        f'<option value="{reader_path(Place(place.chapter, page))}"'
        f"{_SELECTED if page == place.page else ''}>{page}</option>"
        for page in range(1, last + 1)
    )
    return _READER.format(
        label=f"{TITLE} {place.chapter}",
        page=place.page,
        options=options,
        last=last,
        image=root + image_path(place),
        script=_SCRIPT,
        related=_RELATED,
    )


_SELECTED = ' selected="selected"'

# The pages that were recorded from 2014 to 2016 have about 12 kB, most of it script and links.
_SCRIPT = "\n".join(
    f"    document['k{key}'] = function () {{ return {key}; }};" for key in range(80)
)
_RELATED = "\n".join(
    f'<li><a href="/series-{number}" title="Series {number} Manga">Series {number} Manga</a></li>'
    for number in range(60)
)

_INDEX = """\
<!DOCTYPE html>
<html><head><title>{title} Manga - Read {title} Online</title></head><body>
<div id="mangaproperties"><h1>{title} Manga</h1><table>
<tr><td class="propertytitle">Name:</td><td><h2 class="aname"> {title} </h2></td></tr>
<tr><td class="propertytitle">Status:</td><td>Completed</td></tr>
<tr><td class="propertytitle">Reading Direction:</td><td>Right to Left</td></tr>
</table></div>
<div id="chapterlist"><table id="listing">
<tr class="table_head"><th class="leftgap">Chapter Name</th><th>Date Added</th></tr>
{rows}
</table></div>
</body></html>
"""

_READER = """\
<!DOCTYPE html>
<html><head><title>{label} - Read {label} Online - Page {page}</title>
<script type="text/javascript">
{script}
</script></head><body>
<div id="selectpage"><select id="pageMenu" name="pageMenu">{options}
</select> of {last}</div>
<div id="imgholder"><img id="img" width="900" height="1300" src="{image}" \
alt="{label} - Page {page}" name="img" /></div>
<div id="related"><ul>
{related}
</ul></div>
</body></html>
"""
