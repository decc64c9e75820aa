"""A request as it arrived: bytes off the wire, nothing decided yet."""

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import quote

from starlette.requests import Request

from orderspec.server.limits import Limits


class Overrun(Enum):
    """Why a body was not read to its end."""

    TOO_LARGE = auto()
    TOO_SLOW = auto()


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a client sent.

    Attributes:
        method: as sent.
        path: below the mount, percent-encoded as sent, without the query.
        query: percent-encoded as sent.
        headers: lower-case name and value, in order, repeated names kept apart.
        body: the bytes, or why there are none.
    """

    method: str
    path: bytes
    query: bytes
    headers: tuple[tuple[str, str], ...]
    body: bytes | Overrun

    def values(self, name: str) -> list[str]:
        """Get every value of a header, by its lower-case name."""
        return [value for header, value in self.headers if header == name]

    @property
    def joined_headers(self) -> dict[str, str]:
        """Headers by name; the values of a repeated one joined by commas, as HTTP reads them."""
        joined: dict[str, str] = {}
        for name, value in self.headers:
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
        return joined


def raw_path(request: Request) -> bytes:
    """Get the path as sent: percent-encoded, without the query."""
    path: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode("ascii")
    return path


async def arrive(request: Request, prefix: str, limits: Limits) -> Arrival:
    """Take in a request; a body is read no further than the limits go.

    Raises:
        ClientDisconnect: the client went away before its body was whole.
    """
    return Arrival(
        method=request.method,
        path=raw_path(request).removeprefix(prefix.encode("ascii")),
        query=request.scope["query_string"],
        headers=tuple(request.headers.items()),
        body=await _body(request, limits),
    )


async def _body(request: Request, limits: Limits) -> bytes | Overrun:
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limits.body_bytes:
        return Overrun.TOO_LARGE
    received = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            async for chunk in request.stream():
                received += chunk
                if len(received) > limits.body_bytes:
                    return Overrun.TOO_LARGE
    except TimeoutError:
        return Overrun.TOO_SLOW
    return bytes(received)
