import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
import requests
from parsel import Selector
from PIL import Image

import mangacrawl
from mangacrawl.demo.catalogue import catalogue, pictures
from mangacrawl.demo.drawing import draw_cover, draw_page
from mangacrawl.demo.levels import Levels

ROOT = Path(mangacrawl.__file__).parent.parent

needs_127_0_0_2 = pytest.mark.skipif(sys.platform == "darwin", reason="has 127.0.0.1 alone")


@contextmanager
def running(*options: str, path: Path = ROOT) -> Iterator[str]:
    """A demo site in its own process; yields its URL and ends it by closing its stdin."""
    with subprocess.Popen(
        [sys.executable, "-m", "mangacrawl.demo", "--until-stdin-closes", *options],
        env=os.environ | {"PYTHONPATH": str(path)},
        cwd=path.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdin
        yield process.stdout.readline().strip()
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with running() as url:
        yield url


@pytest.fixture
def unvisited(site: str) -> str:
    """The site with its statistics reset."""
    requests.post(f"{site}/__stats/reset", timeout=10)
    return site


def page_at(url: str) -> Selector:
    return Selector(requests.get(url, timeout=10).text)


def statistics(url: str) -> dict[str, Any]:
    report: dict[str, Any] = requests.get(f"{url}/__stats", timeout=10).json()
    return report


def volumes(counts: list[int]) -> list[list[int]]:
    grouped: list[list[int]] = [[]]
    for count in counts:
        if sum(grouped[-1]) + count > 250:
            grouped.append([])
        grouped[-1].append(count)
    return grouped


def akira_counts() -> list[int]:
    return [len(chapter.pages) for chapter in catalogue()["akira"].chapters]


# The catalogue


def test_akira_has_120_chapters_numbered_from_1():
    numbers = [chapter.number for chapter in catalogue()["akira"].chapters]
    assert numbers == [str(number) for number in range(1, 121)]


def test_akira_has_2200_pages():
    assert sum(akira_counts()) == 2200


def test_a_chapter_of_akira_has_12_to_26_pages():
    assert (min(akira_counts()), max(akira_counts())) == (12, 26)


def test_akira_fills_ten_volumes_of_at_most_250_pages():
    assert len(volumes(akira_counts())) == 10


def test_the_first_volume_of_akira_has_13_chapters_and_240_pages():
    first = volumes(akira_counts())[0]
    assert (len(first), sum(first)) == (13, 240)


def test_about_one_page_of_akira_in_forty_is_a_spread():
    spreads = [
        page for each in catalogue()["akira"].chapters for page in each.pages if page.is_wide
    ]
    assert len(spreads) == 51


def test_the_sampler_is_read_in_the_order_of_its_numbers():
    assert [each.number for each in catalogue()["sampler"].chapters] == ["1", "2", "10.5", "11"]


def test_a_chapter_of_the_sampler_has_no_title():
    assert catalogue()["sampler"].chapters[3].title == ""


def test_a_title_of_the_traps_has_300_characters():
    assert len(catalogue()["traps"].chapters[1].title) == 300


def test_no_two_pages_share_an_image():
    assert len(pictures()) == 2200 + 24 + 9


# Drawing


def test_every_start_draws_the_same_bytes():
    script = """
import hashlib
from mangacrawl.demo.catalogue import catalogue
from mangacrawl.demo.drawing import draw_cover, draw_page
digest = hashlib.sha256()
for series in catalogue().values():
    digest.update(draw_cover(series))
    for chapter in series.chapters[:2]:
        for page in chapter.pages[:6]:
            digest.update(draw_page(series, chapter, page))
print(digest.hexdigest())
"""
    digests = [
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert digests[0] == digests[1]


def test_a_page_of_akira_takes_30_to_60_kilobytes():
    akira = catalogue()["akira"]
    sizes = [
        len(draw_page(akira, chapter, page))
        for chapter in akira.chapters[::12]
        for page in chapter.pages[::4]
        if not page.is_wide
    ]
    assert 30_000 < min(sizes) <= max(sizes) < 60_000


def test_no_two_pages_of_a_chapter_look_the_same():
    akira = catalogue()["akira"]
    chapter = akira.chapters[0]
    assert len({draw_page(akira, chapter, page) for page in chapter.pages}) == 15


def test_the_sampler_has_every_kind_of_picture():
    sampler = catalogue()["sampler"]
    chapter = sampler.chapters[0]
    seen = []
    for page in chapter.pages:
        with Image.open(BytesIO(draw_page(sampler, chapter, page))) as image:
            seen.append((image.format, image.mode, image.size, "progressive" in image.info))
    assert seen == [
        ("JPEG", "L", (900, 1300), False),
        ("JPEG", "L", (900, 1300), True),
        ("PNG", "L", (900, 1300), False),
        ("WEBP", "RGB", (900, 1300), False),
        ("JPEG", "RGB", (900, 1300), False),
        ("JPEG", "L", (1800, 1300), False),
    ]


def test_a_hostile_title_is_drawn_without_trouble():
    with Image.open(BytesIO(draw_cover(catalogue()["traps"]))) as image:
        assert image.size == (680, 960)


# Pages


def test_the_index_names_the_series(site):
    assert page_at(f"{site}/akira").css("#mangaproperties h1::text").get() == "Akira (demo) Manga"


def test_the_old_address_of_a_series_shows_the_same_index(site):
    old, new = requests.get(f"{site}/93/akira.html", timeout=10), f"{site}/akira"
    assert old.text == requests.get(new, timeout=10).text


def test_the_first_half_of_akira_has_old_addresses(site):
    links = page_at(f"{site}/akira").css("#listing a::attr(href)").getall()
    assert (links[0], links[59], links[60], links[119]) == (
        "/93-1-1/akira/chapter-1.html",
        "/93-65-1/akira/chapter-60.html",
        "/akira/61",
        "/akira/120",
    )


def test_the_latest_chapters_repeat_the_newest_six_in_reverse(site):
    links = page_at(f"{site}/akira").css("#latestchapters a::attr(href)").getall()
    assert links == [f"/akira/{number}" for number in (120, 119, 118, 117, 116, 115)]


def test_the_index_lists_what_was_added_first_before_what_comes_first(site):
    links = page_at(f"{site}/sampler").css("#listing a::attr(href)").getall()
    assert links == ["/sampler/1", "/sampler/2", "/sampler/11", "/sampler/10.5"]


def test_an_empty_title_leaves_the_colon(site):
    row = page_at(f"{site}/sampler").css("#listing tr")[3]
    assert "".join(row.css("td:first-child ::text").getall()).strip("\n") == "Sampler (demo) 11 : "


def test_an_ampersand_stands_unescaped_as_on_the_old_site(site):
    assert "salt & pepper" in requests.get(f"{site}/traps", timeout=10).text


def test_a_title_cannot_bring_a_script(site):
    assert page_at(f"{site}/traps").css("script, #listing b").getall() == []


def test_a_hostile_title_can_be_read_back(site):
    assert page_at(f"{site}/traps").css("h2.aname::text").get("").strip() == (
        "../../Ev*il: <b>\"Traps\" & 'more'</b>?\u202e (demo)."
    )


def test_the_page_menu_of_an_old_address_has_old_addresses(site):
    page = page_at(f"{site}/93-1-2/akira/chapter-1.html")
    assert page.css("#pageMenu option::attr(value)").getall()[:2] == [
        "/93-1-1/akira/chapter-1.html",
        "/93-1-2/akira/chapter-1.html",
    ]


def test_the_reader_says_how_many_pages_there_are(site):
    page = page_at(f"{site}/akira/61")
    assert page.css("#selectpage::text").getall()[-1].strip() == "of 13"


def test_page_1_has_a_second_address(site):
    assert page_at(f"{site}/akira/61/1").css("#img::attr(src)").get() == (
        page_at(f"{site}/akira/61").css("#img::attr(src)").get()
    )


def test_the_image_says_which_page_it_is(site):
    page = page_at(f"{site}/sampler/10.5/2")
    assert page.css("img#img::attr(alt)").get() == "Sampler (demo) 10.5 - Page 2"


def test_the_last_page_leads_into_the_next_chapter(site):
    page = page_at(f"{site}/93-65-16/akira/chapter-60.html")
    assert page.css("#imgholder > a::attr(href)").get() == "/akira/61"


def test_the_first_page_leads_back_to_the_end_of_the_chapter_before(site):
    script = page_at(f"{site}/sampler/11").css("script::text").get("")
    assert "document['pl'] = '/sampler/10.5/6';" in script


def test_the_script_names_the_image_of_the_next_page(site):
    script = page_at(f"{site}/sampler/1/2").css("script::text").get("")
    assert f"document['pu'] = '{site}/sampler/1/sampler-2600005.png';" in script


def test_a_spread_is_shown_smaller_than_it_is(site):
    image = page_at(f"{site}/sampler/1/6").css("#zoomer ~ a > img")
    assert (image.attrib["width"], image.attrib["height"]) == ("800", "578")


@pytest.mark.parametrize("path", ["/akira/121", "/traps/4", "/sampler/12/3"])
def test_a_chapter_that_is_not_released_is_a_page_full_of_covers(site, path):
    response = requests.get(f"{site}{path}", timeout=10)
    page = Selector(response.text)
    assert response.status_code == 200
    assert "is not released yet" in response.text
    assert page.css("#pageMenu, img#img").getall() == []
    assert len(page.css("#imgholder a img[src*='/cover/']")) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/naruto",
        "/naruto/1",
        "/akira/1/16",
        "/akira/1/akira-1.jpg",
        "/a/b/c/d",
        "/%00",
        pytest.param(f"/akira/1/{'9' * 5000}", id="a page number of 5000 digits"),
    ],
)
def test_what_is_not_there_is_a_404(site, path):
    assert requests.get(f"{site}{path}", timeout=10).status_code == 404


def test_the_list_names_every_series_once(site):
    links = page_at(f"{site}/alphabetical").css("ul.series_alpha li a::attr(href)").getall()
    assert links == ["/traps", "/akira", "/sampler"]


def test_a_search_finds_a_part_of_a_title(site):
    page = page_at(f"{site}/search/?w=KIR")
    assert page.css(".mangaresultitem .manga_name h3 a::attr(href)").getall() == ["/akira"]


def test_a_search_for_nothing_finds_nothing(site):
    page = page_at(f"{site}/search/?w=")
    assert (len(page.css("#mangaresults")), len(page.css(".mangaresultitem"))) == (1, 0)


def test_robots_may_read_all_but_the_actions(site):
    assert requests.get(f"{site}/robots.txt", timeout=10).text == (
        "User-agent: *\nDisallow: /actions/\n"
    )


def test_the_home_page_links_to_every_series(site):
    links = page_at(f"{site}/").css(".series > a:last-of-type::attr(href)").getall()
    assert links == ["/akira", "/sampler", "/traps"]


# Images


def test_an_image_is_the_drawing_of_its_page(site):
    source = page_at(f"{site}/akira/61/2").css("img#img::attr(src)").get("")
    akira = catalogue()["akira"]
    drawing = draw_page(akira, akira.chapters[60], akira.chapters[60].pages[1])
    assert requests.get(source, timeout=10).content == drawing


def test_one_png_is_served_as_a_jpeg(site):
    response = requests.get(f"{site}/sampler/2/sampler-2600105.jpg", timeout=10)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.content.startswith(b"\x89PNG")


def test_a_cover_is_a_jpeg(site):
    response = requests.get(f"{site}/cover/akira/akira-l0.jpg", timeout=10)
    assert response.content.startswith(b"\xff\xd8")


# Knobs


def test_above_the_limit_there_are_503s():
    options = ("--limit", "2", "--latency", "0.7", "--retry-after", "7")
    with running(*options) as url, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: requests.get(f"{url}/akira", timeout=10), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503, 503, 503]
    assert {answer.headers.get("Retry-After") for answer in answers} == {None, "7"}


def test_a_503_names_no_time_unless_told_to():
    with running("--limit", "0") as url:
        answer = requests.get(f"{url}/akira", timeout=10)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, None)


def test_an_error_comes_at_the_first_attempt_only():
    with running("--error-rate", "1") as url:
        codes = [requests.get(f"{url}/akira/61", timeout=10).status_code for _ in range(3)]
    assert codes == [500, 200, 200]


def test_an_answer_waits_for_the_latency():
    with running("--latency", "0.2") as url:
        requests.get(f"{url}/robots.txt", timeout=10)
        assert statistics(url)["span"] >= 0.199


@needs_127_0_0_2
def test_image_urls_rotate_over_the_hosts():
    with running("--image-hosts", "3") as url:
        found = [page_at(f"{url}/akira/61").css("#img::attr(src)").get() for _ in range(4)]
    hosts = [urlsplit(each).hostname for each in found]
    assert hosts == ["127.0.0.1", "localhost", "127.0.0.2", "127.0.0.1"]


@needs_127_0_0_2
def test_every_image_host_answers():
    with running("--image-hosts", "3") as url:
        elsewhere = url.replace("127.0.0.1", "127.0.0.2")
        assert requests.get(f"{elsewhere}/robots.txt", timeout=10).status_code == 200


def test_images_can_be_elsewhere():
    with running("--redirect-images") as url:
        response = requests.get(f"{url}/akira/1/akira-1564773.jpg", timeout=10)
    assert [each.status_code for each in (*response.history, response)] == [302, 200]
    assert urlsplit(response.url).hostname == "localhost"


def test_a_port_that_is_taken_ends_the_program_with_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "mangacrawl.demo", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr == f"mangacrawl.demo: cannot listen: 127.0.0.1:{port}\n"


# Life and death


def test_it_runs_from_a_zip_file(tmp_path):
    archive = tmp_path / "mangacrawl.zip"
    with ZipFile(archive, "w") as packed:
        for file in [ROOT / "mangacrawl/__init__.py", *(ROOT / "mangacrawl/demo").glob("*.py")]:
            packed.write(file, file.relative_to(ROOT))
    with running(path=archive) as url:
        assert requests.get(f"{url}/akira/1", timeout=10).status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_it_ends_when_its_parent_is_killed():
    script = (
        "import subprocess, sys;"
        "command = [sys.executable, '-m', 'mangacrawl.demo', '--until-stdin-closes'];"
        "subprocess.Popen(command, stdin=subprocess.PIPE).wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        address = urlsplit(parent.stdout.readline().strip())
        with socket.create_connection((str(address.hostname), int(address.port or 0)), 10) as line:
            parent.kill()
            assert line.recv(1) == b""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGTERM")
def test_it_ends_on_a_signal():
    with subprocess.Popen(
        [sys.executable, "-m", "mangacrawl.demo"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_ctrl_c_leaves_it_to_its_parent():
    command = [sys.executable, "-m", "mangacrawl.demo", "--until-stdin-closes"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        assert requests.get(f"{url}/robots.txt", timeout=10).status_code == 200


# Statistics


def test_requests_are_counted_by_kind(unvisited):
    for path in ("/robots.txt", "/akira", "/akira/1", "/sampler/1/sampler-2600001.jpg", "/"):
        requests.get(unvisited + path, timeout=10)
    counted = statistics(unvisited)["requests"]
    assert counted == {"robots": 1, "index": 1, "reader": 1, "image": 1, "other": 1}


def test_the_paths_are_kept_in_order(unvisited):
    for path in ("/robots.txt", "/search/?w=a", "/nothing/here"):
        requests.get(unvisited + path, timeout=10)
    assert statistics(unvisited)["paths"] == ["/robots.txt", "/search/?w=a", "/nothing/here"]


def test_responses_are_counted_by_status(unvisited):
    for path in ("/akira", "/akira/1", "/nothing/here"):
        requests.get(unvisited + path, timeout=10)
    assert statistics(unvisited)["responses"] == {"200": 2, "404": 1}


def test_requests_one_after_the_other_are_never_in_flight_together(unvisited):
    for _ in range(100):
        requests.get(f"{unvisited}/robots.txt", timeout=10)
    assert statistics(unvisited)["peak_in_flight"] == 1


def test_requests_at_once_are_in_flight_together():
    with running("--latency", "0.5") as url:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: requests.get(f"{url}/akira", timeout=10), range(8)))
        report = statistics(url)
    assert (report["in_flight"], report["peak_in_flight"]) == (0, 8)


def test_a_connection_that_is_kept_counts_once():
    with running() as url:
        with requests.Session() as session:
            for _ in range(3):
                assert session.get(f"{url}/robots.txt", timeout=10).ok
        assert statistics(url)["connections"] == {"opened": 1, "peak_open": 1}


def test_a_reset_forgets_what_was(site):
    requests.get(f"{site}/akira", timeout=10)
    requests.post(f"{site}/__stats/reset", timeout=10)
    report = statistics(site)
    assert (report["responses"], report["paths"], report["span"]) == ({}, [], 0)


def test_a_mean_is_weighted_by_time():
    levels = Levels(0, 0)
    levels.change(1, 10)
    levels.change(4, 2)
    assert levels.mean(0, 5) == 6.4


def test_a_percentile_is_the_level_below_which_little_time_was_spent():
    levels = Levels(0, 50)
    levels.change(8, 3)
    levels.change(10, 0)
    assert levels.percentile(0.1, 0, 10) == 3


def test_levels_that_are_thinned_keep_their_mean():
    levels = Levels(0, 0)
    for second in range(1, 250_001):
        levels.change(second, second % 2)
    assert levels.mean(0, 250_000) == 0.5
