"""How long a site asks to be left alone."""

from email.utils import parsedate_to_datetime

from scrapy.http import Response

LONGEST_PAUSE_SECONDS = 600.0
"""What is waited for; who wants to be left alone for longer is left alone."""


def retry_after(response: Response, now: float) -> float | None:
    """Seconds from `now` (UNIX time) until the site wants to be asked again; None if unsaid.

    Retry-After in seconds or as a date (RFC 9110, section 10.2.3), and MangaDex's
    X-RateLimit-Retry-After, a UNIX time.
    """
    if stamp := _header(response, "X-RateLimit-Retry-After"):
        return max(0.0, float(stamp) - now) if _is_number(stamp) else None
    value = _header(response, "Retry-After")
    if not value:
        return None
    if _is_number(value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()
