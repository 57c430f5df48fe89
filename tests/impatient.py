"""Lets a crawl soon give up bodies that stall: a module for MANGA_SOURCE_MODULES."""

from mangacrawl import downloader
from mangacrawl.wire import watchdog

vars(downloader)["LOOK_SECONDS"] = vars(watchdog)["LOOK_SECONDS"] = 0.3
vars(watchdog)["SILENT_SECONDS"] = 1.0
