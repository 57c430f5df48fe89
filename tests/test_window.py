from mangacrawl.window import START, Window


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
    window.overloaded(sent=1.0, now=2.0)
    assert window.slots == 35


def test_requests_sent_before_the_last_cut_do_not_cut_again():
    window = Window(50, size=50)
    window.overloaded(sent=1.0, now=2.0)
    window.overloaded(sent=1.9, now=3.0)
    assert window.slots == 35


def test_a_window_is_cut_once_a_round_trip():
    window = Window(50, size=50, latency=5.0)
    window.overloaded(sent=1.0, now=2.0)
    window.overloaded(sent=2.1, now=3.0)
    assert window.slots == 35


def test_after_a_cut_growth_is_one_a_round_trip():
    window = Window(50, size=50)
    window.overloaded(sent=1.0, now=2.0)
    answered(window, 36, start=3.0)
    assert window.slots == 36


def test_a_window_that_is_not_full_does_not_grow():
    window = Window(50)
    window.succeeded(0.0, 0.5, 0.5, in_flight=3)
    assert window.size == START


def test_rising_latency_shrinks_the_window():
    window = Window(50, size=50)
    now = answered(window, 50)
    for step in range(60):
        window.succeeded(now + step, now + step + 2.0, 2.0, window.slots)
    assert window.slots < 40


def test_a_window_never_closes():
    window = Window(50)
    for second in range(100):
        window.overloaded(sent=second * 10.0, now=second * 10.0 + 1)
    assert window.slots == 1
