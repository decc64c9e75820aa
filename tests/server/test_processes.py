"""Real server processes: killed, doubled, stopped, sent what is no HTTP."""

import json
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import Popen
from threading import Barrier, Event

import httpx
import pytest

from orderspec.errors import TargetError
from orderspec.server.process import child_server
from tests.server.toy import BEARER

ROOT = Path(__file__).parents[2]

Serving = AbstractContextManager[tuple[str, Popen[bytes]]]


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Serving]:
    """Give a way to start toy servers."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'src'}:{ROOT}")

    def serve(database: str = "sqlite://", seconds: float = 30) -> Serving:
        command = [sys.executable, "-m", "tests.server.toy", database, str(seconds)]
        return child_server(command)

    return serve


def client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers=BEARER, timeout=30, trust_env=False)


def exchange(url: str, *parts: bytes) -> bytes:
    """Send bytes, and read until the server closes the connection."""
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port or 80), timeout=20) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


def trouble(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/json" in head
    return int(head.split()[1]), json.loads(body)["trouble"]


def test_orders_that_were_acknowledged_survive_a_kill_under_load(
    toys: Callable[..., Serving], database: str
) -> None:
    acknowledged: list[str] = []
    enough = Event()

    def create_until_the_end(url: str) -> None:
        with client(url) as caller:
            for number in range(1000):
                try:
                    answer = caller.post("/toys", json={"name": f"toy {number}"})
                except httpx.TransportError:
                    return
                acknowledged.append(answer.raise_for_status().json()["id"])
                if len(acknowledged) >= 40:
                    enough.set()

    with toys(database) as (url, child), ThreadPoolExecutor(4) as callers:
        ends = [callers.submit(create_until_the_end, url) for _ in range(4)]
        assert enough.wait(60)
        child.send_signal(signal.SIGKILL)
        for end in ends:
            end.result(60)
    with toys(database) as (url, _), client(url) as caller:
        stored = [toy["id"] for toy in caller.get("/toys").json()["toys"]]
    assert len(acknowledged) >= 40
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))


def test_one_key_sent_to_two_processes_at_once_makes_one_order(
    toys: Callable[..., Serving], database: str
) -> None:
    rounds = 15
    with toys(database) as (first, _), toys(database) as (second, _):
        together = Barrier(4, timeout=60)

        def create_in_step(url: str) -> list[str]:
            with client(url) as caller:
                ids = []
                for number in range(rounds):
                    together.wait()
                    answer = caller.post("/toys", json={"name": "bear", "key": f"key {number}"})
                    ids.append(answer.raise_for_status().json()["id"])
                return ids

        with ThreadPoolExecutor(4) as callers:
            answers = list(callers.map(create_in_step, [first, second, first, second]))
        with client(first) as caller:
            stored = [toy["id"] for toy in caller.get("/toys").json()["toys"]]
    assert answers[0] == answers[1] == answers[2] == answers[3]
    assert sorted(stored) == sorted(answers[0])
    assert len(set(stored)) == rounds


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_asked_to_stop_exits_with_zero_and_says_nothing(
    toys: Callable[..., Serving], number: signal.Signals
) -> None:
    with toys() as (url, child):
        assert httpx.get(f"{url}/toys", trust_env=False).status_code == 200
        child.send_signal(number)
        assert child.wait(30) == 0


def test_a_server_that_dies_before_it_listens_is_shown_with_what_it_said(
    toys: Callable[..., Serving],
) -> None:
    with pytest.raises(TargetError, match="no/such/folder"), toys("sqlite:////no/such/folder/x.db"):
        pass


CHUNKED = (
    b"POST /toys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer toy-token\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
ANNOUNCED = (
    b"POST /toys HTTP/1.1\r\nHost: x\r\n"
    b"Authorization: Bearer toy-token\r\nContent-Length: %d\r\n\r\n"
)


def test_bytes_over_a_limit_or_beside_http_are_refused_in_the_providers_form(
    toys: Callable[..., Serving],
) -> None:
    header = b"X: " + b"y" * 60_000 + b"\r\n"
    endless = b"X: " + b"y" * 200_000
    body = b'{"name": "bear"}'
    with toys(seconds=1) as (url, _):
        seen = {
            "no http": trouble(exchange(url, b"hello\r\n\r\n")),
            "two lengths": trouble(
                exchange(url, b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")
            ),
            "long header": trouble(
                exchange(
                    url,
                    b"GET /toys HTTP/1.1\r\nConnection: close\r\nHost: x\r\n" + header + b"\r\n",
                )
            ),
            "endless header": trouble(exchange(url, b"GET /toys HTTP/1.1\r\n" + endless)),
            "half a head": trouble(exchange(url, b"GET /toys HTT")),
            "half a body": trouble(exchange(url, ANNOUNCED % 50 + body)),
            "announced": trouble(exchange(url, ANNOUNCED % 10_000_000 + b"[")),
            "chunked": trouble(exchange(url, CHUNKED, b"fffff\r\n" + b"[" * 0xFFFFF + b"\r\n")),
            "broken chunk": trouble(exchange(url, CHUNKED + b"zz\r\n")),
        }
        with client(url) as caller:
            assert caller.get("/toys/count").json() == 0
    assert seen == {
        "no http": (400, "malformed"),
        "two lengths": (400, "malformed"),
        "long header": (431, "too-large"),
        "endless header": (431, "too-large"),
        "half a head": (408, "timeout"),
        "half a body": (408, "timeout"),
        "announced": (413, "too-large"),
        "chunked": (413, "too-large"),
        "broken chunk": (400, "malformed"),
    }


def test_a_chunked_body_and_one_that_waits_to_be_asked_for_are_read(
    toys: Callable[..., Serving],
) -> None:
    def pieces() -> object:
        yield b'{"name": '
        yield b'"bear"}'

    with toys() as (url, _), client(url) as caller:
        assert caller.post("/toys", content=pieces()).status_code == 200  # type: ignore[arg-type]  # a generator of bytes
        waiting = ANNOUNCED.replace(
            b"\r\n\r\n", b"\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        answer = exchange(url, waiting % 13, b'{"name": "b"}')
    assert answer.startswith(b"HTTP/1.1 100")
    assert b"HTTP/1.1 200" in answer


def test_an_idle_connection_is_let_go(toys: Callable[..., Serving]) -> None:
    with toys(seconds=0.5) as (url, _):
        assert exchange(url) == b""
