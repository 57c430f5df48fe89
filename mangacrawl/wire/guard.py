"""Which addresses may be connected to: a site must not lead a crawl into the user's own network."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import ThreadedResolver
from aiohttp.abc import ResolveResult
from scrapy.exceptions import CannotResolveHostError

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


class PublicOnlyResolver(ThreadedResolver):
    """aiohttp's resolver, which keeps private answers to itself.

    Every connection to a name asks it and goes to what it answered: a name that changes its
    address between check and connection is no way around it. Hosts that the user named may be
    private, unless they were public before: such a name is being rebound.
    """

    def __init__(self, private_hosts: Iterable[str]) -> None:
        super().__init__()
        self.proxies: set[str] = set()
        """Hosts that are connected to on behalf of others; `check` does not know them."""
        self._named: set[str] = set()
        self._were_public: set[str] = set()
        self.allow(private_hosts)

    def allow(self, hosts: Iterable[str]) -> None:
        """Let hosts be private, those of exactly this spelling and on any port."""
        self._named.update(map(_plain, hosts))

    async def check(self, name: str) -> None:
        """Look a host up before it is asked for; raises Refused or CannotResolveHostError.

        Literal addresses, which no connection looks up, are proved nowhere else; nor is what a
        proxy connects to.
        """
        if _is_address(name):
            self.permitted(name, [name])
            return
        try:
            answers = await super().resolve(name, family=socket.AF_UNSPEC)
        except (OSError, UnicodeError) as error:  # the latter for a label that no name can have
            raise CannotResolveHostError("no such host") from error
        self.permitted(name, [each["host"] for each in answers])

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """What aiohttp asks before it connects; raises Refused where nothing may be answered."""
        answers = await super().resolve(host, port, family)
        if _plain(host) in self.proxies:
            return answers
        permitted = self.permitted(host, [each["host"] for each in answers])
        return [each for each in answers if each["host"] in permitted]

    def permitted(self, name: str, addresses: list[str]) -> list[str]:
        """Those of a host's addresses that may be connected to; raises Refused if none may."""
        host = _plain(name)
        public = [address for address in addresses if is_public(ip_address(address))]
        if public:
            self._were_public.add(host)
            return public
        if host in self._named and host not in self._were_public:
            return addresses
        which = f"{name} is" if name in addresses else f"{name} is {addresses[0]},"
        raise Refused(f"{REFUSED}{which} a private address")


def _plain(host: str) -> str:
    return host.lower().rstrip(".")


def _is_address(name: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(name))
    return False
