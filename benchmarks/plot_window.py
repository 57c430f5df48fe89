"""Draws docs/window.svg: window, requests in flight and latency of a real crawl.

`python -m benchmarks.plot_window` crawls the demo site, which answers 503 above thirty requests at
once, and plots what the throttle says of each answer.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
WIDTH, HEIGHT, LEFT, GAP = 760, 200, 46, 44
SITE = ("--latency", "0.3", "--latency-sigma", "0.2", "--limit", "30")
LINE = re.compile(r"(\d+) \S+: window ([\d.]+), (\d+) in flight, ([\d.]+) s")


@dataclass(frozen=True)
class Sample:
    """What the throttle knew after an answer; the time in seconds since the first."""

    time: float
    window: float
    in_flight: float
    latency: float


def samples() -> list[Sample]:
    """Crawl the demo site under its limit; one sample an answer."""
    site = subprocess.Popen(
        [sys.executable, "-m", "mangacrawl.demo", "--until-stdin-closes", *SITE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    url = site.stdout.readline().strip() if site.stdout else ""
    with tempfile.TemporaryDirectory() as output:
        settings = {
            "MANGA_OUTPUT_DIR": output,
            "AUTOTHROTTLE_DEBUG": "True",
            "LOG_FORMAT": "%(relativeCreated)d %(message)s",
        }
        options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        arguments = ["crawl", "manga", "-a", f"url={url}/akira", "-a", "chapters=1-40"]
        log = subprocess.run(
            [sys.executable, "-m", "scrapy", *arguments, *options],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        ).stderr
    site.communicate()
    found = [tuple(map(float, match.groups())) for match in LINE.finditer(log)]
    return [Sample((time - found[0][0]) / 1000, *rest) for time, *rest in found]


def panel(
    top: int, seconds: float, scale: float, unit: str, curves: dict[str, list[tuple[float, float]]]
) -> Iterator[str]:
    """A diagram over time; `scale` is the value at its upper edge."""
    for share in (0.0, 0.5, 1.0):
        y = top + HEIGHT * (1 - share)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y}" y2="{y}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{share * scale:g}{unit}</text>'
    for number, (name, points) in enumerate(curves.items()):
        path = " ".join(
            f"{LEFT + (WIDTH - LEFT) * time / seconds:.1f},{top + HEIGHT * (1 - value / scale):.1f}"
            for time, value in points
        )
        yield f'<polyline class="{name.replace(" ", "-")}" points="{path}"/>'
        yield (
            f'<text class="{name.replace(" ", "-")}" x="{LEFT + 8 + 90 * number}" '
            f'y="{top - 8}">{name}</text>'
        )


def drawing(seen: list[Sample]) -> str:
    """The whole picture, readable on light and dark pages."""
    seconds = seen[-1].time
    pool = {
        "window": [(each.time, each.window) for each in seen],
        "in flight": [(each.time, each.in_flight) for each in seen],
    }
    latency = {"latency": [(each.time, each.latency) for each in seen]}
    top, second = 24, 24 + HEIGHT + GAP
    bottom = second + HEIGHT
    marks = [
        f'<text x="{LEFT + (WIDTH - LEFT) * share:.0f}" y="{bottom + 18}" text-anchor="middle">'
        f"{share * seconds:.0f} s</text>"
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    style = (
        "text{font:12px sans-serif;fill:#888}polyline{fill:none;stroke-width:1.5}"
        ".grid{stroke:#8885}polyline.window{stroke:#d1495b}text.window{fill:#d1495b}"
        "polyline.in-flight{stroke:#3d7ea6;stroke-width:.8}text.in-flight{fill:#3d7ea6}"
        "polyline.latency{stroke:#5b8c5a}text.latency{fill:#5b8c5a}"
    )
    lines = [
        *panel(top, seconds, 50, "", pool),
        *panel(second, seconds, 1, " s", latency),
        *marks,
    ]
    size = f'viewBox="0 0 {WIDTH + 20} {bottom + 28}"'
    body = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{style}</style>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    (ROOT / "docs" / "window.svg").write_text(drawing(samples()), encoding="utf-8")
