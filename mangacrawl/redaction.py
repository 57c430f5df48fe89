"""The one function that takes secrets out of text, and the hook that applies it to every log line.

Errors (`errors.py`) and lines for the user (`safe.visible`) pass it too.
"""

import logging
import re

_HIDDEN = "***"
_WORDS = r"token|secret|passw|session|signature|api[-_]?key|access_key|auth(?!or)"
_PATTERNS = (
    # user:password@ in an address
    re.compile(r"(?<=://)[^\s/?#'\"<>]+(?=@)"),
    # a parameter of an address that looks like one
    re.compile(rf"(?i)(?<=[?&;])((?:[\w.-]{{0,40}}(?:{_WORDS})[\w.-]{{0,40}}|key|sig|sid|jwt|pwd|hmac)=)[^\s&;#'\"<>]+"),
    # a header or a setting in a Python dict
    re.compile(rf"(?i)('[\w-]{{0,40}}(?:{_WORDS}|cookie)[\w-]{{0,40}}': )(?:b?'[^']*'|\[[^]]*\])"),
    # a header in Scrapy's COOKIES_DEBUG; a series may well be called Cookie, but not on a new line
    re.compile(r"(?i)(?<=\n)((?:set-)?cookie: ).*"),
    re.compile(r"(?i)(authorization\W+(?:basic|bearer)\s+)\S+"),
)  # fmt: skip

_SHORTEST = 6
"""Characters; what is shorter is a setting ("en") and would hide half of the text."""

_KNOWN: set[str] = set()


def hide(*secrets: str) -> None:
    """Keep these out of all text from now on, whatever it looks like."""
    _KNOWN.update(secret for secret in secrets if len(secret) >= _SHORTEST)


def redacted(text: str) -> str:
    """Text without passwords in addresses, token-like parameters, cookies and credentials."""
    for secret in _KNOWN:
        text = text.replace(secret, _HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1{_HIDDEN}" if pattern.groups else _HIDDEN, text)
    return text


def redact_logs() -> None:
    """Let every log record of this process hold redacted text, whoever writes and shows it."""
    make = logging.getLogRecordFactory()
    formatter = logging.Formatter()

    def make_redacted(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg, record.args = redacted(record.getMessage()), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = redacted(formatter.formatException(record.exc_info))
        return record

    logging.setLogRecordFactory(make_redacted)
