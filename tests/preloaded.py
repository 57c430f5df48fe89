"""What every crawl imports and works out first, once for all that are forked from this process."""

import gc
import inspect
from importlib import import_module
from pkgutil import walk_packages

import scrapy.commands
import scrapy.downloadermiddlewares
import scrapy.spidermiddlewares

import mangacrawl
from mangacrawl.wire.sites import site_of

for name in (
    "scrapy.cmdline", "scrapy.core.scheduler", "scrapy.dupefilters", "scrapy.pqueues",
    "scrapy.squeues", "scrapy.statscollectors", "scrapy.extensions.closespider",
    "scrapy.extensions.corestats", "scrapy.extensions.logcount", "scrapy.extensions.memdebug",
    "scrapy.extensions.memusage", "scrapy.extensions.spiderstate",
    *(
        module.name
        for package in (
            mangacrawl, scrapy.commands, scrapy.downloadermiddlewares, scrapy.spidermiddlewares
        )
        for module in walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.startswith("mangacrawl.demo")
    ),
):  # fmt: skip
    import_module(name)

site_of("http://a.example")  # reads the list of public suffixes
inspect.stack()  # coverage.py asks for it in each fork: it looks at the modules that are new
gc.freeze()  # no fork looks through them for garbage
