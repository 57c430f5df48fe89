"""Certificates: every host must prove who it is, and a failure says why."""

import ssl
from functools import cache

from aiohttp import ClientConnectorCertificateError, ClientError, ClientSSLError
from scrapy.settings import BaseSettings

_PROBLEMS = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by no authority that is known here",
    19: "is signed by no authority that is known here",
    20: "is signed by no authority that is known here",
    21: "is signed by no authority that is known here",
    62: "is for another host",
    64: "is for another host",
}
"""OpenSSL's X509_V_ERR_* in words."""


class Certificates:
    """Verifies all hosts but those that the user excepts by name, or by Scrapy's setting none."""

    def __init__(self, settings: BaseSettings) -> None:
        self._lowest = ssl.TLSVersion[settings["DOWNLOAD_TLS_MIN_VERSION"].replace(".", "_")]
        self._exceptions = frozenset(settings.getlist("MANGA_UNVERIFIED_HOSTS"))
        self._is_strict = settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")

    def context(self, host: str) -> ssl.SSLContext:
        """How to begin TLS with a host."""
        is_strict = self._is_strict and host.lower() not in self._exceptions
        return _context(self._lowest, is_strict=is_strict)


@cache
def _context(lowest: ssl.TLSVersion, *, is_strict: bool) -> ssl.SSLContext:
    """Made when it is first needed: to load all authorities takes 18 ms."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = lowest
    if is_strict:
        context.load_default_certs()
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def tls_problem(error: ClientError, host: str) -> str | None:
    """Why TLS with a host failed, in one sentence; None if it was not TLS that failed."""
    if isinstance(error, ClientConnectorCertificateError):
        code = getattr(error.certificate_error, "verify_code", 0)
        return f"the certificate of {host} {_PROBLEMS.get(code, f'is bad (OpenSSL: {code})')}"
    if isinstance(error, ClientSSLError):
        return f"no TLS with {host} that is safe, 1.2 or newer"
    return None
