"""How a source says that a page only shows what it holds once its scripts have run."""

from importlib.util import find_spec

from scrapy import Request

from mangacrawl.errors import ArgumentError

IN_BROWSER = "in_browser"
"""Key in a request's meta: the selector to wait for; empty: until the page asks for no more."""


def in_browser(request: Request, until: str = "") -> Request:
    """The same request, its page shown in a browser before it is read.

    ``until`` is a CSS selector that finds something when the page is ready. Without it the page is
    ready when it has asked for nothing for half a second, which costs that half second.
    """
    asked: Request = request.replace(meta=request.meta | {IN_BROWSER: until})
    return asked


def check_browser() -> None:
    """Raise ArgumentError where what drives a browser is not installed."""
    if find_spec("scrapy_playwright") is None:
        raise ArgumentError(
            "this site needs a browser: pip install -r requirements-playwright.txt, and Chromium"
        )
