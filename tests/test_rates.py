from mangacrawl.source import Limit
from mangacrawl.wire.rates import Rates


def rates_after(*sent: tuple[str, float]) -> Rates:
    """An API of 5 requests a second, of which at-home takes 3 a minute."""
    rates = Rates()
    rates.limit({"api": Limit(per_second=5), "api/at-home/": Limit(per_minute=3)})
    for key, now in sent:
        rates.sent(key, now)
    return rates


def test_nothing_is_held_before_the_first_request():
    assert rates_after().free_at("api") == 0


def test_what_has_no_limit_is_never_held():
    assert rates_after(("images", 100.0)).free_at("images") == 0


def test_a_rate_a_second_is_kept_with_a_margin():
    assert rates_after(("api", 100.0)).free_at("api") == 100.21


def test_a_request_to_a_part_of_a_host_counts_for_the_host():
    assert rates_after(("api/at-home/", 100.0)).free_at("api") == 100.21
    assert rates_after(("api", 100.0)).free_at("api/at-home/") == 100.21


def test_a_rate_a_minute_counts_any_minute():
    rates = rates_after(*(("api/at-home/", now) for now in (100.0, 110.0, 120.0)))
    assert rates.free_at("api/at-home/") == 163.0
    assert rates.free_at("api") == 120.21


def test_crawls_divide_a_limit_among_them():
    rates = rates_after(*(("api/at-home/", now) for now in (100.0, 110.0, 120.0)))
    assert rates.free_at("api/at-home/", crawls=3) == 183.0
    assert rates.free_at("api", crawls=2) == 120.42
