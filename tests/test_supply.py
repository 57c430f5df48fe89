"""What is installed is what was looked at."""

import re

import pytest

from tests.conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRIES = re.split(r"\n(?=[a-z])", LOCK)[1:]
PINS = re.findall(r"^[\w-]+==[\w.]+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


@pytest.mark.parametrize("pin", PINS)
def test_the_lock_holds_every_pin(pin: str):
    """If not, its first lines say how to make it anew."""
    assert any(entry.startswith(pin.lower()) for entry in ENTRIES)


def test_everything_in_the_lock_has_a_hash():
    assert len(ENTRIES) > len(PINS) > 5
    assert [entry for entry in ENTRIES if "--hash=sha256:" not in entry] == []
