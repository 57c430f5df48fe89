"""Certificates: every host must prove who it is, and a failure says why."""

import ssl

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
        self._lax = self._context(is_strict=False)
        is_strict = settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self._strict = self._context(is_strict=True) if is_strict else self._lax

    def context(self, host: str) -> ssl.SSLContext:
        """How to begin TLS with a host."""
        return self._lax if host.lower() in self._exceptions else self._strict

    def _context(self, *, is_strict: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = self._lowest
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
