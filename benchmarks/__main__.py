"""`python -m benchmarks` runs every case, or those named, and prints what was measured."""

import argparse
import sys
from collections.abc import Iterable
from compileall import compile_dir
from statistics import median_low

from benchmarks.cases import CASES, Row, measure
from benchmarks.figures import Figure, figures
from benchmarks.measure import ROOT
from benchmarks.peers import all_peers

Line = tuple[str, ...]

_NAMES = tuple(dict.fromkeys(case.name for case in CASES))


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; 1 if a figure is not reached."""
    options = _parser().parse_args(arguments)
    known = all_peers(options.gallery_dl)
    peers = {peer.name: peer for peer in known if peer.is_installed}
    missing = ", ".join(peer.name for peer in known if not peer.is_installed)
    if missing:
        print(f"not installed, left out: {missing}", file=sys.stderr)
    chosen = [case for case in CASES if case.name in options.cases or not options.cases]
    compile_dir(ROOT / "mangacrawl", quiet=1)  # as pip did it for the peers
    rows: list[Row] = []
    for case in chosen:
        rows += measure(case.made_quick() if options.quick else case, peers)
    found = list(figures(rows))
    print(_ratios(found), _details(rows), sep="\n\n")
    return 0 if all(figure.is_reached for figure in found) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("cases", nargs="*", metavar="CASE", type=_case_name, help=", ".join(_NAMES))
    add("--quick", action="store_true", help="a tenth of the pages: it runs, the figures mean less")
    add("--gallery-dl", default="gallery-dl", metavar="PATH", help="the executable to compare with")
    return parser


def _case_name(text: str) -> str:
    if text not in _NAMES:
        raise argparse.ArgumentTypeError(f"{text}: there is {', '.join(_NAMES)}")
    return text


def _ratios(found: Iterable[Figure]) -> str:
    lines: list[Line] = [("what", "asked for", "measured", "reached")]
    lines += [
        (each.what, each.asked, each.measured, "yes" if each.is_reached else "**no**")
        for each in found
    ]
    return _table(lines)


def _details(rows: list[Row]) -> str:
    """A line for each client in each case; of repeats the one whose CPU is the median."""
    heads = (
        "case", "client", "pages", "exit", "span s", "ideal s", "ratio", "mean", "middle mean",
        "peak", "connections", "503s", "wall s", "CPU s", "memory MB",
    )  # fmt: skip
    lines: list[Line] = [heads]
    for case, client in dict.fromkeys((row.case, row.client) for row in rows):
        same = [row for row in rows if (row.case, row.client) == (case, client)]
        middle = median_low([row.run.cpu for row in same])
        lines += [_line(row) for row in same if case.sites > 1 or row.run.cpu == middle]
    return _table(lines)


def _line(row: Row) -> Line:
    seen, done = row.seen, row.run
    has_latency = row.case.latency > 0
    bound = f" ({row.bound:,} bound)" if row.bound else ""
    return (
        f"{row.case.name}: {row.case.what}",
        row.client,
        f"{row.pages:,}{bound}",
        str(done.exit_code),
        f"{seen.span:.2f}",
        f"{row.case.ideal:.2f}" if has_latency else "",
        f"{row.ratio:.3f}" if has_latency else "",
        # Without latency an answer is written in the turn in which its request is read.
        f"{seen.mean:.1f}" if has_latency else "",
        f"{seen.middle_mean:.1f}" if has_latency else "",
        str(seen.peak) if has_latency else "",
        str(seen.connections),
        f"{seen.refusals / seen.requests:.1%}" if seen.requests else "",
        f"{done.wall:.2f}",
        f"{done.cpu:.2f}",
        f"{done.memory / 1e6:.0f}",
    )


def _table(lines: list[Line]) -> str:
    """Markdown."""
    lines.insert(1, ("---",) * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
