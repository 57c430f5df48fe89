"""Sources beyond the reader page, crawled from a server of fixed answers."""

import json
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

from tests.conftest import Crawler, run_crawl, run_scrapy
from tests.fixed import PLAIN, Answer, picture, serving, strip


def comic(last: int) -> dict[str, Answer]:
    """A webcomic of so many posts; its second storyline begins with the fourth."""
    answers = {}
    for number in range(1, last + 1):
        storyline = "One" if number < 4 else "Two"
        following = f'<a class="comic-nav-next" href="/comic/{number + 1}">on</a>'
        first = '<a class="comic-nav-first" href="/comic/1">first</a>' if number > 1 else ""
        page = (
            f'<div id="comic"><img src="/img/{number}.png"></div>{first}'
            f"{following if number < last else ''}"
            f'<div class="comic-chapter"><a href="/s">{storyline}</a></div>'
        )
        answers[f"/comic/{number}"] = Answer(page.encode(), headers={"Content-Type": "text/html"})
        answers[f"/img/{number}.png"] = Answer(picture(number * 9))
    return answers


def test_a_webcomic_is_walked_to_its_end_and_later_on_from_there(output: Path):
    with serving(comic(5)) as site:
        done = run_crawl(output, url=f"{site.url}/comic/2")
        assert done.exit_code == 0, done.stderr
        chapters = [(item["chapter_title"], item["page"]) for item in done.items()]
        assert sorted(chapters) == [("One", 1), ("One", 2), ("One", 3), ("Two", 1), ("Two", 2)]
        site.answers = comic(6)
        site.asked.clear()
        again = run_crawl(output, url=f"{site.url}/comic/2")
    assert [item["status"] for item in again.items()].count("fetched") == 1
    asked = [path for path in site.paths() if path.startswith(("/comic", "/img"))]
    assert asked == ["/comic/2", "/comic/1", "/comic/5", "/comic/6", "/img/6.png"]


def test_a_list_in_cubaris_format_is_read_wherever_it_is(output: Path):
    images = {f"/{n}.png": Answer(picture(n)) for n in (1, 2)}
    with serving(images) as site:
        pages = [f"{site.url}/1.png", {"src": f"{site.url}/2.png"}]
        chapters = {"1": {"title": "First", "volume": "", "groups": {"A": pages}}}
        series = {"title": "Moon", "description": "", "chapters": chapters}
        listed = Answer(json.dumps(series).encode(), headers={"Content-Type": "text/plain"})
        site.answers = {**images, "/moon.json": listed}
        done = run_crawl(output, url=f"{site.url}/moon.json")
    assert done.exit_code == 0, done.stderr
    assert [(item["group"], item["status"]) for item in done.items()] == [("A", "fetched")] * 2


def test_a_list_on_this_computer_is_read_without_a_request_for_it(output: Path, tmp_path: Path):
    with serving({"/1.png": Answer(picture())}) as site:
        chapters = {"1": {"title": "First", "groups": {"A": [f"{site.url}/1.png"]}}}
        file = tmp_path / "moon.json"
        file.write_text(json.dumps({"title": "Moon", "description": "", "chapters": chapters}))
        private = ("-s", "MANGA_PRIVATE_HOSTS=127.0.0.1")
        done = run_crawl(output, *private, file=str(file))
    assert done.exit_code == 0, done.stderr
    assert [item["status"] for item in done.items()] == ["fetched"]


def test_the_sources_are_listed_for_scripts():
    rows = json.loads(run_scrapy("sources", "--json").stdout)
    assert {row["id"]: row["tested"] for row in rows}["mangadex"] == "recorded (2025)"


def test_a_page_shown_twice_is_fetched_once_and_stands_in_each_of_its_places(crawl: Crawler):
    same = Answer(picture(5))
    images = ("/1.png", "/2.png", "/1.png", "/3.png", "/1.png")
    answers = {"/1.png": same, "/2.png": Answer(picture(9)), "/3.png": same}
    with serving(strip(*images) | answers) as site:
        first, again = (crawl(*PLAIN, url=f"{site.url}/strip", theme="plain") for _ in range(2))
        asked = Counter(site.paths())
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert [asked[f"/{number}.png"] for number in (1, 2, 3)] == [1, 1, 1]
    (volume,) = first.output.rglob("*.cbz")
    with ZipFile(volume) as archive:
        bodies = [archive.read(name) for name in archive.namelist() if name.endswith(".png")]
    assert bodies == [answers[image].body for image in images]
