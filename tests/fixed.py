"""A server of fixed answers in a thread, which remembers what it was asked."""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from urllib.parse import urlsplit

from PIL import Image

from tests.plain import INDEX, reader

PLAIN = ("-s", "MANGA_SOURCE_MODULES=tests.plain")


def picture(shade: int = 0) -> bytes:
    buffer = BytesIO()
    Image.new("L", (200, 300), shade).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_announced: bool = True
    """Whether a Content-Length tells the size of the body."""


@dataclass(frozen=True)
class Asked:
    """A request: the path as it stood in it, and its headers with names in lower case."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


Answers = Mapping[str, Answer] | Callable[[Asked], Answer]


class Server(ThreadingHTTPServer):
    request_queue_size = 100
    daemon_threads = True
    answers: Answers
    scheme = "http"
    asked: list[Asked]

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.server_name}:{self.server_port}"

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def headers(self, path: str) -> Mapping[str, str]:
        """Those of the first request for this path."""
        return next(each.headers for each in self.asked if each.path == path)

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(self.path, headers, self.command, body)
        self.server.asked.append(asked)
        answers = self.server.answers
        if callable(answers):
            answer = answers(asked)
        else:
            answer = answers.get(urlsplit(self.path).path, Answer(status=404))
        etag = answer.headers.get("ETag")
        if etag and headers.get("if-none-match") == etag:
            answer = Answer(status=304)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.is_announced:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_CONNECT = do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def serving(
    answers: Answers,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
) -> Iterator[Server]:
    """Serve these paths, all others with 404, on a free port of a loopback address."""
    server = Server((host, 0), Handler)
    server.server_name, server.answers, server.asked = host, answers, []
    if tls:
        server.scheme = "https"
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    body = json.dumps(value).encode()
    return Answer(body, status, {"Content-Type": "application/json", **headers})


def strip(*images: str) -> dict[str, Answer]:
    """A series of the theme `plain`, at /strip, with one chapter of these images."""
    html = {"Content-Type": "text/html"}
    return {
        "/strip": Answer(INDEX.encode(), headers=html),
        "/strip/1": Answer(reader(*images).encode(), headers=html),
    }
