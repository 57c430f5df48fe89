"""Sites that answer as the cases of their source have it: `tests/sources/<source>/*/page.*`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.fixed import Answer, Asked, Server, picture, serving
from tests.recorded import CASES, Case

_PICTURES = (".png", ".jpg", ".gif")


@contextmanager
def playing(source: str, also: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A site that answers at the paths of the cases, and with a picture at each picture's.

    `also` names paths that are answered as another one is. The hosts of the cases are all its own.
    """
    with serving({}) as server:
        pages = _pages(source, server.url)
        pages |= {path: pages[other] for path, other in (also or {}).items()}

        def answer(asked: Asked) -> Answer:
            path = urlsplit(asked.path).path
            if path.endswith(_PICTURES):
                return Answer(picture(sum(path.encode()) % 256))
            return pages.get(path, Answer(status=404))

        server.answers = answer
        yield server


def _pages(source: str, url: str) -> dict[str, Answer]:
    cases = [Case.read(path.parent) for path in (CASES / source).glob("*/case.json")]
    hosts = {"{0.scheme}://{0.netloc}".format(urlsplit(case.url)) for case in cases}
    pages = {}
    for case in cases:
        (page,) = case.folder.glob("page.*")
        text = page.read_text(encoding="utf-8").replace(r"\/", "/")
        for host in hosts | {"https://img.example", "http://imgs.xkcd.com"}:
            text = text.replace(host, url)
        kind = "text/html" if page.suffix == ".html" else "application/json"
        answer = Answer(text.encode(), headers={"Content-Type": f"{kind}; charset=utf-8"})
        pages[urlsplit(case.url).path] = answer
    return pages
