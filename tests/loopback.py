"""Sources of the package at a server of the tests: a module for MANGA_SOURCE_MODULES.

`MANGACRAWL_SITE` is where that server is.
"""

import os
from collections.abc import Mapping
from typing import ClassVar

from mangacrawl.source import Limit
from mangacrawl.sources.cubari import Cubari
from mangacrawl.sources.mangadex import MangaDex
from mangacrawl.sources.peppercarrot import PepperCarrot
from mangacrawl.sources.xkcd import Xkcd
from mangacrawl.themes.guya import Guya
from mangacrawl.themes.mangadventure import MangAdventure
from mangacrawl.themes.pizzareader import PizzaReader

SITE = os.environ.get("MANGACRAWL_SITE", "http://127.0.0.1:9")


class OurGuya(Guya):
    id = "our-guya"
    base_url = SITE


class OurMangAdventure(MangAdventure):
    id = "our-mangadventure"
    base_url = SITE


class OurPizzaReader(PizzaReader):
    id = "our-pizzareader"
    base_url = SITE


class OurCubari(Cubari):
    id = "our-cubari"
    base_url = SITE


class OurPepperCarrot(PepperCarrot):
    id = "our-peppercarrot"
    base_url = SITE


class OurXkcd(Xkcd):
    id = "our-xkcd"
    base_url = SITE


class OurMangaDex(MangaDex):
    """The API is at one host, images and reports are at another, as it is with MangaDex."""

    id = "our-mangadex"
    base_url = "http://mangadex.invalid"
    api = SITE.replace("127.0.0.1", "localhost")
    uploads = SITE
    reports = f"{SITE}/report"
    limits: ClassVar[Mapping[str, Limit]] = {
        "localhost": MangaDex.limits["api.mangadex.org"],
        "localhost/at-home/": MangaDex.limits["api.mangadex.org/at-home/"],
        "127.0.0.1/report": MangaDex.limits["api.mangadex.network"],
    }
