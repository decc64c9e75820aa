"""A server as a child process, for campaigns and tests."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from selectors import EVENT_READ, DefaultSelector
from tempfile import TemporaryFile
from typing import IO

from orderspec.errors import TargetError

_LISTENING = re.compile(rb" at (http://\S+)")
_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 15


@contextmanager
def running_server(
    provider: str, *, database: str = "sqlite://", fault: str | None = None
) -> Iterator[str]:
    """Run the reference server of a provider beside this process.

    Args:
        provider: whose.
        database: address of the database; the default vanishes with the server.
        fault: name of a seeded fault.

    Yields:
        The URL at which it listens.

    Raises:
        TargetError: it does not start; the message ends with what it said.
    """
    command = [sys.executable, "-m", "orderspec", "serve", provider, "--port", "0"]
    command += ["--database", database]
    command += ["--fault", fault] if fault else []
    with child_server(command) as (url, _):
        yield url


@contextmanager
def child_server(command: Sequence[str]) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Run a command that serves, and stop it in the end.

    Args:
        command: writes one line with `` at http://…`` to standard output once it listens.

    Yields:
        The URL, and the process.

    Raises:
        TargetError: it ends, or stays silent, before it listens.
    """
    with TemporaryFile() as errors:
        child = subprocess.Popen(  # noqa: S603 (the command is our own)
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )
        try:
            yield _url(child, errors), child
        finally:
            _stop(child)


def _url(child: "subprocess.Popen[bytes]", errors: IO[bytes]) -> str:
    assert child.stdout is not None  # noqa: S101 (for the type checker: it was asked for)
    with DefaultSelector() as selector:
        selector.register(child.stdout, EVENT_READ)
        line = child.stdout.readline() if selector.select(_SECONDS_TO_START) else b""
    found = _LISTENING.search(line)
    if found is None:
        errors.seek(0)
        said = errors.read().decode("utf-8", errors="replace").strip()
        raise TargetError("the server did not start", said or "It said nothing about why.")
    return found[1].decode("ascii")


def _stop(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    finally:
        if child.stdout is not None:
            child.stdout.close()
