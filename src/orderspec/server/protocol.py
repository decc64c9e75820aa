"""HTTP below the application: bytes that are no request are refused in the provider's form, too.

uvicorn answers those itself, in plain text, and waits without end for the rest of a request's head.
"""

import asyncio
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from orderspec.server.limits import Limits
from orderspec.server.provider import Refusal, Reply, Trouble
from orderspec.server.rendering import headers, payload

_CAN_ANSWER = {h11.IDLE, h11.SEND_RESPONSE}


def protocol_for(worded: Callable[[Refusal], Reply], limits: Limits) -> type[H11Protocol]:
    """Make the protocol class of a server.

    Args:
        worded: words a refusal.
        limits: the time that a head may take, and that the rest of a refused body may take.
    """
    settings = {"worded": staticmethod(worded), "seconds": limits.seconds}
    return type("PatientProtocol", (_PatientProtocol,), settings)


class _PatientProtocol(H11Protocol):
    """One connection; patient for so many seconds, and polite when they are over."""

    worded: ClassVar[Callable[[Refusal], Reply]]
    seconds: ClassVar[float]
    head_timer: asyncio.TimerHandle | None = None
    drain_timer: asyncio.TimerHandle | None = None
    has_refused: bool = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # narrowed by uvicorn itself
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self.head_timer = _stopped(self.head_timer)
        self.drain_timer = _stopped(self.drain_timer)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self.has_refused:
            super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        if self.conn.their_state is not h11.IDLE:
            self.head_timer = _stopped(self.head_timer)
            return
        self.drain_timer = _stopped(self.drain_timer)
        if self.conn.trailing_data[0]:
            self._expect_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._drain()

    def send_400_response(self, msg: str) -> None:
        status = getattr(sys.exception(), "error_status_hint", 400)
        self._refuse(
            Refusal(Trouble.TOO_LARGE, status, "The head of the request is too large.")
            if status == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            else Refusal(Trouble.MALFORMED, 400, msg)
        )

    def _expect_head(self) -> None:
        if self.head_timer is None:
            self.head_timer = self.loop.call_later(self.seconds, self._give_up_on_head)

    def _give_up_on_head(self) -> None:
        if self.conn.trailing_data[0]:
            detail = f"No whole request arrived within {self.seconds:g} seconds."
            self._refuse(Refusal(Trouble.TIMEOUT, 408, detail))
        else:
            self.transport.close()

    def _refuse(self, refusal: Refusal) -> None:
        if self.conn.our_state not in _CAN_ANSWER or self.transport.is_closing():
            self.transport.close()
            return
        self._send(type(self).worded(refusal))
        self.transport.write_eof()
        self.has_refused = True
        self._drain()

    def _drain(self) -> None:
        """Read and drop what still comes: closing at once would take the answer along."""
        self.drain_timer = self.loop.call_later(self.seconds, self.transport.close)

    def _send(self, reply: Reply) -> None:
        content = payload(reply)
        length = ("content-length", str(len(content)))
        head = h11.Response(
            status_code=reply.status,
            headers=[*headers(reply).items(), length, ("connection", "close")],
            reason=HTTPStatus(reply.status).phrase,
        )
        for event in (head, h11.Data(data=content), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")


def _stopped(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    if timer is not None:
        timer.cancel()
    return None
