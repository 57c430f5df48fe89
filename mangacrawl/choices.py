"""How a series is wanted: what the user chooses once and the series' ledger keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

from mangacrawl.errors import ArgumentError
from mangacrawl.library.copies import Preference
from mangacrawl.source import RATINGS, Wishes
from mangacrawl.volumes.edition import FORMATS
from mangacrawl.volumes.plan import Bundle
from mangacrawl.volumes.profiles import ORIGINAL, device_named

DEFAULTS = {
    "bundle": "auto", "formats": "cbz", "device": "none", "language": "", "group": "",
    "quality": "full", "rating": "suggestive",
}  # fmt: skip
"""As the user would type them; an empty one says nothing."""

_QUALITIES = ("full", "small")


@dataclass(frozen=True, slots=True)
class Choices:
    """How a series is made into volumes, and what of it is fetched."""

    bundle: Bundle
    formats: tuple[str, ...]
    device: str
    language: str = ""
    group: str = ""
    quality: str = "full"
    rating: str = "suggestive"

    @property
    def preference(self) -> Preference:
        """Which copy of a chapter to take."""
        return Preference(_listed(self.language), _listed(self.group))

    @property
    def wishes(self) -> Wishes:
        """What the site has to be told."""
        return Wishes(_listed(self.language), self.quality == "small", self.rating)

    def shelf(self, form: str) -> str:
        """The folder, below the output folder, that holds the series' volumes of a format."""
        if form == "cbz":
            return "library"
        return f"devices/{self.device if self.device != 'none' else ORIGINAL}"

    def as_facts(self) -> dict[str, str]:
        """The choices as the user would type them."""
        typed = {"bundle": str(self.bundle), "formats": ",".join(self.formats)}
        return {name: typed.get(name) or getattr(self, name) for name in DEFAULTS}


def choices_of(chosen: Mapping[str, str], facts: Mapping[str, str]) -> Choices:
    """Join the user's choices with those of earlier runs; raises ArgumentError."""
    values = {
        name: chosen.get(name) or facts.get(name) or default for name, default in DEFAULTS.items()
    }
    device = device_named(values["device"])
    if device and "formats" not in chosen and "device" in chosen and values["formats"] == "cbz":
        values["formats"] = device.form  # a CBZ is for any screen: without this nothing is for it
    _one_of("quality", values["quality"], _QUALITIES)
    _one_of("rating", values["rating"], RATINGS)
    bundle, formats = Bundle.parse(values.pop("bundle")), _formats(values.pop("formats"))
    return Choices(bundle, formats, **values)


def _formats(text: str) -> tuple[str, ...]:
    formats = _listed(text)
    for each in formats or (text,):
        _one_of("formats", each, FORMATS)
    return formats


def _listed(text: str) -> tuple[str, ...]:
    """The parts of a list with commas, each once."""
    parts = (part.strip() for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ArgumentError(f"{name}={value}: use one of {', '.join(allowed)}")
