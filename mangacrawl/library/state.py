"""Where the state of record lies: in the output folder, or on a disk of its own."""

from pathlib import Path

from scrapy.settings import BaseSettings


def state_folder(settings: BaseSettings) -> Path:
    """The folder of ledgers and locks: ``MANGA_STATE_DIR``, or ``state`` in the output folder."""
    chosen: str | None = settings["MANGA_STATE_DIR"]
    return Path(chosen) if chosen else Path(settings["MANGA_OUTPUT_DIR"]) / "state"
