"""MANGA_ON_END: a program of the user's is told how a run ended."""

import json
import sys
from pathlib import Path

import pytest

from mangacrawl import hook
from mangacrawl.verdict import Verdict
from tests.conftest import Crawler, Site

COMPLETE = Verdict(None, "Akira: complete")


def program(folder: Path, code: str) -> str:
    path = folder / "hook.py"
    path.write_text(code)
    return f'"{sys.executable}" "{path}"'


def test_the_hook_is_told_the_verdict_of_the_run_and_of_each_series(
    crawl: Crawler, site: Site, tmp_path: Path
):
    told = tmp_path / "told.json"
    command = program(tmp_path, f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read())")
    done = crawl("-s", f"MANGA_ON_END={command}", url=f"{site.url}/sampler", chapters="1")
    facts = json.loads(told.read_text(encoding="utf-8"))
    assert (facts["exit_code"], facts["verdict"]) == (0, done.verdict)
    assert facts["output"] == str(done.output)
    (series,) = facts["series"]
    assert (series["exit_code"], series["new"], series["lost"]) == (0, 6, 0)


def test_the_hook_is_told_of_wrong_arguments_too(crawl: Crawler, tmp_path: Path):
    told = tmp_path / "told.json"
    command = program(tmp_path, f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read())")
    crawl("-s", f"MANGA_ON_END={command}", name="")
    assert json.loads(told.read_text(encoding="utf-8"))["exit_code"] == 2


def test_a_hook_that_fails_is_a_warning(tmp_path: Path, caplog):
    hook.tell(program(tmp_path, "raise SystemExit(3)"), COMPLETE, [COMPLETE], tmp_path)
    assert caplog.messages == ["MANGA_ON_END ended with 3"]


def test_a_hook_that_hangs_is_killed(tmp_path: Path, caplog, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hook, "HOOK_SECONDS", 0.1)
    hook.tell(program(tmp_path, "import time; time.sleep(60)"), COMPLETE, [COMPLETE], tmp_path)
    assert caplog.messages == ["MANGA_ON_END took over 0 s and was killed"]


@pytest.mark.parametrize("command", ["/nowhere/to/be/found", '"unbalanced'])
def test_a_command_that_is_none_is_a_warning(tmp_path: Path, caplog, command: str):
    hook.tell(command, COMPLETE, [COMPLETE], tmp_path)
    assert caplog.messages[0].startswith("MANGA_ON_END cannot be run: ")
