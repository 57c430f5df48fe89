import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mangacrawl.wire import lease
from mangacrawl.wire.lease import EXPIRY_SECONDS, LocalLease, Share, fair_share
from tests.conftest import Start, remember_fifty, run_crawl, started, wait_for

SITE = "a.example"


@pytest.fixture
def everyone_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "_is_alive", lambda _: True)


@pytest.mark.parametrize(
    ("wanted", "others", "share"),
    [
        (50, [], 50),
        (3, [], 50),
        (50, [50], 25),
        (50, [10], 40),
        (10, [50], 10),
        (50, [50, 50], 16),
        (5, [5], 25),
        (50, [0], 50),
    ],
)
def test_the_pool_is_shared_fairly(wanted: int, others: list[int], share: int):
    assert fair_share(50, wanted, others) == share


def test_one_crawl_has_all_of_the_pool(tmp_path: Path):
    assert LocalLease(tmp_path).renew(SITE, 50, 0, 50) == Share(50, 1)


@pytest.mark.usefixtures("everyone_lives")
def test_a_second_crawl_gets_its_half_when_the_first_has_let_go(tmp_path: Path):
    first, second = LocalLease(tmp_path, 1), LocalLease(tmp_path, 2)
    first.renew(SITE, 50, 0, 50)
    assert second.renew(SITE, 50, 0, 50) == Share(0, 2)
    assert first.renew(SITE, 50, 50, 50) == Share(25, 2)
    assert second.renew(SITE, 50, 0, 50) == Share(0, 2), "the first may still have fifty in flight"
    assert first.renew(SITE, 50, 25, 50) == Share(25, 2)
    assert second.renew(SITE, 50, 0, 50) == Share(25, 2)


@pytest.mark.usefixtures("everyone_lives")
def test_another_site_is_another_pool(tmp_path: Path):
    LocalLease(tmp_path, 1).renew(SITE, 50, 0, 50)
    assert LocalLease(tmp_path, 2).renew("b.example", 50, 0, 50) == Share(50, 1)


@pytest.mark.usefixtures("everyone_lives")
def test_what_is_given_back_is_free(tmp_path: Path):
    first = LocalLease(tmp_path, 1)
    first.renew(SITE, 50, 0, 50)
    first.close()
    assert LocalLease(tmp_path, 2).renew(SITE, 50, 0, 50) == Share(50, 1)


def test_the_slots_of_a_dead_process_are_free(tmp_path: Path):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        LocalLease(tmp_path, process.pid).renew(SITE, 50, 0, 50)
    assert LocalLease(tmp_path).renew(SITE, 50, 0, 50) == Share(50, 1)


@pytest.mark.usefixtures("everyone_lives")
@pytest.mark.parametrize("later", [EXPIRY_SECONDS + 1, -1000])
def test_the_slots_of_a_silent_process_are_free_and_those_from_before_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: float
):
    monkeypatch.setattr(lease, "monotonic", lambda: 5000.0)
    LocalLease(tmp_path, 1).renew(SITE, 50, 0, 50)
    monkeypatch.setattr(lease, "monotonic", lambda: 5000.0 + later)
    assert LocalLease(tmp_path, 2).renew(SITE, 50, 0, 50) == Share(50, 1)


@pytest.mark.usefixtures("everyone_lives")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60), st.integers(0, 50))))
def test_all_crawls_together_never_hold_more_than_the_pool(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[int, int, int]]
):
    folder = tmp_path_factory.mktemp("lease")
    may_use: dict[int, int] = {}
    for crawl, wanted, in_flight in turns:
        held = may_use.get(crawl, 0)
        share = LocalLease(folder, crawl).renew(SITE, 50, held, wanted)
        # Until requests have ended a crawl uses what it had; then no more than its share.
        may_use[crawl] = max(share.slots, min(held, in_flight))
        assert sum(may_use.values()) <= 50


def test_two_crawls_of_a_site_share_its_pool_and_a_killed_one_leaves_it(
    start_site: Start, tmp_path: Path
):
    site = start_site("--latency", "0.3")
    output = tmp_path / "output"
    remember_fifty(output, site)
    first = started(output, url=f"{site.url}/akira", chapters="1-40")
    wait_for(lambda: site.stats()["peak_in_flight"] == 50)
    second = run_crawl(output, url=f"{site.url}/traps")
    first.kill()
    first.communicate(timeout=20)
    assert (second.exit_code, site.stats()["peak_in_flight"]) == (0, 50)
    site.forget()
    assert run_crawl(output, url=f"{site.url}/akira", chapters="41-52").exit_code == 0
    assert site.stats()["peak_in_flight"] == 50
