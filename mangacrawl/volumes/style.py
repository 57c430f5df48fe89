"""How volumes are made, beyond their format and device: the settings that `volumes` obeys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self, get_args

from mangacrawl.errors import ArgumentError

Quality = Literal["fast", "best"]
Spreads = Literal["split", "rotate", "both", "keep"]
ComicInfoStyle = Literal["portable", "komga", "kavita"]
Recurring = Literal["keep", "drop"]


@dataclass(frozen=True, slots=True)
class Style:
    """Choices for every volume.

    ``quality``: ``fast`` lets a JPEG decoder shrink and writes JPEGs; ``best`` shrinks with a
    filter alone and writes PNGs of as many greys as the screen has. ``spreads``: what a device
    gets of a double page. ``gamma``: above 1 darkens the middle tones, for screens that show them
    pale. ``comicinfo``: which program reads Volume and Number. ``recurring``: what becomes of pages
    that recur in several chapters, in files for reading: the CBZ keeps all.
    """

    quality: Quality = "fast"
    spreads: Spreads = "split"
    gamma: float = 1.0
    comicinfo: ComicInfoStyle = "portable"
    recurring: Recurring = "keep"

    @classmethod
    def parse(cls, settings: Mapping[str, object]) -> Self:
        """Read the settings named MANGA_…, absent ones as above; raises ArgumentError."""

        def chosen(name: str, allowed: tuple[str, ...]) -> str:
            value = str(settings.get(name, allowed[0]))
            if value not in allowed:
                raise ArgumentError(f"{name}={value}: use one of {', '.join(allowed)}")
            return value

        return cls(
            chosen("MANGA_IMAGE_QUALITY", get_args(Quality)),  # type: ignore[arg-type]
            chosen("MANGA_DEVICE_SPREADS", get_args(Spreads)),  # type: ignore[arg-type]
            _gamma(settings.get("MANGA_DEVICE_GAMMA", 1.0)),
            chosen("MANGA_COMICINFO_STYLE", get_args(ComicInfoStyle)),  # type: ignore[arg-type]
            chosen("MANGA_RECURRING_PAGES", get_args(Recurring)),  # type: ignore[arg-type]
        )


def _gamma(value: object) -> float:
    try:
        gamma = float(str(value))
    except ValueError:
        gamma = 0.0
    if not 0.2 <= gamma <= 5:
        raise ArgumentError(f"MANGA_DEVICE_GAMMA={value}: use a number from 0.2 to 5")
    return gamma
