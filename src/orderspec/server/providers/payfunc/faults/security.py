"""Callers who are let in without the right key."""

from collections.abc import Callable

from orderspec.server.provider import Call, Fault
from orderspec.server.seeding import letting_in

_KEY = "test-key"


def _fault(name: str, summary: str, whom: Callable[[Call], bool], rare: str = "") -> Fault:
    return Fault(name, "security", summary, "authenticated", letting_in(whom), rare)


def _shown(call: Call) -> str:
    return call.request.headers.get("authorization", "")


FAULTS = (
    _fault("no-key-accepted", "A request without a key is served.", lambda call: not _shown(call)),
    _fault("wrong-key-accepted", "Any key is accepted.", lambda call: bool(_shown(call))),
    _fault(
        "list-without-key",
        "The list is for everybody.",
        lambda call: call.operation == "ListOrders" and not _shown(call),
    ),
    _fault(
        "longer-key-accepted",
        "A key that begins with the right one is accepted.",
        lambda call: _shown(call).startswith(f"Bearer {_KEY}"),
        rare="a key that begins with the right one",
    ),
)
