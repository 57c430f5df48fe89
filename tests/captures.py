"""Recorded pages of real sites, which are not ours to ship: tests look where they are told."""

import os
from pathlib import Path

import pytest


def captures(name: str) -> Path:
    folder = os.environ.get("MANGACRAWL_CAPTURES")
    if not folder:
        pytest.skip("MANGACRAWL_CAPTURES does not name the folder of recorded pages")
    return Path(folder) / name
