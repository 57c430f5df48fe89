import json
from pathlib import Path
from random import Random

import pytest

from mangacrawl.wire.window import Window, read_windows, write_windows


def answered(window: Window, times: int, latency: float = 0.5, start: float = 0.0) -> float:
    """So many answers, each after one latency, the window full all the time."""
    now = start
    for _ in range(times):
        now += latency / window.slots
        window.succeeded(now - latency, now, latency, window.slots)
    return now


def test_a_window_starts_at_ten():
    assert Window(50).slots == 10


def test_a_window_doubles_in_a_round_trip():
    window = Window(50)
    answered(window, 10)
    assert window.slots == 20


def test_a_window_never_exceeds_its_cap():
    window = Window(50)
    answered(window, 1000)
    assert window.slots == 50


def test_an_overload_cuts_by_three_tenths():
    window = Window(50, size=50)
    window.overloaded(sent=1.0, now=2.0, in_flight=window.slots)
    assert window.slots == 35


def test_requests_sent_before_the_last_cut_do_not_cut_again():
    window = Window(50, size=50)
    window.overloaded(sent=1.0, now=2.0, in_flight=window.slots)
    window.overloaded(sent=1.9, now=3.0, in_flight=window.slots)
    assert window.slots == 35


def test_a_window_is_cut_once_a_round_trip():
    window = Window(50, size=50, latency=5.0, answers=100)
    window.overloaded(sent=1.0, now=2.0, in_flight=window.slots)
    window.overloaded(sent=2.1, now=3.0, in_flight=window.slots)
    assert window.slots == 35


def test_a_refusal_right_after_a_cut_holds_back_until_the_round_trip_ends():
    window = Window(50, size=50, latency=5.0, answers=100)
    assert window.overloaded(sent=1.0, now=2.0, in_flight=50) == 2.0
    assert window.overloaded(sent=2.1, now=3.0, in_flight=35) == 7.0


def test_after_a_cut_it_is_quickly_near_where_the_site_broke():
    window = Window(50, size=40)
    window.overloaded(sent=1.0, now=2.0, in_flight=40)
    answered(window, 28 + 31, start=3.0)
    assert window.slots == 33


def test_near_where_the_site_broke_growth_is_one_a_round_trip():
    window = Window(50, size=36, broke_at=40, last_cut=0.0)
    answered(window, 36, start=3.0)
    assert window.slots == 36
    answered(window, 2, start=3.0)
    assert window.slots == 37


def test_where_the_site_broke_it_is_only_tried_now_and_then():
    window = Window(50, size=39.5, broke_at=40, last_cut=0.0)
    answered(window, 5 * 39, start=3.0)
    assert window.slots == 39


def test_a_site_that_bears_more_than_it_did_is_not_held_down():
    window = Window(50, size=41.9, broke_at=40, last_cut=0.0)
    answered(window, 42 * 10, start=3.0)
    assert window.slots == 50


def test_answers_that_differ_are_no_queue():
    window = Window(50, size=50)
    rng = Random(1)
    for second in range(5000):
        latency = 0.5 * rng.lognormvariate(0, 0.5)
        window.succeeded(second - latency, float(second), latency, 50)
    assert window.slots == 50


def test_a_window_that_is_not_full_does_not_grow():
    window = Window(50)
    window.succeeded(0.0, 0.5, 0.5, in_flight=3)
    assert window.size == Window.START


def test_rising_latency_shrinks_the_window():
    window = Window(50, size=50)
    now = answered(window, 50)
    for step in range(60):
        window.succeeded(now + step, now + step + 2.0, 2.0, window.slots)
    assert window.slots < 40


def test_a_learnt_window_is_remembered(tmp_path: Path):
    write_windows(tmp_path / "w.json", {"a.example": Window(50, size=37.5)})
    assert read_windows(tmp_path / "w.json") == {"a.example": 37.0}


def test_windows_of_other_sites_are_kept(tmp_path: Path):
    write_windows(tmp_path / "w.json", {"a.example": Window(50, size=37)})
    write_windows(tmp_path / "w.json", {"b.example": Window(50, size=20)})
    assert read_windows(tmp_path / "w.json") == {"a.example": 37.0, "b.example": 20.0}


def test_a_window_that_never_moved_leaves_no_trace(tmp_path: Path):
    write_windows(tmp_path / "w.json", {"a.example": Window(50)})
    assert not (tmp_path / "w.json").exists()


def test_an_old_window_is_forgotten(tmp_path: Path):
    row = {"a.example": {"window": 37, "date": "2020-01-01"}}
    (tmp_path / "w.json").write_text(json.dumps(row))
    assert read_windows(tmp_path / "w.json") == {}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"window": "x"}}'])
def test_a_damaged_memory_is_none(tmp_path: Path, text: str):
    (tmp_path / "w.json").write_text(text)
    assert read_windows(tmp_path / "w.json") == {}


def test_a_window_never_closes():
    window = Window(50)
    for second in range(100):
        window.overloaded(sent=second * 10.0, now=second * 10.0 + 1, in_flight=window.slots)
    assert window.slots == 1
