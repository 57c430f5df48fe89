"""Threads for work that may hang: a decoder, a disk, a writer of volumes."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """At most ``count`` calls at once, each at most so many seconds.

    A thread that hangs is given up and another takes its place at once; it is a daemon, so that
    it does not hold up the end of the program either. (The threads of `concurrent.futures` would.)
    """

    def __init__(self, count: int, seconds: float) -> None:
        self.seconds = seconds
        self._turn = asyncio.Semaphore(count)
        self._idle: list[_Worker] = []

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in a thread; raises what it raises, or TimeoutError."""
        async with self._turn:
            worker = self._idle.pop() if self._idle else _Worker()
            result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            worker.jobs.put(_Job(result, lambda: function(*args, **kwargs)))
            try:
                return await asyncio.wait_for(result, self.seconds)
            finally:
                if not result.cancelled():  # else the thread is still at it, for ever perhaps
                    self._idle.append(worker)


class _Job:
    """A call, and the future of the event loop that waits for it."""

    __slots__ = ("call", "loop", "result")

    def __init__(self, result: "asyncio.Future[Any]", call: Callable[[], Any]) -> None:
        self.loop = result.get_loop()
        self.result = result
        self.call = call

    def do(self) -> None:
        try:
            value = self.call()
        except BaseException as error:  # noqa: BLE001 - handed on to who waits
            self._settle(self.result.set_exception, error)
        else:
            self._settle(self.result.set_result, value)

    def _settle(self, settle: Callable[[Any], None], outcome: object) -> None:
        def tell() -> None:
            if not self.result.done():
                settle(outcome)

        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(tell)


class _Worker(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="worker", daemon=True)
        self.jobs: SimpleQueue[_Job] = SimpleQueue()
        self.start()

    def run(self) -> None:
        while True:
            self.jobs.get().do()
