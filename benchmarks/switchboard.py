"""A reference server whose fault is changed over its standard input: no start for each fault.

Usage: python -m benchmarks.switchboard PROVIDER

It is what `orderspec serve` runs, but for the one thing: each line on standard input (the name of a
fault, or an empty one) puts a new application over a new database in the place of the last, and is
answered by a line. The line ``?`` is answered by the number of requests that came since.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import IO

from starlette.types import Receive, Scope, Send

from orderspec.contract import catalog
from orderspec.errors import TargetError
from orderspec.server.app import DEFAULT_LIMITS, Application, create_app
from orderspec.server.faults import behaviour, find_fault
from orderspec.server.listening import address_of, listen, serve
from orderspec.server.provider import Refusal, Reply
from orderspec.server.store import Store

COUNT = "?"
_HOST = "127.0.0.1"


class Switchboard(Application):
    """Stands before the application of the moment."""

    def __init__(self, provider: str) -> None:
        """Begin without a fault."""
        self._contract, self._behaviour = catalog.load(provider), behaviour(provider)
        self._store = Store("sqlite://")
        self.switch("")

    def switch(self, fault: str) -> None:
        """Put a new application over a new database in the place of the last.

        Args:
            fault: name of a fault, or an empty text.
        """
        one = self._behaviour
        seeded = find_fault(fault, {self._contract.name: one}) if fault else None
        self._store.close()
        self._store = Store("sqlite://")
        self._now = create_app({"": (self._contract, one)}, self._store, fault=seeded)
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request, and hand it on."""
        self.requests += scope["type"] == "http"
        await self._now(scope, receive, send)

    def worded(self, refusal: Refusal) -> Reply:
        """Word a refusal of bytes that were no request yet, as the application would."""
        self.requests += 1
        return self._now.worded(refusal)


@dataclass(frozen=True, slots=True)
class Board:
    """The other end: a switchboard in a child process."""

    url: str
    into: IO[str]
    out: IO[str]

    def switch(self, fault: str | None) -> None:
        """Seed a fault, or none; what was stored is gone."""
        self._ask(fault or "")

    def requests(self) -> int:
        """Count the requests that came since the latest switch."""
        return int(self._ask(COUNT))

    def _ask(self, line: str) -> str:
        print(line, file=self.into, flush=True)
        answer = self.out.readline().strip()
        if not answer:
            message = "the switchboard is gone"
            raise TargetError(message)
        return answer


@contextmanager
def switchboard(provider: str) -> Iterator[Board]:
    """Run a switchboard beside this process; it ends with its standard input.

    Raises:
        TargetError: it does not start.
    """
    command = [sys.executable, "-m", "benchmarks.switchboard", provider]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin is not None  # noqa: S101 (for the type checker: both were asked for)
        assert child.stdout is not None  # noqa: S101 (the same)
        url = child.stdout.readline().strip()
        if not url:
            message = "the switchboard did not start"
            raise TargetError(message)
        yield Board(url, child.stdin, child.stdout)


def main() -> None:
    """Serve until standard input ends."""
    listener = listen(_HOST, 0)
    board = Switchboard(sys.argv[1])
    operator = Thread(target=_obey, args=(board,), daemon=True)

    def announce() -> None:
        print(address_of(listener, _HOST), flush=True)
        operator.start()

    serve(board, listener, DEFAULT_LIMITS, announce)


def _obey(board: Switchboard) -> None:
    for line in map(str.strip, sys.stdin):
        if line == COUNT:
            print(board.requests, flush=True)
        else:
            board.switch(line)
            print("switched", flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
