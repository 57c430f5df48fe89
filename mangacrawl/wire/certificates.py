"""Certificates: every host must prove who it is, and a failure says why."""

from copy import copy
from typing import Any

from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet._sslverify import _verifyCB
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

_PROBLEMS = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by no authority that is known here",
    19: "is signed by no authority that is known here",
    20: "is signed by no authority that is known here",
    21: "is signed by no authority that is known here",
}
"""OpenSSL's X509_V_ERR_* in words."""


@implementer(IPolicyForHTTPS)
class Certificates:
    """Scrapy's TLS policy, which verifies all hosts or none, with exceptions by name."""

    def __init__(self, strict: Any, exceptions: frozenset[str]) -> None:
        lax = copy(strict)
        lax._verify_certificates = False  # noqa: SLF001 - Scrapy has no other way
        self._exceptions = exceptions
        self._strict, self._lax = strict, lax

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's
        """How Twisted begins TLS with a host."""
        if hostname.decode("ascii").lower() in self._exceptions:
            return self._lax.creatorForNetloc(hostname, port)
        return _Verifying(self._strict.creatorForNetloc(hostname, port))


@implementer(IOpenSSLClientConnectionCreator)
class _Verifying:
    """Twisted's client options for a host; OpenSSL alone tells what is wrong to its callback only.

    ``failVerification`` is how Twisted itself hands out that a certificate is for another name.
    """

    def __init__(self, options: Any) -> None:
        self._options = options

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: N802 - Twisted's
        options = self._options
        connection: SSL.Connection = options.clientConnectionForTLS(protocol)
        verify_name = _verifyCB(protocol, options._hostnameIsDnsName, options._hostnameASCII)  # noqa: SLF001

        def verify(on: SSL.Connection, certificate: Any, code: int, depth: int, ok: int) -> bool:
            if not ok:
                failure = Failure(_BadCertificate(code))  # type: ignore[no-untyped-call]
                protocol.failVerification(failure)
                return False
            return verify_name(on, certificate, code, depth, bool(ok))

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, verify)
        return connection


class _BadCertificate(Exception):
    """Holds OpenSSL's code."""


def tls_problem(failed: BaseException | None, host: str) -> str | None:
    """Why TLS with a host failed, in one sentence; None if it was not TLS that failed."""
    if not isinstance(failed, ResponseFailed):
        return None
    for error in (each.value for each in failed.reasons):
        if isinstance(error, _BadCertificate):
            (code,) = error.args
            return f"the certificate of {host} {_PROBLEMS.get(code, f'is bad (OpenSSL: {code})')}"
        if isinstance(error, VerificationError):
            return f"the certificate of {host} is for another host"
        if isinstance(error, SSL.Error):
            return f"no TLS with {host} that is safe, 1.2 or newer"
    return None
