"""How far a run is, drawn at the foot of a terminal with the log above it."""

import atexit
import logging
import sys
from io import TextIOBase

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType, Segment, SegmentLines
from rich.text import Text

from mangacrawl.progress import Progress, Row
from mangacrawl.web.render import size

_MOST_ROWS = 5
_LONGEST_NAME, _LONGEST_BAR = 40, 40
"""In columns; a line that is far longer is not easier to read."""


class Display:
    """Draws on stderr; while it lasts, log lines go through it, so that each stays whole."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self._live = Live(
            console=self.console, auto_refresh=False, transient=True, redirect_stdout=False
        )
        self._above = _Above(self)
        self._handlers = [
            handler
            for handler in logging.root.handlers
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr
        ]
        self._width = 0
        self._cells: list[int] = []
        """How long the lines are that were drawn last."""

    def start(self) -> None:
        for handler in self._handlers:
            handler.setStream(self._above)
        self._live.start()
        atexit.register(self.stop)  # a second Ctrl-C skips all else, and the cursor is hidden

    def show(self, progress: Progress) -> None:
        """Draw anew, at the size that the terminal has now."""
        self._mend()
        drawing = _drawing(progress, self.console.width)
        lines = self.console.render_lines(drawing, pad=False)
        self._width = self.console.width
        self._cells = [Segment.get_line_length(line) for line in lines]
        self._live.update(SegmentLines(lines, new_lines=True), refresh=True)

    def say(self, line: str) -> None:
        """Print a line above the drawing."""
        self._mend()
        self.console.print(Text(line), soft_wrap=True)

    def stop(self) -> None:
        """Leave nothing behind but the log; a second time there is nothing to do."""
        self._mend()
        self._live.stop()
        for handler in self._handlers:
            handler.setStream(sys.stderr)

    def _mend(self) -> None:
        """Clear what a terminal that has become narrower has wrapped; rich counts whole lines."""
        width = self.console.width
        if width < self._width:
            wrapped = sum((cells - 1) // width for cells in self._cells if cells)
            clear = (ControlType.ERASE_IN_LINE, 2)
            rows = [clear, (ControlType.CURSOR_UP, 1)] * wrapped
            self.console.control(Control(ControlType.CARRIAGE_RETURN, *rows))
            self._width = width
            self._cells = []


class _Above(TextIOBase):
    """A stream for log handlers, which write a whole line at a time."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def write(self, text: str) -> int:
        self._display.say(text.removesuffix("\n"))
        return len(text)


def _drawing(progress: Progress, width: int) -> Text:
    """Rows and a foot, none longer than the terminal is wide.

    Put together by hand: rich's tables take five times as long, which is most of what this costs.
    """
    rows = progress.rows[:_MOST_ROWS]
    name = min(_LONGEST_NAME, width // 4, max(cell_len(row.title) for row in rows))
    ends = [_end(row) for row in rows]
    end = max(map(len, ends))
    bar = max(0, min(_LONGEST_BAR, width - name - end - 4))
    drawing = Text(no_wrap=True, overflow="ellipsis")
    for row, words in zip(rows, ends, strict=True):
        done = bar * row.done // max(row.known, 1)
        drawing.append(set_cell_size(row.title, name) + "  ")
        drawing.append("━" * done, "cyan").append("━" * (bar - done), "bright_black")
        drawing.append(f"  {words:>{end}}\n")
    more = len(progress.rows) - len(rows)
    foot = [f"{more} more series"] * (more > 0)
    foot.append(f"{progress.in_flight} in flight, window {progress.window} of {progress.cap}")
    foot.append(f"{progress.failed} failed")
    foot += [f"wrote {progress.last_written}"] if progress.last_written else []
    return drawing.append(", ".join(foot), "dim")


def _end(row: Row) -> str:
    pages = f"{row.done:,}/{row.known:,}"
    return f"{pages}  {size(row.bytes)}  {row.rate:.0f}/s  {_left(row.seconds_left)}"


def _left(seconds: int | None) -> str:
    if seconds is None:
        return "-:-- left"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02} left" if hours else f"{minutes}:{rest:02} left"
