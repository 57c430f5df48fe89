"""Sources whose pages are empty without their scripts: a module for MANGA_SOURCE_MODULES."""

from mangacrawl.source import Request, in_browser
from mangacrawl.themes.mangareader import MangaReader
from tests.plain import Plain


class Scripted(Plain):
    """All of its pages need a browser."""

    id = "scripted"
    needs_browser = True


class HalfScripted(Plain):
    """Only its chapters need one, until there is an image."""

    id = "halfscripted"

    def pages_request(self, chapter):
        return in_browser(Request(chapter.url), until="img")


class Shown(MangaReader):
    """A site that would not need a browser, and gets one."""

    id = "shown"
    needs_browser = True
