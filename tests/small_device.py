"""A Kindle that takes small files only: a module for MANGA_SOURCE_MODULES."""

from dataclasses import replace

from mangacrawl.volumes import profiles

_KINDLE = profiles.DEVICES["kindle-600x800"]

vars(profiles)["DEVICES"] = dict(profiles.DEVICES) | {
    "kindle-small": replace(_KINDLE, id="kindle-small", max_bytes=700_000)
}
