"""Laws that keep the house as docs/architecture.md draws it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mangacrawl"
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def importers(folder: str, *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in (PACKAGE / folder).rglob("*.py")
        for name in imports(path)
        if name.startswith(forbidden)
    ]


def named(*parts: str) -> tuple[str, ...]:
    return tuple(f"mangacrawl.{part}" for part in parts)


@pytest.mark.parametrize("folder", ["volumes", "web", "demo"])
def test_what_is_pure_knows_no_scrapy(folder: str):
    assert importers(folder, "scrapy", "twisted") == []


CRAWL = ("spiders", "crawl", "visits", "library", "binding", "pipelines", "downloader")
"""What walks, keeps and binds; no parser and no writer of volumes imports any of it."""


@pytest.mark.parametrize("folder", ["sources", "themes", "parsing"])
def test_parsers_know_neither_spider_nor_ledger(folder: str):
    assert importers(folder, *named(*CRAWL, "volumes")) == []


def test_what_parsers_use_knows_no_more_than_they():
    assert importers("parsing", *named("sources", "themes")) == []


def test_volumes_know_nothing_of_the_crawl():
    assert importers("volumes", *named(*CRAWL, "wire", "source", "items")) == []


@pytest.mark.parametrize("folder", ["spiders", "crawl", "library", "binding"])
def test_the_spider_knows_no_html(folder: str):
    assert importers(folder, "parsel", "lxml", *named("themes", "sources")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_is_long(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_function_is_long(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno > 45] == []
