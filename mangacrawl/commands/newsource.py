"""`scrapy newsource`: the first lines of a source, and its test cases, from a look at its site."""

import argparse
import keyword
import re
from pathlib import Path

from scrapy.exceptions import UsageError

import mangacrawl
from mangacrawl.errors import ArgumentError, DiskError, Stopped
from mangacrawl.safe import visible
from mangacrawl.source import Source, all_sources, theme_named
from mangacrawl.target import check_address
from mangacrawl.verdict import Verdict
from mangacrawl.visits.cases import write_case
from mangacrawl.visits.visit import Visit
from mangacrawl.visits.visiting_command import VisitingCommand

_ROOT = Path(mangacrawl.__file__).parent.parent


class Command(VisitingCommand):
    """Fetches a series' page, one of its chapters and a page of it, and writes what they tell."""

    def syntax(self) -> str:
        return "[options] <Name> <url of a series>"

    def short_desc(self) -> str:
        return "Begin a source for a site, with recorded test cases"

    def long_desc(self) -> str:
        return (
            "Fetches a series' page, its oldest chapter and a page of it, within robots.txt; "
            "records them below tests/sources and writes mangacrawl/sources/<name>.py: on a theme, "
            "or from scratch with the selectors it can guess. docs/sources.md goes on from there."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--theme", help="the markup of the site; `scrapy sources` lists them")

    def verdict(self, args: list[str], opts: argparse.Namespace) -> Verdict:
        if len(args) != 2:
            raise UsageError
        name, url = args
        theme = theme_named(opts.theme) if opts.theme else None
        name = _class_name(name, theme)
        check_address(url)
        module, cases = _places(name.lower())
        visit = self.crawled(Visit, source_name=name, url=url, theme=theme)
        if visit.problem:
            raise visit.problem
        if not visit.code:
            raise Stopped("stopped; nothing was written")
        _write(visit, module, cases)
        return Verdict(None, _words(visit, module, cases))


def _class_name(name: str, theme: type[Source] | None) -> str:
    """The class' name, "PlainReader" as it is, "plainreader" as "Plainreader"."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,39}", name) or keyword.iskeyword(name.lower()):
        raise ArgumentError(f"{visible(name)}: say letters and digits, such as PlainReader")
    class_ = name[0].upper() + name[1:]
    taken = {each.id: each.__module__ for each in all_sources()}
    if class_.lower() in taken:
        raise ArgumentError(f"{class_.lower()} is there already: {taken[class_.lower()]}")
    if class_ in vars(mangacrawl.source) or (theme and class_ == theme.__name__):
        raise ArgumentError(f"{class_} is the name of something else here: say another")
    return class_


def _places(id_: str) -> tuple[Path, Path]:
    """Where the source and its cases belong; raises ArgumentError where they cannot be."""
    module = _ROOT / "mangacrawl" / "sources" / f"{id_}.py"
    cases = _ROOT / "tests" / "sources" / id_
    if not cases.parent.is_dir():
        raise ArgumentError(f"there is no {cases.parent}: newsource works in a checkout")
    for path in (module, cases):
        if path.exists():
            raise ArgumentError(f"{path.relative_to(_ROOT)} is there already")
    return module, cases


def _write(visit: Visit, module: Path, cases: Path) -> None:
    try:
        for seen in visit.seen:
            write_case(
                cases / seen.case, cases.name, seen.parser, seen.response, is_posted=seen.is_posted
            )
        module.write_text(visit.code, encoding="utf-8")
    except OSError as error:
        raise DiskError.of(f"write {module} and {cases}", error) from error


def _words(visit: Visit, module: Path, cases: Path) -> str:
    names = ", ".join(seen.case for seen in visit.seen)
    return (
        f"{visible(visit.picture)}\n"
        f"wrote {module.relative_to(_ROOT)}\n"
        f"wrote {cases.relative_to(_ROOT)}: {names}\n"
        f"now see what is missing: python -m pytest tests/test_sources.py -k {cases.name}"
    )
