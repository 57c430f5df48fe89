"""Which hosts are one site: those that share what somebody has registered."""

from functools import lru_cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

# Scrapy's asks publicsuffix.org at its first use, in the event loop and past the guard; this
# one knows the public suffixes of its release.
PUBLIC_SUFFIXES = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def site_of(url: str) -> str:
    """The site that an address belongs to: its registrable domain, else its host.

    So has a browser it ("same site" in HTML): www.a.example and api.a.example are one, and
    a.github.io and b.github.io are two.
    """
    return _site_of_host((urlsplit(url).hostname or "").rstrip("."))


@lru_cache(maxsize=1000)
def _site_of_host(host: str) -> str:
    return PUBLIC_SUFFIXES(host).top_domain_under_public_suffix or host
