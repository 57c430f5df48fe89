"""The one way onto the wire: Scrapy's HTTP/1.1 handler behind the address guard."""

from functools import cached_property
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers import http11
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from mangacrawl.downloader import bodies_of
from mangacrawl.errors import MangacrawlError, Unreachable
from mangacrawl.wire.certificates import Certificates, tls_problem
from mangacrawl.wire.guard import PublicOnlyResolver


class GuardedHandler(http11.HTTP11DownloadHandler):
    """Fetches by http and https from where the guard lets it.

    The resolver alone would do for direct connections, but Twisted swallows its reason, and behind
    a proxy it would see only the proxy's name: so the target is checked here first.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._passed: set[str] = set()
        exceptions = crawler.settings.getlist("MANGA_UNVERIFIED_HOSTS")
        self._contextFactory = Certificates(  # type: ignore[assignment] # mypy knows no zope
            self._contextFactory, frozenset(exceptions)
        )

    @cached_property
    def _guard(self) -> PublicOnlyResolver:
        """The resolver; `scrapy shell` installs it later than this handler."""
        from twisted.internet import reactor  # noqa: PLC0415 - the first import installs it

        resolver = getattr(reactor, "resolver", None)
        if not isinstance(resolver, PublicOnlyResolver):
            raise MangacrawlError("TWISTED_DNS_RESOLVER must be a PublicOnlyResolver")
        return resolver

    async def download_request(self, request: Request) -> Response:
        """Raises Refused for a host that may not be asked, Unreachable for one without safe TLS."""
        host = urlparse_cached(request).hostname or ""
        if host not in self._passed:
            self._guard.allow(self._named_by_the_user(host))
            await self._guard.check(host)
            self._passed.add(host)
        if request.meta.get("proxy"):
            self._guard.proxies.add(urlsplit(request.meta["proxy"]).hostname or "")
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            problem = tls_problem(error.__cause__, host)
            if problem:
                raise Unreachable(problem) from error
            raise

    def _named_by_the_user(self, host: str) -> set[str]:
        """The hosts of the targets; in Scrapy's shell, which has none, the first host of all."""
        hosts: set[str] = getattr(self._crawler.spider, "hosts", set())
        if hosts:
            return hosts
        return set() if self._passed else {host}


class _CountingReader(http11._ResponseReader):  # noqa: SLF001 - Scrapy has no other way
    """Scrapy's reader of a body, held back when too much is in memory."""

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's
        super().dataReceived(data)
        if not self._finished.called:
            assert self.transport  # noqa: S101 - for mypy
            bodies_of(self._crawler).received(self._request, len(data), self.transport)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's
        bodies_of(self._crawler).arrived(self._request)
        super().connectionLost(reason)


vars(http11)["_ResponseReader"] = _CountingReader
