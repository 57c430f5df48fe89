"""Damaged pictures of every format we accept: a reason, never a crash."""

import random

import pytest

from tests.battery import animated, encoded
from tests.corpus import outcome

WHOLE = {
    "JPEG": encoded("JPEG"),
    "progressive JPEG": encoded("JPEG", progressive=True),
    "CMYK": encoded("JPEG", "CMYK"),
    "PNG": encoded("PNG", "RGBA"),
    "PNG of 16 bits": encoded("PNG", "I;16"),
    "palette": encoded("PNG", "P"),
    "WebP": encoded("WEBP", "RGB"),
    "AVIF": encoded("AVIF", "RGB"),
    "GIF": animated("GIF"),
    "BMP": encoded("BMP"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_picture_is_refused_or_read_and_never_a_crash(name: str):
    chance = random.Random(name)
    whole = WHOLE[name]
    assert outcome(whole).startswith(".")
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = chance.randrange(len(damaged)) if chance.random() < 0.5 else len(damaged)
        assert not outcome(bytes(damaged[:cut])).startswith("CRASH")
