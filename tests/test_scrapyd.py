"""A real Scrapyd, set up by the very commands that docs/scrapyd.md shows."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from mangacrawl.demo.addresses import reader_path
from mangacrawl.demo.catalogue import catalogue
from tests.conftest import ROOT, Site, Start, wait_for

NAMES = ("mangacrawl", "deploy", "pyproject.toml", "README.md", "setup.py", "scrapy.cfg")
CRONTAB = """\
#!/bin/sh
if [ "$1" = -l ]; then
    [ ! -e "$HOME/crontab" ] || cat "$HOME/crontab"
else
    cat > "$HOME/crontab.new" && mv "$HOME/crontab.new" "$HOME/crontab"
fi
"""


@dataclass(frozen=True)
class Scrapyd:
    """A running server: its user's home, the project it was set up from, and its address."""

    home: Path
    project: Path
    url: str

    @property
    def output(self) -> Path:
        return self.home / "mangacrawl" / "output"

    def call(self, name: str, **fields: str) -> dict[str, Any]:
        (password,) = re.findall(r"password (\w+)", (self.home / ".netrc").read_text())
        method = "POST" if name in {"schedule", "cancel"} else "GET"
        values = {"project": "mangacrawl"} | fields
        found: dict[str, Any] = requests.request(
            method,
            f"{self.url}/{name}.json",
            auth=("mangacrawl", password),
            timeout=30,
            **{"data" if method == "POST" else "params": values},  # type: ignore[arg-type]
        ).json()
        assert found["status"] == "ok", found
        return found

    def schedule(self, **arguments: str) -> str:
        job: str = self.call("schedule", spider="manga", **arguments)["jobid"]
        return job

    def log(self, job: str) -> str:
        path = self.home / "mangacrawl" / "scrapyd" / "logs" / "mangacrawl" / "manga" / f"{job}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def is_finished(self, job: str) -> bool:
        return any(each["id"] == job for each in self.call("listjobs")["finished"])

    def verdict(self, job: str) -> str:
        """The last line of a job's log, once it has ended."""
        wait_for(lambda: self.is_finished(job))
        return self.log(job).splitlines()[-1].partition(" INFO: ")[2] or self.log(job)


def commands() -> list[str]:
    page = (ROOT / "docs" / "scrapyd.md").read_text(encoding="utf-8")
    shown: str = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)[0]
    return shown.splitlines()


@pytest.fixture(scope="module")
def scrapyd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    """Scrapyd on a free port, set up and ended as a person would; crontab is a stand-in."""
    python = os.environ.get("MANGACRAWL_SCRAPYD")
    if not python:
        pytest.skip("MANGACRAWL_SCRAPYD does not name Scrapyd's Python: scripts/test --system does")
    folder = tmp_path_factory.mktemp("scrapyd")
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = str(unused.getsockname()[1])
    project = copied_project(folder / "project", port)
    (project / ".venv-scrapyd").symlink_to(Path(python).parent.parent)
    home = folder / "home"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "crontab").write_text(CRONTAB)
    (home / "bin" / "crontab").chmod(0o755)
    server = Scrapyd(home, project, f"http://127.0.0.1:{port}")
    environment = os.environ | {"HOME": str(home), "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
    until_it_listens = f"until curl -s -o answer http://127.0.0.1:{port}; do sleep 0.1; done"
    # The first two make the virtual environment, which scripts/test has done already.
    lines = [line.replace("6800", port) for line in commands()[2:]]
    start = next(index for index, line in enumerate(lines) if "-m scrapyd" in line)
    script = "\n".join(["set -e", *lines[: start + 1], until_it_listens, *lines[start + 1 :]])
    subprocess.run(["bash", "-c", script], cwd=project, env=environment, timeout=120, check=True)
    yield server
    os.kill(int((home / "mangacrawl" / "twistd.pid").read_text()), signal.SIGTERM)


def copied_project(into: Path, port: str) -> Path:
    into.mkdir()
    for name in [*NAMES, *(path.name for path in ROOT.glob("requirements*.txt"))]:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, into / name)
    for path in [*(into / "deploy").iterdir(), into / "scrapy.cfg"]:
        if path.is_file():
            path.write_text(path.read_text(encoding="utf-8").replace("6800", port))
    return into


def test_ten_commands_lead_to_a_library(scrapyd: Scrapyd):
    assert len(commands()) == 10
    wait_for(lambda: scrapyd.call("listjobs")["finished"])
    (job,) = scrapyd.call("listjobs")["finished"]
    assert scrapyd.verdict(job["id"]).startswith("Sampler (demo): complete, 24 pages, 1 volume")
    assert len(list((scrapyd.output / "library").rglob("*.cbz"))) == 1
    assert (scrapyd.output / "index.html").exists()


def test_the_files_that_hold_the_password_are_the_users_alone(scrapyd: Scrapyd):
    for path in (scrapyd.home / ".netrc", scrapyd.home / "mangacrawl" / "scrapyd.conf"):
        assert path.stat().st_mode & 0o077 == 0


def test_the_nightly_command_of_the_crontab_schedules_an_update(scrapyd: Scrapyd):
    line = (scrapyd.home / "crontab").read_text(encoding="utf-8").splitlines()[-1]
    nightly = line.split(maxsplit=5)[5]
    environment = os.environ | {"HOME": str(scrapyd.home)}
    done = subprocess.run([nightly], env=environment, capture_output=True, check=True)
    job = json.loads(done.stdout)["jobid"]
    assert job.startswith("nightly-")
    wait_for(lambda: scrapyd.is_finished(job))
    assert "Traceback" not in scrapyd.log(job)


def test_a_cancelled_job_stops_cleanly_and_goes_on_when_scheduled_again(
    scrapyd: Scrapyd, start_site: Start
):
    site = start_site("--latency", "0.1")
    address = {"url": f"{site.url}/akira", "chapters": "1-6"}
    job = scrapyd.schedule(**address)
    wait_for(lambda: site.stats()["requests"]["image"] > 20)
    scrapyd.call("cancel", job=job)
    assert "stopped" in scrapyd.verdict(job)
    assert not list(scrapyd.output.rglob("*.part"))
    assert "complete, 104 pages" in scrapyd.verdict(scrapyd.schedule(**address))


def test_a_second_job_of_a_series_is_refused_naming_the_first(scrapyd: Scrapyd, site: Site):
    akira = catalogue()["akira"]
    site.spoil(**{reader_path(akira, akira.chapters[0]): "hold"})
    first = scrapyd.schedule(url=f"{site.url}/akira", chapters="1")
    second = scrapyd.schedule(url=f"{site.url}/akira", chapters="1")
    wait_for(lambda: scrapyd.is_finished(first) or scrapyd.is_finished(second))
    site.spoil()
    said = [scrapyd.verdict(first), scrapyd.verdict(second)]
    assert sum("is being crawled already by process" in line for line in said) == 1
    assert sum("complete" in line for line in said) == 1


def test_two_jobs_of_one_site_never_have_51_between_them(scrapyd: Scrapyd, start_site: Start):
    site = start_site("--latency", "0.3")
    jobs = [
        scrapyd.schedule(url=f"{site.url}/akira", chapters="1-12"),
        scrapyd.schedule(url=f"{site.url}/sampler"),
    ]
    assert all("complete" in scrapyd.verdict(job) for job in jobs)
    assert site.stats()["peak_in_flight"] <= 50


def test_a_wrong_password_is_said_by_its_status(scrapyd: Scrapyd, tmp_path: Path):
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login mangacrawl password wrong\n")
    netrc.chmod(0o600)
    deploy = scrapyd.project / ".venv-scrapyd" / "bin" / "scrapyd-deploy"
    done = subprocess.run(
        [deploy, "local"],
        cwd=scrapyd.project,
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Deploy failed (401)" in done.stderr
