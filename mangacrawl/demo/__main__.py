"""Runs the demo site: `python -m mangacrawl.demo` prints its address and serves."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Thread

from aiohttp import web

from mangacrawl.demo.knobs import Knobs
from mangacrawl.demo.site import make_app

_KEEP_ALIVE_SECONDS = 3600
_SHUTDOWN_SECONDS = 0.1


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; 2 if an address cannot be had."""
    options = vars(_parser().parse_args(arguments))
    until_stdin_closes = options.pop("until_stdin_closes")
    knobs = Knobs(**options)
    with ExitStack() as open_sockets:
        try:
            sockets = _listen(knobs, open_sockets)
        except OSError as error:
            sys.stderr.write(f"mangacrawl.demo: {error.strerror}: {error.filename}\n")
            return 2
        asyncio.run(_serve(knobs, sockets, until_stdin_closes=until_stdin_closes))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m mangacrawl.demo", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0, help="0 lets the system choose one")
    add("--latency", type=float, default=0, metavar="SECONDS", help="what each answer waits")
    add("--latency-sigma", type=float, default=0, metavar="S", help="its lognormal spread")
    add("--limit", type=int, metavar="N", help="answer 503 above N requests at once")
    add("--retry-after", type=int, metavar="SECONDS", help="the header to send with a 503")
    add("--error-rate", type=float, default=0, metavar="P", help="share of first-time 500s")
    add("--image-hosts", type=_positive, default=1, metavar="N", help="names images come from")
    add("--redirect-images", action="store_true", help="send images on to localhost")
    add("--until-stdin-closes", action="store_true", help="end when the parent does")
    return parser


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


def _listen(knobs: Knobs, open_sockets: ExitStack) -> list[socket.socket]:
    """A socket for each address, all on one port; raises OSError that names the address."""
    addresses = [knobs.host]
    addresses += [name for name in knobs.image_host_names if name not in {knobs.host, "localhost"}]
    sockets: list[socket.socket] = []
    port = knobs.port
    for address in addresses:
        try:
            listening = socket.create_server((address, port))
        except OSError as error:
            raise OSError(error.errno, "cannot listen", f"{address}:{port}") from error
        sockets.append(open_sockets.enter_context(listening))
        port = listening.getsockname()[1]
    return sockets


async def _serve(knobs: Knobs, sockets: list[socket.socket], *, until_stdin_closes: bool) -> None:
    loop = asyncio.get_running_loop()
    # Drawing holds the interpreter: more threads than processors only get in each other's way.
    loop.set_default_executor(ThreadPoolExecutor(os.cpu_count()))
    stopped = asyncio.Event()
    _stop_on_request(loop, stopped, until_stdin_closes=until_stdin_closes)
    runner = web.AppRunner(
        make_app(knobs),
        access_log=None,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )
    await runner.setup()
    for listening in sockets:
        await web.SockSite(runner, listening).start()
    sys.stdout.write(f"http://{knobs.host}:{sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await stopped.wait()
    await runner.cleanup()


def _stop_on_request(
    loop: asyncio.AbstractEventLoop, stopped: asyncio.Event, *, until_stdin_closes: bool
) -> None:
    def stop(*_: object) -> None:
        loop.call_soon_threadsafe(stopped.set)

    signal.signal(signal.SIGTERM, stop)
    if not until_stdin_closes:
        signal.signal(signal.SIGINT, stop)
        return
    # Ctrl+C reaches the whole terminal group, but the parent still needs us to end in good order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def wait_for_end() -> None:
        # os.read, because a buffered stdin that a thread waits for cannot be closed at exit.
        while os.read(0, 4096):
            pass
        stop()

    Thread(target=wait_for_end, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
