"""The one way onto the wire: HTTP/1.1 by aiohttp, behind the address guard."""

from functools import cached_property
from time import monotonic

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from yarl import URL

from mangacrawl.downloader import bodies_of
from mangacrawl.errors import REFUSED, Refused, Unreachable
from mangacrawl.wire.bodies import Bodies
from mangacrawl.wire.certificates import Certificates, tls_problem
from mangacrawl.wire.guard import PublicOnlyResolver

_KEEP_SECONDS = 60.0
"""How long a connection without a request is kept for the next one."""

_HEADER_BYTES = 64 * 1024
"""The longest line of a site's headers: eight times aiohttp's, as browsers take them."""

_NOT_OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp would add; Scrapy has its own."""

_NO_ADDRESS = f"{REFUSED}it has no address that can be connected to"

_FAILURES: list[tuple[type[Exception], type[Exception], str]] = [
    (aiohttp.ClientHttpProxyError, DownloadFailedError, "the proxy does not let us through"),
    (aiohttp.ClientConnectorDNSError, CannotResolveHostError, "no such host"),
    (aiohttp.ClientConnectorError, DownloadConnectionRefusedError, "connection refused"),
    (aiohttp.ClientPayloadError, ResponseDataLossError, "the site sent less than it announced"),
    (aiohttp.ClientConnectionError, DownloadFailedError, "the site broke the connection off"),
    (aiohttp.ClientError, DownloadFailedError, "the site's answer is no HTTP"),
]
"""aiohttp's exceptions in Scrapy's, which its middlewares know; the first that fits."""


class GuardedHandler(BaseDownloadHandler):
    """Fetches by http and https from where the guard lets it.

    Scrapy's own handler on aiohttp knows neither guard nor budget for bodies, and sends a signal
    for each piece of a body: a twentieth of all CPU.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._most_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._certificates = Certificates(settings)
        self._guard = PublicOnlyResolver(settings.getlist("MANGA_PRIVATE_HOSTS"))
        self._passed: set[str] = set()
        connector = aiohttp.TCPConnector(
            resolver=self._guard,
            use_dns_cache=settings.getbool("DNSCACHE_ENABLED"),
            limit=0,  # the downloader's pool is the bound
            keepalive_timeout=_KEEP_SECONDS,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_NOT_OURS,
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
        )

    @cached_property
    def _bodies(self) -> Bodies:
        return bodies_of(self.crawler)

    async def download_request(self, request: Request) -> Response:
        """Raises Refused for a host that may not be asked, Unreachable for one without safe TLS."""
        try:  # the parser of who connects: two that disagree about the host are a way round a guard
            address = URL(request.url, encoded=True).with_user(None)
        except ValueError as error:
            raise Refused(_NO_ADDRESS) from error
        host = address.raw_host or ""
        if host not in self._passed:
            self._guard.allow(self._named_by_the_user(host))
            await self._guard.check(host)
            self._passed.add(host)
        try:
            return await self._fetch(request, address)
        except TimeoutError as error:
            raise DownloadTimeoutError("no answer in time") from error
        except aiohttp.InvalidURL as error:
            raise Refused(_NO_ADDRESS) from error
        except aiohttp.ClientError as error:
            if problem := tls_problem(error, host):
                raise Unreachable(problem) from error
            kind, why = next((kind, why) for of, kind, why in _FAILURES if isinstance(error, of))
            raise kind(why) from error

    async def close(self) -> None:
        await self._session.close()

    async def _fetch(self, request: Request, address: URL) -> Response:
        headers = request.headers
        proxy: str | None = request.meta.get("proxy")
        proxy_headers = None
        if proxy:
            self._guard.proxies.add(URL(proxy).raw_host or "")
            if address.scheme == "https" and "Proxy-Authorization" in headers:
                headers = headers.copy()
                login = headers.pop("Proxy-Authorization")[0].decode("latin-1")
                proxy_headers = {"Proxy-Authorization": login}
        is_plain = address.scheme == "http" and not proxy
        sent = monotonic()
        async with self._session.request(
            request.method,
            address,
            headers=headers.to_tuple_list(),
            data=request.body or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=request.meta["download_timeout"]),
            ssl=is_plain or self._certificates.context(address.raw_host or ""),
            proxy=proxy,
            proxy_headers=proxy_headers,
        ) as answer:
            request.meta["download_latency"] = monotonic() - sent
            fields = Headers(answer.raw_headers)
            body = await self._body(request, answer)
        kind = responsetypes.from_args(headers=fields, url=request.url, body=body)
        return kind(request.url, status=answer.status, headers=fields, body=body)

    async def _body(self, request: Request, answer: aiohttp.ClientResponse) -> bytes:
        """What a response holds, as it was sent; waits while too much is in memory."""
        most = request.meta.get("download_maxsize", self._most_bytes)
        if (answer.content_length or 0) > most:
            raise DownloadCancelledError(f"{answer.content_length} bytes are announced")
        parts: list[bytes] = []
        try:
            with self._bodies.arriving(request) as body:
                async for part in answer.content.iter_any():
                    parts.append(part)
                    await body.received(len(part))
                    if body.bytes > most:
                        raise DownloadCancelledError(f"more than {most} bytes came")
            return b"".join(parts)
        finally:
            parts.clear()  # the frames of an exception would keep them

    def _named_by_the_user(self, host: str) -> set[str]:
        """The hosts of the targets; in Scrapy's shell, which has none, the first host of all."""
        hosts: set[str] = getattr(self.crawler.spider, "hosts", set())
        if hosts:
            return hosts
        return set() if self._passed else {host}
