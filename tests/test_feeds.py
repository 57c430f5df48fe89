"""The recipes of docs/feeds.md, each run as it stands there."""

import csv
import gzip
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.conftest import ROOT, Crawler, Site, wait_for

PAGE = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
PAGES = 24


def recipe(heading: str) -> str:
    """The code below a heading."""
    section = PAGE.partition(f"## {heading}\n")[2]
    return re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)[0]  # type: ignore[no-any-return]


def cook(heading: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Type a recipe in a folder that is not the project's."""
    scrapy = f'"{sys.executable}" -m scrapy'
    return subprocess.run(
        ["bash", "-c", recipe(heading).replace("scrapy crawl", f"{scrapy} crawl")],
        cwd=folder,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "mangacrawl.settings"}
        | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the first recipe was cooked, so that the others find the pages stored."""
    folder = tmp_path_factory.mktemp("kitchen")
    done = cook("JSON Lines, CSV, XML", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_three_formats_hold_the_same_pages(kitchen: Path):
    items = lines((kitchen / "pages.jsonl").read_text(encoding="utf-8"))
    with (kitchen / "pages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    elements = ET.parse(kitchen / "pages.xml").getroot()
    assert len(items) == len(rows) == len(elements) == PAGES
    for item, row, element in zip(items, rows, elements, strict=True):
        assert row == {k: "" if v is None else str(v) for k, v in item.items()}
        assert row == {child.tag: child.text or "" for child in element}


def test_the_fields_are_those_that_the_page_lists(kitchen: Path):
    (listed,) = re.findall(r"in this order: (.*?fetched_at)\.", PAGE, re.DOTALL)
    names = re.sub(r"\(.*?\)", "", listed, flags=re.DOTALL).replace("\n", " ").split(",")
    first = lines((kitchen / "pages.jsonl").read_text(encoding="utf-8"))[0]
    assert list(first) == [name.strip() for name in names]


def test_a_compressed_feed(kitchen: Path):
    assert cook("Compressed", kitchen).returncode == 0
    with gzip.open(kitchen / "pages.jsonl.gz", "rt", encoding="utf-8") as file:
        assert {item["status"] for item in lines(file.read())} == {"stored"}


def test_batches_of_ten(kitchen: Path):
    assert cook("In batches", kitchen).returncode == 0
    counts = [
        len(lines(path.read_text(encoding="utf-8"))) for path in sorted(kitchen.glob("pages-*"))
    ]
    assert counts == [10, 10, 4]


def test_series_chapters_and_volumes_go_to_the_feeds_that_name_them(kitchen: Path):
    assert cook("Series, chapters and volumes", kitchen).returncode == 0
    (series,) = lines((kitchen / "series.jsonl").read_text(encoding="utf-8"))
    assert series["series"] == "Sampler (demo)"
    assert (series["chapters"], series["pages"], series["missing"]) == (4, PAGES, 0)
    with (kitchen / "chapters.csv").open(encoding="utf-8", newline="") as file:
        chapters = [(row["chapter"], row["page_count"]) for row in csv.DictReader(file)]
    assert chapters == [("1", "6"), ("2", "6"), ("10.5", "6"), ("11", "6")]
    (volume,) = lines((kitchen / "volumes.jsonl").read_text(encoding="utf-8"))
    assert (kitchen / "output" / volume["path"]).stat().st_size == volume["bytes"]


def test_a_feed_of_new_pages_is_empty_where_all_are_stored(kitchen: Path):
    assert cook("Only what is new", kitchen).returncode == 0
    assert (kitchen / "new.jsonl").read_text(encoding="utf-8") == ""


def test_a_feed_of_new_pages_holds_what_was_fetched(tmp_path: Path):
    assert cook("Only what is new", tmp_path).returncode == 0
    items = lines((tmp_path / "new.jsonl").read_text(encoding="utf-8"))
    assert [item["status"] for item in items] == ["fetched"] * PAGES


AWS = {
    "AWS_ACCESS_KEY_ID": "someone",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "NO_PROXY": "*",
}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an S3 with a bucket named library."""
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=url).create_bucket(Bucket="library")
    yield url
    server.stop()


def test_a_feed_to_s3(kitchen: Path, s3: str):
    done = cook("To S3", kitchen, AWS_ENDPOINT_URL=s3)
    assert done.returncode == 0, done.stderr
    stored = boto3.client("s3", endpoint_url=s3).get_object(Bucket="library", Key="pages.jsonl")
    assert len(lines(stored["Body"].read().decode())) == PAGES


def test_an_s3_that_is_away_loses_no_page(tmp_path: Path, s3: str):
    nobody = f"http://127.0.0.1:{free_port()}"
    done = cook("To S3", tmp_path, AWS_ENDPOINT_URL=nobody, AWS_MAX_ATTEMPTS="1")
    verdict = done.stderr.splitlines()[-1]
    assert done.returncode == 7
    assert "s3://library/pages.jsonl" in done.stderr
    assert "a feed could not be stored" in verdict
    assert "Traceback" not in done.stderr
    stored = [path for path in (tmp_path / "output" / "pages").rglob("*") if path.is_file()]
    assert len(stored) == PAGES
    again = cook("To S3", tmp_path, AWS_ENDPOINT_URL=s3)
    assert again.returncode == 0
    kept = boto3.client("s3", endpoint_url=s3).get_object(Bucket="library", Key="pages.jsonl")
    assert {item["status"] for item in lines(kept["Body"].read().decode())} == {"stored"}


@pytest.fixture
def ftp(tmp_path: Path) -> Iterator[str]:
    """The address of a file on an FTP server whose root is `tmp_path`."""
    port = free_port()
    account = ["--username=someone", "--password=secret", "--write"]
    place = ["--interface=127.0.0.1", f"--port={port}", f"--directory={tmp_path}"]
    server = subprocess.Popen(
        [sys.executable, "-m", "pyftpdlib", *place, *account], stderr=subprocess.DEVNULL
    )
    wait_for(lambda: answers(port))
    yield f"ftp://someone:secret@127.0.0.1:{port}/pages.jsonl"
    server.terminate()
    server.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port: int = unused.getsockname()[1]
    return port


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_a_feed_to_ftp(kitchen: Path, tmp_path: Path, ftp: str):
    done = cook("To FTP", kitchen, FEED_ADDRESS=ftp)
    assert done.returncode == 0, done.stderr
    assert len(lines((tmp_path / "pages.jsonl").read_text(encoding="utf-8"))) == PAGES


def test_the_recipe_that_reads_a_feed_works(kitchen: Path):
    done = subprocess.run(
        [sys.executable, "-c", recipe("Read it")],
        cwd=kitchen,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "10.5" in done.stdout


def test_a_feed_that_cannot_be_written_ends_in_7_before_any_request(crawl: Crawler, site: Site):
    done = crawl("-O", "/dev/null/pages.jsonl", url=f"{site.url}/sampler")
    assert done.exit_code == 7
    assert "cannot write the feed /dev/null/pages.jsonl: " in done.verdict
    assert site.stats()["paths"] == []
