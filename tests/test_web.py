"""Library page, series page, reader and report, opened in a real browser as a person would."""

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser import CHROMIUM, DESKTOP, PHONE, TABLET, needs_chromium, served
from tests.conftest import Site, run_crawl
from tests.test_crawl import image

pytestmark = needs_chromium

AXE = os.environ.get("MANGACRAWL_AXE")
LOST = 2
"""Index of the page that the site does not have."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def output(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sampler, read from right to left, without its third page; traps, the other way, whole."""
    folder = tmp_path_factory.mktemp("web") / "output"
    shared_site.spoil(**{image(0, LOST): "404"})
    run_crawl(folder, url=f"{shared_site.url}/sampler")
    shared_site.spoil()
    run_crawl(folder, url=f"{shared_site.url}/traps", bundle="chapter")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def server(output: Path) -> Iterator[str]:
    with served(output) as address:
        yield address


@pytest.fixture
def root(output: Path) -> str:
    """The output folder, opened without a server."""
    return output.as_uri()


@pytest.fixture(params=["folder", "server"])
def door(request: pytest.FixtureRequest, root: str, server: str) -> str:
    """Where the output folder is opened from, one way and the other."""
    return root if request.param == "folder" else server


@pytest.fixture
def page_at(browser: Browser) -> Iterator[Open]:
    """Opens pages; in the end nothing may have been logged, and nothing asked for elsewhere."""
    told: list[str] = []
    contexts = []

    def open_page(address: str, size: Any = DESKTOP, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("dialog", lambda dialog: told.append(f"dialog {dialog.message}"))
        root = address.split("/web/", maxsplit=1)[0].removesuffix("/index.html")
        page.on("request", partial(note_elsewhere, root, told))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert told == []


def note_elsewhere(root: str, told: list[str], request: Request) -> None:
    if not request.url.startswith((root, "about:")):
        told.append(request.url)


def reader(output: Path, series: str, index: int = 0) -> str:
    """The path of a reader below the output folder."""
    paths = sorted((output / "web").glob(f"*-{series}-*/read-*.html"))
    return paths[index].relative_to(output).as_posix()


@pytest.fixture
def sampler(root: str, output: Path) -> str:
    return f"{root}/{reader(output, 'sampler')}"


@pytest.fixture
def traps(root: str, output: Path) -> str:
    return f"{root}/{reader(output, 'traps')}"


def shown(page: Page) -> list[int]:
    """The pages on the stage, counted from 1, as they stand from left to right."""
    found: list[int] = page.evaluate(
        "[...document.querySelectorAll('#stage figure')]"
        ".map((each) => [each.getBoundingClientRect().x, Number(each.dataset.page) + 1])"
        ".sort((a, b) => a[0] - b[0]).map(([, number]) => number)"
    )
    return found


def is_drawn(page: Page) -> bool:
    """Whether every picture on the stage is one."""
    drawn: bool = page.evaluate(
        "Promise.all([...document.querySelectorAll('#stage img')].map((each) => each.decode()))"
        ".then(() => true, () => false)"
    )
    return drawn


def choose(page: Page, label: str) -> None:
    page.keyboard.press("m")
    page.get_by_text(label, exact=True).click()
    page.get_by_role("button", name="Close").click()


def swipe(page: Page, start: int, end: int) -> None:
    touch = page.context.new_cdp_session(page)
    for kind, x in (("touchStart", start), ("touchMove", (start + end) // 2), ("touchMove", end)):
        points = [{"x": x, "y": 400}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_library_leads_to_every_series_file_report_and_reader(page_at: Open, door: str):
    page = page_at(f"{door}/index.html")
    cards = page.locator("#shelf > li")
    assert cards.count() == 2
    text = cards.nth(1).inner_text()
    assert "Sampler (demo)" in text
    assert "Bruno Brush" in text
    assert "Missing: ch. 1 page 3" in text
    cards.nth(0).get_by_role("link", name=re.compile("CBZ")).wait_for()
    for link in ("Read", "Report"):
        page.goto(f"{door}/index.html")
        cards.nth(1).get_by_role("link", name=link).click()
        assert "Sampler (demo)" in page.title()


def test_the_search_finds_titles_and_authors(page_at: Open, root: str):
    page = page_at(f"{root}/index.html")
    for typed, found in (("samp", 1), ("BRUSH", 1), ("demo", 2), ("nobody", 0), ("", 2)):
        page.get_by_role("searchbox").fill(typed)
        assert page.locator("#shelf > li:visible").count() == found
    assert page.get_by_role("status").is_hidden()


def test_without_javascript_the_library_is_a_list(browser: Browser, output: Path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((output / "index.html").as_uri())
    assert page.locator("#shelf > li:visible").count() == 2
    assert page.get_by_role("searchbox").is_hidden()
    context.close()


def test_a_series_page_names_what_is_missing_and_links_its_files(page_at: Open, root: str):
    page = page_at(f"{root}/index.html")
    page.get_by_role("link", name="Sampler (demo)", exact=True).click()
    assert "Chapter 1, page 3 (HTTP 404)" in page.locator(".missing").inner_text()
    assert "not written" in page.get_by_role("row").nth(1).inner_text()
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name=re.compile("Traps")).first.click()
    hrefs = [link.get_attribute("href") for link in page.get_by_role("link", name="CBZ").all()]
    assert len(hrefs) == 3
    with page.expect_download() as download:
        page.get_by_role("link", name="CBZ").first.click()
    assert download.value.suggested_filename.endswith("c001.cbz")


def test_arrows_turn_pages_in_the_direction_of_the_series(page_at: Open, sampler: str, traps: str):
    for address, onward, back in (
        (sampler, "ArrowLeft", "ArrowRight"),
        (traps, "ArrowRight", "ArrowLeft"),
    ):
        page = page_at(address)
        assert shown(page) == [1]
        page.keyboard.press(onward)
        assert (shown(page), is_drawn(page)) == ([2], True)
        page.keyboard.press(onward)
        page.keyboard.press(back)
        page.keyboard.press(back)
        page.keyboard.press(back)
        assert shown(page) == [1]


def test_every_page_comes_once_and_in_order(page_at: Open, door: str, output: Path):
    page = page_at(f"{door}/{reader(output, 'sampler')}")
    seen = []
    while figures := shown(page):
        assert is_drawn(page)
        seen += figures
        page.keyboard.press("ArrowLeft")
    assert seen == list(range(1, 25))
    assert page.get_by_role("heading", name="End of Chapters 1-11").is_visible()


def test_space_reads_on_and_home_and_end_jump(page_at: Open, sampler: str):
    page = page_at(sampler)
    for key, number in ((" ", 2), ("End", 24), ("Shift+ ", 23), ("Home", 1)):
        page.keyboard.press(key)
        assert shown(page) == [number]


def test_clicks_turn_pages_mirrored_from_right_to_left(page_at: Open, sampler: str, traps: str):
    for address, onward in ((sampler, 100), (traps, 1180)):
        page = page_at(address)
        page.mouse.click(onward, 400)
        assert shown(page) == [2]
        page.mouse.click(1280 - onward, 400)
        assert shown(page) == [1]
        bars = page.evaluate("document.body.classList.contains('is-bare')")
        page.mouse.click(640, 400)
        assert page.evaluate("document.body.classList.contains('is-bare')") != bars


def test_swipes_turn_pages_mirrored_from_right_to_left(page_at: Open, sampler: str, traps: str):
    for address, start, end in ((sampler, 80, 300), (traps, 300, 80)):
        page = page_at(address, PHONE)
        swipe(page, start, end)
        assert shown(page) == [2]
        swipe(page, end, start)
        assert shown(page) == [1]


def test_double_pages_leave_cover_and_spreads_alone(page_at: Open, sampler: str):
    page = page_at(sampler)
    choose(page, "Double")
    seen = []
    while figures := shown(page):
        seen.append(figures)
        page.keyboard.press("ArrowLeft")
    assert seen[:8] == [[1], [3, 2], [5, 4], [6], [8, 7], [10, 9], [11], [12]]
    choose(page, "Left to right")
    choose(page, "Cover stands alone in double layout")
    page.keyboard.press("Home")
    assert shown(page) == [1, 2]


def test_vertical_pages_scroll_and_know_where_they_are(page_at: Open, sampler: str):
    page = page_at(sampler)
    choose(page, "Vertical")
    assert page.locator("#stage figure").count() == 24
    page.evaluate("document.querySelector('figure[data-page=\"9\"]').scrollIntoView()")
    expect(page.locator("#where")).to_have_text("10 of 24")
    page.keyboard.press("End")
    expect(page.locator("#where")).to_have_text("24 of 24")


def test_a_page_fits_as_a_whole_or_to_width_or_height(page_at: Open, sampler: str):
    page = page_at(sampler)
    page.keyboard.press(" ")
    for label, side, length in (("Width", "width", 1280), ("Height", "height", 800)):
        choose(page, label)
        assert is_drawn(page)
        box = page.locator("#stage img").bounding_box()
        assert box
        assert round(box[side]) == length  # type: ignore[literal-required]
    choose(page, "Page")
    box = page.locator("#stage img").bounding_box()
    assert box
    assert (box["width"] <= 1280, round(box["height"]) <= 800) == (True, True)


def test_a_missing_page_is_said_to_be_missing(page_at: Open, sampler: str):
    page = page_at(f"{sampler}#p={LOST + 1}")
    assert "Page 3 of 24 cannot be shown" in page.locator("#stage").inner_text()
    assert "It is missing: HTTP 404." in page.locator("#stage").inner_text()


def test_the_place_is_kept_and_a_link_to_a_page_goes_first(page_at: Open, door: str, output: Path):
    sampler = f"{door}/{reader(output, 'sampler')}"
    page = page_at(sampler)
    page.keyboard.press("End")
    page.wait_for_url(re.compile("#p=24$"))
    page.goto("about:blank")
    page.goto(sampler)
    assert shown(page) == [24]
    page.goto("about:blank")
    page.goto(f"{sampler}#p=12")
    assert shown(page) == [12]
    page.evaluate("location.hash = '#p=7'")
    expect(page.locator("#where")).to_have_text("7 of 24")
    assert shown(page) == [7]


def test_chapters_are_listed_and_lead_to_their_first_page(page_at: Open, sampler: str):
    page = page_at(sampler)
    page.keyboard.press("m")
    chapters = [link.inner_text().split("\n")[0] for link in page.locator("#chapters a").all()]
    assert chapters[:2] == ["Chapter 1: One of Each", "Chapter 2: A File That Lies"]
    page.locator("#chapters a").nth(2).click()
    expect(page.locator("#where")).to_have_text("13 of 24")
    assert shown(page) == [13]


def test_after_the_last_page_comes_the_next_volume(page_at: Open, traps: str, output: Path):
    page = page_at(f"{traps}#p=3")
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("heading", name=re.compile("^End of")).is_visible()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: reader(output, "traps", 1) in url)
    assert shown(page) == [1]
    page.keyboard.press("m")
    page.locator("a[rel=prev]").click()
    page.wait_for_url(lambda url: reader(output, "traps", 0) in url)


def test_hostile_titles_are_text_everywhere(page_at: Open, root: str, traps: str):
    page = page_at(traps)
    page.keyboard.press("m")
    assert '<script>alert("page 1")</script> & sons' in page.locator("#chapters").inner_text()
    assert page.locator("script").count() == 2
    page.goto(f"{root}/index.html")
    assert page.locator("#shelf b").count() == 0
    assert "<b>\"Traps\" & 'more'</b>" in page.locator("#shelf").inner_text()


def test_a_script_in_a_page_would_not_run(browser: Browser, output: Path):
    page = browser.new_page()
    page.goto((output / "index.html").as_uri())
    ran = page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); return window.ran === 1; }"
    )
    page.close()
    assert ran is False


def test_what_a_finger_touches_in_the_reader_is_large_enough(page_at: Open, sampler: str):
    page = page_at(sampler, PHONE)
    small = """(area) => [...document.querySelectorAll(`${area} :is(a, button, input, label)`)]
        .filter((each) => each.getClientRects().length && !each.matches('label input'))
        .map((each) => [each.textContent.trim() || each.id, each.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name)"""
    assert page.evaluate(small, ".bar") == []
    page.get_by_role("button", name="Menu").tap()
    assert page.evaluate(small, "dialog") == []


def test_pages_that_are_only_in_the_cbz_are_said_to_be_there(
    page_at: Open, shared_site: Site, tmp_path: Path
):
    shared_site.spoil()
    done = run_crawl(
        tmp_path / "output", "-s", "MANGA_KEEP_PAGES=False", url=f"{shared_site.url}/sampler"
    )
    page = page_at(f"{done.output.as_uri()}/{reader(done.output, 'sampler')}")
    assert "Its picture is kept in the CBZ only." in page.locator("#stage").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Open the CBZ").click()
    assert download.value.suggested_filename == "Sampler (demo) v01 (c001-011).cbz"


@pytest.mark.skipif(AXE is None, reason="axe-core is not there: scripts/test --system fetches it")
@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (TABLET, "light"), (DESKTOP, "dark")],
    ids=["phone light", "phone dark", "tablet light", "desktop dark"],
)
def test_axe_finds_nothing_serious(page_at: Open, output: Path, size: dict[str, int], scheme: str):
    book = reader(output, "sampler")
    folder = book.rpartition("/")[0]
    for place in (book, "index.html", f"{folder}/index.html", f"{folder}/report.html"):
        page = page_at(f"{output.as_uri()}/{place}", size, scheme)
        assert serious(page) == []
        if place == book:
            page.keyboard.press("m")
            assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with where it is."""
    page.evaluate(Path(AXE or "").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{each['id']}: {node['html']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
