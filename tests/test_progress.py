"""How far a run is, on a real terminal (a pseudo-terminal) and in a log."""

import os
import re
import select
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mangacrawl.progress import Progress, Rate, Row
from tests.conftest import ROOT, Crawler, Site, crawl_command
from tests.test_crawl import PAGES, image

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
termios = pytest.importorskip("termios")

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CURSOR_SHOWN, CURSOR_HIDDEN = "\x1b[?25h", "\x1b[?25l"


class Terminal:
    """A crawl on a terminal of 80 columns, with all that it has written there."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._side, other = pty.openpty()
        termios.tcsetwinsize(other, (24, 80))
        usual = {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
        self.crawl = subprocess.Popen(
            command, cwd=ROOT, stdin=other, stdout=subprocess.DEVNULL, stderr=other,
            env=os.environ | usual | environment, start_new_session=True,
        )  # fmt: skip
        os.close(other)
        self.written = ""

    def read_until(self, found: Callable[[str], object]) -> None:
        """Read on until what was written is as `found` says, or to the end."""
        while not found(ESCAPE.sub("", self.written)):
            ready, _, _ = select.select([self._side], [], [], 60)
            assert ready, self.written
            try:
                piece = os.read(self._side, 65536)
            except OSError:  # Linux's way to say that the other side is closed
                return
            if not piece:
                return
            self.written += piece.decode(errors="replace")

    def close(self) -> None:
        os.close(self._side)
        self.crawl.kill()
        self.crawl.wait()

    @property
    def lines(self) -> list[str]:
        text = ESCAPE.sub("", self.written).replace("\r", "\n")
        return [line.rstrip() for line in text.splitlines() if line.strip()]


Open = Callable[..., Terminal]


@pytest.fixture
def terminal(output: Path) -> Iterator[Open]:
    opened: list[Terminal] = []

    def start(url: str, *options: str, **environment: str) -> Terminal:
        opened.append(Terminal(crawl_command(output, *options, url=url), environment))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_a_terminal_shows_pages_rate_and_pool_below_whole_log_lines(terminal: Open, site: Site):
    last = image(3, 5)
    site.spoil(**{last: "hold"})
    crawl = terminal(f"{site.url}/sampler")
    crawl.read_until(
        lambda text: f"{PAGES - 1}/{PAGES}" in text and re.search(r"\b1 in flight", text)
    )
    site.spoil()
    crawl.read_until(lambda text: False)
    assert crawl.crawl.wait(timeout=30) == 0
    drawn = [line for line in crawl.lines if f"{PAGES - 1}/{PAGES}" in line]
    assert re.fullmatch(
        rf"Sampler \(demo\)  \S+  {PAGES - 1}/{PAGES}  \d+ [kM]B  \d+/s  \S+ left", drawn[0]
    )
    pool = re.compile(r"1 in flight, window \d+ of 50, 0 failed")
    assert any(map(pool.fullmatch, crawl.lines))
    assert f"wrote Sampler (demo) v01 (c001-011).cbz, {PAGES} pages" in crawl.lines
    assert crawl.lines[-1].startswith(f"Sampler (demo): complete, {PAGES} pages, 1 volume")


def test_the_terminal_is_left_as_it_was_after_ctrl_c(terminal: Open, site: Site):
    site.spoil(**{image(3, 5): "hold"})
    crawl = terminal(f"{site.url}/sampler")
    crawl.read_until(lambda text: "in flight" in text)
    crawl.crawl.send_signal(signal.SIGINT)
    crawl.read_until(lambda text: False)
    assert crawl.crawl.wait(timeout=30) == 130
    assert crawl.written.rindex(CURSOR_SHOWN) > crawl.written.rindex(CURSOR_HIDDEN)
    assert "stopped" in crawl.lines[-1]


def test_no_color_is_honoured(terminal: Open, site: Site):
    site.spoil(**{image(3, 5): "hold"})
    crawl = terminal(f"{site.url}/sampler", NO_COLOR="1")
    crawl.read_until(lambda text: text.count("in flight") > 1)
    codes = set(COLOUR.findall(crawl.written))
    assert not {code for code in codes if re.search(r"[\[;](3[0-7]|38|9[0-7])[;m]", code)}


@pytest.mark.parametrize("option", ["LOG_FILE={}/log", "LOG_ENABLED=False"])
def test_nothing_is_drawn_where_the_log_is_not_on_the_terminal(
    terminal: Open, site: Site, tmp_path: Path, option: str
):
    crawl = terminal(f"{site.url}/sampler", "-s", option.format(tmp_path))
    crawl.read_until(lambda text: False)
    assert CURSOR_HIDDEN not in crawl.written
    assert len(crawl.lines) == 1


def test_nothing_is_drawn_without_a_terminal(crawl: Crawler, site: Site):
    assert "\x1b" not in crawl(url=f"{site.url}/sampler").stderr


def test_a_run_in_one_line_is_what_a_log_gets():
    row = Row("Akira", 120, 2200, 6_000_000, 41.26)
    one = Progress([row], 50, 50, 50, 3, None)
    two = Progress([row, Row("Other", 1, 10, 1, 0.5)], 40, 44, 100, 0, None)
    assert one.words == "Akira: 120 of 2200 pages, 41.3 pages/s, 50 in flight of 50, 3 failed"
    assert two.words == "2 series: 121 of 2210 pages, 41.8 pages/s, 40 in flight of 44, 0 failed"


def test_a_rate_is_that_of_the_last_ten_seconds():
    rate = Rate()
    assert rate.at(0.0, 0) == 0
    assert rate.at(10.0, 100) == 10
    assert rate.at(20.0, 100) == 0


def test_time_left_is_unknown_while_nothing_moves():
    assert Row("Akira", 0, 2200, 0, 0.0).seconds_left is None
    assert Row("Akira", 200, 2200, 0, 50.0).seconds_left == 40
