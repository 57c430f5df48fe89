"""Where sources and themes come from: this package, installed ones, and the user's own modules."""

import logging
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from mangacrawl.safe import visible

logger = logging.getLogger(__name__)

GROUP = "mangacrawl.sources"
"""The group of entry points by which an installed package names its modules with sources."""

_PACKAGES = ("mangacrawl.themes", "mangacrawl.sources")


_BROKEN: dict[str, str | None] = {}
"""Why each of what was imported could not be; None where it could."""


def load_sources(modules: Iterable[str]) -> None:
    """Import all sources and themes there are: ours, installed ones, and modules the user names.

    What cannot be imported is told once, by name, and stops no other.
    """
    for name, load in _origins(modules):
        if name not in _BROKEN:
            _BROKEN[name] = _attempt(load)
            if _BROKEN[name]:
                logger.warning("left out: %s: %s", name, _BROKEN[name])


def broken_sources() -> dict[str, str]:
    """What could not be imported, and why."""
    return {name: why for name, why in _BROKEN.items() if why}


def _origins(modules: Iterable[str]) -> Iterator[tuple[str, Callable[[], object]]]:
    """What brings sources, by a name that a person can look for, and what imports it."""
    for package in _PACKAGES:
        for module in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
            yield module.name, partial(import_module, module.name)
    for point in _installed():
        package = point.dist.name if point.dist else GROUP
        yield f"{point.value} of {package}", point.load
    for name in modules:
        yield name, partial(import_module, name)


@cache
def _installed() -> tuple[EntryPoint, ...]:
    """In an order of their own: who comes first keeps an id that two want."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda point: (point.value, point.name)))


def _attempt(load: Callable[[], object]) -> str | None:
    """Why something cannot be imported; None if it was."""
    try:
        load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code may raise anything
        return visible(f"{type(error).__name__}: {error}")
    return None
