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


@pytest.mark.parametrize("folder", ["volumes", "web", "demo"])
def test_what_is_pure_knows_no_scrapy(folder: str):
    assert importers(folder, "scrapy", "twisted") == []


@pytest.mark.parametrize("folder", ["sources", "themes"])
def test_parsers_know_neither_spider_nor_ledger(folder: str):
    users = ("spiders", "ledger", "pipelines", "series_crawl", "downloader", "volumes")
    assert importers(folder, *(f"mangacrawl.{name}" for name in users)) == []


@pytest.mark.parametrize("module", ["indexed", "reading", "site_words", "withheld", "links"])
def test_what_parsers_use_knows_no_more_than_they(module: str):
    users = ("spiders", "ledger", "pipelines", "series_crawl", "downloader", "volumes", "themes")
    forbidden = tuple(f"mangacrawl.{name}" for name in users)
    assert [name for name in imports(PACKAGE / f"{module}.py") if name.startswith(forbidden)] == []


def test_volumes_know_nothing_of_the_crawl():
    users = ("series_crawl", "ledger", "bindery", "pipelines", "spiders", "source", "items")
    assert importers("volumes", *(f"mangacrawl.{name}" for name in users)) == []


def test_the_spider_knows_no_html():
    html = ("parsel", "lxml", "mangacrawl.themes", "mangacrawl.sources")
    walk = imports(PACKAGE / "page_walk.py")
    assert importers("spiders", *html) == [name for name in walk if name.startswith(html)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_is_long(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_function_is_long(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno > 45] == []
