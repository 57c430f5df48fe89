"""The plainest theme, for sites that a test makes up: a module for MANGA_SOURCE_MODULES."""

from dataclasses import replace

from mangacrawl.source import Chapter, Page, Request, Series, Source, text

INDEX = '<h1>Strip</h1><a class="chapter" href="/strip/1">1</a>'


def reader(*images: str) -> str:
    """The page of a chapter with these images."""
    return "".join(f'<img src="{image}">' for image in images)


class Plain(Source):
    id = "plain"

    def parse_series(self, response):
        return Series(self.series_id(response.url), text(response, "h1"), response.url)

    def parse_chapters(self, response):
        for link in response.css("a.chapter"):
            url = response.urljoin(link.attrib["href"])
            yield Chapter(link.attrib["href"], url, link.css("::text").get())

    def parse_pages(self, response, chapter):
        for image in response.css("img"):
            yield Page(image_url=response.urljoin(image.attrib["src"]))


class Private(Plain):
    """A site that one logs in to: each request for a chapter carries what must not get out."""

    id = "private"

    def pages_request(self, chapter):
        secrets = {"Authorization": "Bearer hush-hush"}
        return Request(chapter.url, headers=secrets, cookies={"session": "hush-hush"})

    def parse_pages(self, response, chapter):
        for page in super().parse_pages(response, chapter):
            yield replace(page, url=response.url)
