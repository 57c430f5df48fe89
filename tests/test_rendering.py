"""Pages that need a browser, shown by a real one: Debian's Chromium."""

import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psutil
import pytest

from tests.browser import needs_chromium
from tests.conftest import Crawler, Site, started, wait_for
from tests.fixed import Answer, as_json, picture, serving
from tests.plain import INDEX, reader

SCRIPTED = ("-s", "MANGA_SOURCE_MODULES=tests.plain,tests.scripted")
HTML = {"Content-Type": "text/html; charset=utf-8"}
JS = {"Content-Type": "text/javascript"}
APP = b"""
document.cookie = 'seen=yes';
fetch(document.body.dataset.from).then(answer => answer.json())
    .then(found => { document.body.innerHTML = found.html; });
"""

pytestmark = needs_chromium


def shell(content: str, script: str = "") -> Answer:
    """A page that holds nothing but what its script fetches from there."""
    body = f'<body data-from="{content}"><script src="/app.js"></script><script>{script}</script>'
    return Answer(body.encode(), headers=HTML | {"Set-Cookie": "session=1; HttpOnly"})


def scripted(script: str = "") -> dict[str, Answer]:
    """A series of one chapter with two pages; its pages are empty without scripts."""
    return {
        "/strip": shell("/index.json"),
        "/strip/1": shell("/pages.json", script),
        "/app.js": Answer(APP, headers=JS),
        "/index.json": as_json({"html": INDEX}),
        "/pages.json": as_json({"html": reader("/1.png", "/2.png")}),
        "/1.png": Answer(picture(1)),
        "/2.png": Answer(picture(2)),
    }


def test_what_only_a_browser_shows_is_crawled_and_images_without_it(crawl: Crawler):
    with serving(scripted()) as site:
        done = crawl(*SCRIPTED, url=f"{site.url}/strip", theme="scripted")
        paths = site.paths()
    assert done.exit_code == 0, done.stderr
    assert [item["status"] for item in done.items()] == ["fetched"] * 2
    assert sorted(paths) == [
        "/1.png", "/2.png", "/app.js", "/index.json", "/pages.json", "/robots.txt", "/strip",
        "/strip/1",
    ]  # fmt: skip
    agents = {asked.headers["user-agent"].partition("/")[0] for asked in site.asked}
    assert agents == {"mangacrawl"}


def test_cookies_of_page_and_script_go_with_all_that_follows(crawl: Crawler):
    with serving(scripted()) as site:
        crawl(*SCRIPTED, url=f"{site.url}/strip", theme="scripted")
        cookies = site.headers("/pages.json")["cookie"], site.headers("/1.png")["cookie"]
    assert [sorted(each.split("; ")) for each in cookies] == [["seen=yes", "session=1"]] * 2


def test_a_single_request_may_need_a_browser(crawl: Crawler):
    answers = scripted() | {"/strip": Answer(INDEX.encode(), headers=HTML)}
    with serving(answers) as site:
        done = crawl(*SCRIPTED, url=f"{site.url}/strip", theme="halfscripted")
    assert done.exit_code == 0, done.stderr
    assert "/index.json" not in site.paths()


def test_what_never_appears_is_a_changed_layout(crawl: Crawler):
    answers = scripted() | {"/pages.json": as_json({"html": "<p>All new"})}
    with serving(answers) as site:
        quick = ("-s", "DOWNLOAD_TIMEOUT=4")
        done = crawl(*SCRIPTED, *quick, url=f"{site.url}/strip", theme="halfscripted", chapters="1")
    assert done.exit_code == 5
    assert "found nothing for" in done.stderr


def test_robots_txt_holds_for_what_scripts_ask_for(crawl: Crawler):
    rules = Answer(
        b"User-agent: *\nDisallow: /index.json\n", headers={"Content-Type": "text/plain"}
    )
    with serving(scripted() | {"/robots.txt": rules}) as site:
        done = crawl(*SCRIPTED, url=f"{site.url}/strip", theme="scripted")
    assert done.exit_code == 5
    assert "found nothing for 'h1'" in done.verdict
    assert "/index.json" not in site.paths()


@pytest.fixture
def bystander() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a machine in the user's network, on loopback, and what reached it."""
    reached: list[bytes] = []
    listening = socket.create_server(("127.0.0.2", 0))
    told = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    told.bind(listening.getsockname())

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            reached.append(b"a connection")
            connection.close()

    Thread(target=accept, daemon=True).start()
    host, port = listening.getsockname()
    yield f"{host}:{port}", reached
    told.setblocking(False)
    with suppress(BlockingIOError):
        reached.append(told.recv(100))
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    told.close()


NOSY = """
const to = path => { try { path(); } catch (error) {} };
to(() => fetch('http://HOST/fetch', {mode: 'no-cors'}));
to(() => fetch('/away', {mode: 'no-cors'}));
to(() => navigator.sendBeacon('http://HOST/beacon', 'x'));
to(() => { new Image().src = 'http://HOST/image'; });
to(() => new WebSocket('ws://HOST/socket'));
to(() => new EventSource('http://HOST/events'));
to(() => new Worker(URL.createObjectURL(new Blob(["fetch('http://HOST/worker')"]))));
to(() => {
  const peer = new RTCPeerConnection({iceServers: [{urls: 'stun:HOST'}]});
  peer.createDataChannel('x');
  peer.createOffer().then(offer => peer.setLocalDescription(offer));
});
for (const tag of ['iframe', 'script', 'embed']) to(() => {
  const element = document.createElement(tag);
  element.src = 'http://HOST/' + tag;
  document.head.append(element);
});
for (const rel of ['preconnect', 'prefetch', 'stylesheet', 'dns-prefetch']) to(() => {
  const link = document.createElement('link');
  Object.assign(link, {rel, href: 'http://HOST/' + rel});
  document.head.append(link);
});
"""


def test_no_script_reaches_a_private_address(crawl: Crawler, bystander: tuple[str, list[bytes]]):
    host, reached = bystander
    answers = scripted(NOSY.replace("HOST", host))
    answers["/away"] = Answer(status=302, headers={"Location": f"http://{host}/redirect"})
    with serving(answers) as site:
        done = crawl(*SCRIPTED, url=f"{site.url}/strip", theme="scripted")
        assert "/away" in site.paths()
    assert done.exit_code == 0, done.stderr
    assert reached == []


def test_a_page_that_scripts_made_too_large_is_not_taken_over(crawl: Crawler):
    bomb = """
        document.body.innerHTML = '<h1>' + 'x'.repeat(12 << 20);
        Object.defineProperty(document.documentElement, 'outerHTML', {get: () => 'small'});
    """
    with serving(scripted() | {"/app.js": Answer(bomb.encode(), headers=JS)}) as site:
        done = crawl(*SCRIPTED, url=f"{site.url}/strip", theme="scripted")
    assert done.exit_code == 8
    assert "too large in a browser" in done.verdict


def test_the_pool_counts_what_scripts_ask_for(crawl: Crawler, site: Site):
    pool = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=2")
    done = crawl(*SCRIPTED, *pool, url=f"{site.url}/sampler", theme="shown", chapters="1")
    assert done.exit_code == 0, done.stderr
    assert site.stats()["peak_in_flight"] == 2


def test_scripts_without_end_cost_their_chapters_alone(crawl: Crawler):
    links = (f'<a class="chapter" href="/strip/{number}">{number}</a>' for number in (1, 2, 3))
    answers = scripted() | {"/strip": Answer(f"<h1>Strip{''.join(links)}".encode(), headers=HTML)}
    answers |= {
        "/strip/1": Answer(b"<script>while (true) {}</script>", headers=HTML),
        "/strip/2": answers["/strip/1"],
        "/strip/3": Answer(b"<script>location.reload()</script>", headers=HTML),
    }
    with serving(answers) as site:
        quick = ("-s", "DOWNLOAD_TIMEOUT=3")
        done = crawl(*SCRIPTED, *quick, url=f"{site.url}/strip", theme="halfscripted")
    assert done.exit_code == 3
    assert f"cannot read {site.url}/strip/1 in a browser (no end after 3 s)" in done.stderr
    assert [each["status"] for each in done.items() if each["chapter"] == "2"] == ["fetched"] * 2
    assert site.paths().count("/strip/3") == 2 * (1 + 3)  # asked for twice, each time anew thrice


def test_a_script_without_end_is_stopped_by_a_signal_and_no_browser_stays(output: Path):
    with serving(scripted() | {"/app.js": Answer(b"while (true) {}", headers=JS)}) as site:
        crawling = started(output, *SCRIPTED, url=f"{site.url}/strip", theme="scripted")
        wait_for(lambda: "/app.js" in site.paths())
        family = psutil.Process(crawling.pid).children(recursive=True)
        assert any("chrom" in each.name() for each in family)
        crawling.send_signal(signal.SIGINT)
        _, said = crawling.communicate(timeout=5)
    assert crawling.returncode == 130, said
    wait_for(lambda: not any(map(is_alive, family)))


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_whoever_lacks_the_extra_is_told_how_to_install_it(crawl: Crawler):
    with serving(scripted()) as site:
        without = ("-s", f"{SCRIPTED[1]},tests.unequipped")
        done = crawl(*without, url=f"{site.url}/strip", theme="scripted")
        assert site.asked == []
    assert done.exit_code == 2
    assert done.verdict.endswith(
        "this site needs a browser: pip install -r requirements-playwright.txt, and Chromium"
    )
