"""Small HTTP servers in threads: what they answer is a function of the test's."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrived; names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def sent(self) -> tuple[str, str, bytes]:
        """What of it a campaign determines."""
        return self.method, self.target, self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """A response."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


class Hang(Exception):  # noqa: N818 (a way to answer)
    """Raised by a server that gives no answer."""


class Drop(Exception):  # noqa: N818 (a way to answer)
    """Raised by a server that closes the connection."""


class Drip(Exception):  # noqa: N818 (a way to answer)
    """Raised by a server that sends its body byte by byte, without an end."""


Serve = Callable[[Call], Answer]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    serve: ClassVar[Serve]
    closing: ClassVar[Event]
    calls: ClassVar[list[Call]]
    problems: ClassVar[list[Exception]]

    def _answer(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, self.path, headers, self.rfile.read(size))
        self.calls.append(call)
        try:
            answer = type(self).serve(call)
        except Hang:
            self.closing.wait(30)
            self.close_connection = True
            return
        except Drop:
            self.close_connection = True
            return
        except Drip:
            self._drip()
            return
        except Exception as problem:  # noqa: BLE001 (it is raised where the test sees it)
            self.problems.append(problem)
            answer = Answer(500)
        self.send_response_only(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _drip(self) -> None:
        self.send_response_only(200)
        self.end_headers()
        self.close_connection = True
        try:
            while not self.closing.wait(0.05):
                self.wfile.write(b" ")
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "BREW")
for _method in _METHODS:
    setattr(_Handler, f"do_{_method}", _Handler._answer)  # noqa: SLF001 (its own methods)


@contextmanager
def serving(serve: Serve) -> Iterator[tuple[str, list[Call]]]:
    """Serve at a free port.

    Yields:
        The address, and every call so far.

    Raises:
        Exception: what the function raised first, beside the ways to give no answer.
    """
    closing, calls, problems = Event(), list[Call](), list[Exception]()
    members = {"serve": staticmethod(serve), "closing": closing, "calls": calls}
    handler = type("Handler", (_Handler,), {**members, "problems": problems})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
    for problem in problems:
        raise problem
