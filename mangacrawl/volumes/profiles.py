"""The screens that volumes are made for, by the names of the devices that have them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

from mangacrawl.errors import ArgumentError

ORIGINAL = "original"
"""The profile's name where no device is asked for (None): pages as the site served them."""

_MB = 1_000_000

_KINDLE_BYTES = 195 * _MB  # Send-to-Kindle takes 200 MB
_KOBO_BYTES = 1000 * _MB  # kobolabs/epub-spec: 1 GB a book
_REMARKABLE_BYTES = 95 * _MB  # its upload takes 100 MB


@dataclass(frozen=True, slots=True)
class Device:
    """A screen: its size in pixels as it is held upright, and how many shades of grey it shows.

    ``greys`` is None for a screen in colour. ``quality`` is that of its JPEGs. ``max_bytes`` is
    the largest file that its maker takes, ``form`` the format that suits it best.
    """

    id: str
    width: int
    height: int
    greys: int | None = 16
    quality: int = 85
    max_bytes: int | None = None
    form: Literal["epub", "pdf"] = "epub"

    @property
    def is_grey(self) -> bool:
        """Whether the screen shows no colours."""
        return self.greys is not None

    @property
    def mode(self) -> Literal["L", "RGB"]:
        """Pillow's name for the screen's colours."""
        return "L" if self.is_grey else "RGB"

    @property
    def family(self) -> str:
        """The first word of its id: whose rules its files obey."""
        return self.id.partition("-")[0]


_TABLE = """
kindle-1                                                       600  670    4 85
kindle-2                                                       600  670   15 85
kindle-dx                                                      824 1000   16 85
kindle-keyboard kindle-touch kindle-4 kindle-5 kindle-7        600  800   16 85
kindle-8 kindle-10                                             600  800   16 85
kindle-pw1 kindle-pw2                                          758 1024   16 85
kindle-pw3 kindle-pw4 kindle-voyage kindle-oasis1 kindle-11   1072 1448   16 85
kindle-oasis2 kindle-oasis3                                   1264 1680   16 85
kindle-pw5                                                    1236 1648   16 85
kindle-pw6                                                    1272 1696   16 85
kindle-colorsoft                                              1272 1696 none 90
kindle-scribe kindle-scribe2                                  1860 2480   16 90
kindle-scribe3                                                1986 2648   16 90
kindle-scribe-colorsoft                                       1986 2648 none 90
kobo-mini kobo-touch                                           600  800   16 85
kobo-glo                                                       768 1024   16 85
kobo-aura kobo-nia                                             758 1024   16 85
kobo-glo-hd kobo-clara-hd kobo-clara-2e                       1072 1448   16 85
kobo-clara-colour                                             1072 1448 none 85
kobo-aura-h2o                                                 1080 1430   16 85
kobo-aura-hd                                                  1080 1440   16 85
kobo-libra-h2o kobo-libra-2                                   1264 1680   16 85
kobo-libra-colour                                             1264 1680 none 85
kobo-aura-one kobo-elipsa                                     1404 1872   16 85
kobo-forma kobo-sage                                          1440 1920   16 85
remarkable-1 remarkable-2                                     1404 1872   16 85
remarkable-paper-pro                                          1620 2160 none 85
remarkable-paper-pro-move                                      954 1696 none 85
phone                                                         1080 2400 none 85
tablet                                                        1600 2560 none 85
"""
"""Names, width, height, greys and JPEG quality.

The sizes and greys of e-readers are those of Kindle Comic Converter 11; phone and tablet are common
sizes of today's.
"""

_SIZE = re.compile(r"([1-9]\d{2,3})x([1-9]\d{2,3})")


def _rows() -> Iterator[Device]:
    for line in _TABLE.strip().splitlines():
        *names, width, height, greys, quality = line.split()
        for name in names:
            yield _made(
                name, int(width), int(height), None if greys == "none" else int(greys), int(quality)
            )


def _made(name: str, width: int, height: int, greys: int | None, quality: int) -> Device:
    limits = {"kindle": _KINDLE_BYTES, "kobo": _KOBO_BYTES, "remarkable": _REMARKABLE_BYTES}
    family = name.partition("-")[0]
    form: Literal["epub", "pdf"] = "pdf" if family == "remarkable" else "epub"
    return Device(name, width, height, greys, quality, limits.get(family), form)


def _with_sizes(devices: list[Device]) -> dict[str, Device]:
    """Each device by its name, and the first of a family and size as, say, kindle-600x800."""
    found = {device.id: device for device in devices}
    for device in devices:
        if device.id != device.family:
            size = f"{device.family}-{device.width}x{device.height}"
            found.setdefault(size, replace(device, id=size))
    return found


DEVICES: Mapping[str, Device] = MappingProxyType(_with_sizes(list(_rows())))
"""The screens by id."""


def device_named(name: str) -> Device | None:
    """The device of that id or of a size such as 1072x1448, None for "none".

    A size alone says nothing of the screen, so that its colours are kept. Raises ArgumentError with
    the allowed values.
    """
    if name == "none":
        return None
    if size := _SIZE.fullmatch(name):
        return Device(name, int(size[1]), int(size[2]), greys=None)
    if name not in DEVICES:
        near = ", ".join(get_close_matches(name, DEVICES, 3)) or "none"
        raise ArgumentError(
            f"device={name}: no such screen (nearest: {near}); use none, a size such as 1072x1448, "
            f"or one of {', '.join(DEVICES)}"
        )
    return DEVICES[name]
