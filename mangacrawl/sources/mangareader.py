"""MangaReader.net, the site the seed of this project was written for; it closed in 2021."""

from mangacrawl.themes import mangareader


class MangaReader(mangareader.MangaReader):
    id = "mangareader"
    base_url = "https://www.mangareader.net"
    closed = "2021"
