"""How the demo site behaves: what a test or a benchmark can make difficult."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Knobs:
    """The demo site's behaviour; the defaults are an easy and fast site.

    ``latency`` is the median in seconds that every answer waits, ``latency_sigma`` the spread of
    the lognormal distribution around it. Above ``limit`` requests at once come 503s, with a
    Retry-After of ``retry_after`` seconds; None means no limit and no such header. ``error_rate``
    is the share of reader pages and images whose first request is answered with a 500.
    """

    host: str = "127.0.0.1"
    port: int = 0
    latency: float = 0
    latency_sigma: float = 0
    limit: int | None = None
    retry_after: int | None = None
    error_rate: float = 0
    image_hosts: int = 1
    redirect_images: bool = False

    @property
    def image_host_names(self) -> list[str]:
        """The names under which images are offered; all of them mean this machine."""
        names = ["127.0.0.1", "localhost"]
        names += [f"127.0.0.{number}" for number in range(2, self.image_hosts)]
        return names[: self.image_hosts]
