"""The built-in demo site, a child process of the crawl: drawn samples in MangaReader's markup."""

from mangacrawl.themes.mangareader import MangaReader


class Demo(MangaReader):
    id = "demo"
    base_url = "http://demo.invalid"  # where the child listens is known when it has started
    tested = "live (it is part of this program)"
