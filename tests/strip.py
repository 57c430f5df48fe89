"""The plainest theme, for sites that a test makes up: a module for MANGA_SOURCE_MODULES."""

from mangacrawl.source import Chapter, Page, Series, Source, text

INDEX = '<h1>Strip</h1><a class="chapter" href="/strip/1">1</a>'


def reader(*images: str) -> str:
    """The page of a chapter with these images."""
    return "".join(f'<img src="{image}">' for image in images)


class Strip(Source):
    id = "strip"

    def parse_series(self, response):
        return Series(self.series_id(response.url), text(response, "h1"), response.url)

    def parse_chapters(self, response):
        for link in response.css("a.chapter"):
            url = response.urljoin(link.attrib["href"])
            yield Chapter(id=link.attrib["href"], url=url, number="1")

    def parse_pages(self, response, chapter):
        for image in response.css("img"):
            yield Page(image_url=response.urljoin(image.attrib["src"]))
