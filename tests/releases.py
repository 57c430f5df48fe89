"""A theme whose list says versions and dates: a module for MANGA_SOURCE_MODULES."""

from datetime import date

from mangacrawl.source import Chapter, Request
from tests.fixed import Answer, picture
from tests.plain import Plain, reader

HTML = {"Content-Type": "text/html"}


class Releases(Plain):
    id = "releases"

    def parse_chapters(self, response):
        for link in response.css("a.chapter"):
            attributes = link.attrib
            yield Chapter(
                id=attributes["id"],
                url=response.urljoin(attributes["href"]),
                number=attributes["number"],
                volume=attributes.get("volume"),
                version=int(attributes["version"]),
                released=date.fromisoformat(attributes["released"]),
            )


class Paged(Releases):
    """The same, but the series' page does not list its chapters, two other pages do."""

    id = "paged"

    def chapters_request(self, series):
        return Request(f"{series.url}/list")

    def parse_chapters(self, response):
        yield from super().parse_chapters(response)
        if response.css("a.next"):
            yield Request(f"{response.url}/2")


def chapter(
    number: int, id_: str | None = None, version: int = 1, released: str = "2020-01-01", **more: str
) -> str:
    values = {"id": id_ or str(number), "number": str(number), "version": str(version)}
    values |= {"href": f"/{values['id']}.{version}.{released}", "released": released} | more
    return f'<a class="chapter" {" ".join(f"{k}={v!r}" for k, v in values.items())}>x</a>'


def index(*chapters: str) -> dict[str, Answer]:
    return {"/series": Answer(f"<h1>Series</h1>{''.join(chapters)}".encode(), headers=HTML)}


def pages(path: str, *names: str) -> dict[str, Answer]:
    """A chapter with these images, each of another shade, and the images."""
    images = {f"/{name}.png": Answer(picture(sum(name.encode()) % 256)) for name in names}
    return {path: Answer(reader(*images).encode(), headers=HTML), **images}
