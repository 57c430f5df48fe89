import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from mangacrawl.workers import Workers
from tests.conftest import ROOT

HANGS = """
import asyncio, time
from mangacrawl.workers import Workers

async def main():
    try:
        await Workers(1, 0.05).run(time.sleep, 3600)
    except TimeoutError:
        print("given up")

asyncio.run(main())
"""


def test_a_call_returns_what_the_function_returns():
    assert asyncio.run(Workers(2, 10).run(sorted, [2, 1], reverse=True)) == [2, 1]


def test_a_call_raises_what_the_function_raises():
    with pytest.raises(ZeroDivisionError):
        asyncio.run(Workers(2, 10).run(divmod, 1, 0))


def test_no_more_than_so_many_run_at_once():
    running, most = 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1

    async def many() -> None:
        workers = Workers(3, 10)
        await asyncio.gather(*(workers.run(work) for _ in range(30)))

    asyncio.run(many())
    assert most == 3


def test_a_thread_that_hangs_is_replaced_at_once():
    release = threading.Event()

    async def one_hangs(function: Callable[[], object]) -> int:
        workers = Workers(1, 0.05)
        with pytest.raises(TimeoutError):
            await workers.run(function)
        return await workers.run(int, "42")

    assert asyncio.run(one_hangs(release.wait)) == 42
    release.set()


def test_a_thread_that_hangs_does_not_hold_up_the_end_of_the_program():
    done = subprocess.run(
        [sys.executable, "-c", HANGS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "given up\n")
