"""A machine without what drives a browser: a module for MANGA_SOURCE_MODULES."""

import sys

sys.modules["scrapy_playwright"] = None  # type: ignore[assignment] # as Python marks what is not
