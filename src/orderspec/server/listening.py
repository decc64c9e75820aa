"""Listen, say so, serve until told to stop."""

import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from orderspec.errors import UsageError
from orderspec.server.app import Application
from orderspec.server.limits import Limits
from orderspec.server.protocol import protocol_for

_SECONDS_TO_FINISH = 5
# While a worker computes, the thread that reads and writes waits for its turn; Python's own 5 ms
# are longer than most answers take.
_SECONDS_TO_SWITCH = 0.0005
_STOP = (signal.SIGINT, signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    Args:
        host: name or address to listen on.
        port: 0 takes any that is free.

    Raises:
        UsageError: the port is taken, or the host is not ours.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server((str(address[0]), port), family=family, backlog=2048)
    except OSError as problem:
        message = f"port {port} of {host} cannot be listened on: {problem.strerror or problem}"
        raise UsageError(message, "Choose another with --port, or --port 0 for a free one.") from (
            problem
        )
    # Head and body of an answer are two writes: without this the body waits for the other side's
    # acknowledgement. Connections inherit it; asyncio sets it on sockets of its own making only.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    """Write the URL at which a listening socket is reached under the name it was asked for by."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def serve(
    app: Application, listener: socket.socket, limits: Limits, announce: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM; requests that are under way are finished first.

    Args:
        app: what to serve.
        listener: from `listen`.
        limits: how much a request may cost.
        announce: called once the first request can come.
    """
    config = uvicorn.Config(
        app,
        http=protocol_for(app.worded, limits),
        ws="none",
        lifespan="off",
        log_config=None,
        server_header=False,
        # The application refuses long heads in its own words, if uvicorn lets them through to it.
        h11_max_incomplete_event_size=2 * (limits.header_bytes + limits.target_bytes),
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    sys.setswitchinterval(_SECONDS_TO_SWITCH)
    _Server(config, announce).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal without dying of it afterwards: being asked to stop is no failure."""
        before = {number: signal.signal(number, self.handle_exit) for number in _STOP}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
