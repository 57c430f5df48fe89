"""Which addresses may be connected to: a site must not lead a crawl into the user's own network."""

from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from mangacrawl.errors import REFUSED, Refused

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_6TO4 = IPv6Network("2002::/16")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is globally reachable by IANA's special-purpose registries.

    Stricter than Python's ``is_global``, which also takes multicast, NAT64 (64:ff9b::/96), 6to4,
    site-local and IPv4-compatible addresses; the last four can be private IPv4 in disguise.
    """
    if isinstance(address, IPv6Address) and (address not in _GLOBAL_UNICAST or address in _6TO4):
        return False
    return address.is_global and not address.is_multicast


class PublicOnlyResolver(CachingThreadedResolver):
    """Scrapy's resolver (IPv4, one answer a name), which keeps private answers to itself.

    Every connection asks it, one to a literal address too, and connects to what it answered: a
    name that changes its address between check and connection is no way around it. Hosts that
    the user named may be private, unless they were public before: such a name is being rebound.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.proxies: set[str] = set()
        """Hosts that are connected to on behalf of others; `check` does not know them."""
        self._named: set[str] = set()
        self._were_public: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow(crawler.settings.getlist("MANGA_PRIVATE_HOSTS"))
        return resolver

    def allow(self, hosts: Iterable[str]) -> None:
        """Let hosts be private, those of exactly this spelling and on any port."""
        self._named.update(map(_plain, hosts))

    async def check(self, name: str) -> None:
        """Look a host up before it is asked for; raises Refused or CannotResolveHostError."""
        address = name
        if not _is_ipv6(name):
            try:
                address = await maybe_deferred_to_future(super().getHostByName(name))
            except DNSLookupError as error:
                raise CannotResolveHostError(str(error)) from error
        refusal = self.refusal(name, address)
        if refusal:
            raise Refused(refusal)

    def getHostByName(  # noqa: N802 - Twisted's
        self, name: str, timeout: Iterable[int] = ()
    ) -> "Deferred[str]":
        """What Twisted asks before it connects; a refusal is a failed lookup to it."""

        def checked(address: str) -> str:
            refusal = self.refusal(name, address)
            if refusal and _plain(name) not in self.proxies:
                raise DNSLookupError(refusal)
            return address

        return super().getHostByName(name).addCallback(checked)

    def refusal(self, name: str, address: str) -> str | None:
        """Why a host with this address may not be asked; None if it may."""
        host = _plain(name)
        if is_public(ip_address(address)):
            self._were_public.add(host)
            return None
        if host in self._named and host not in self._were_public:
            return None
        which = f"{name} is" if name == address else f"{name} is {address},"
        return f"{REFUSED}{which} a private address"


def _plain(host: str) -> str:
    return host.lower().rstrip(".")


def _is_ipv6(name: str) -> bool:
    with suppress(ValueError):
        return ip_address(name).version == 6
    return False
