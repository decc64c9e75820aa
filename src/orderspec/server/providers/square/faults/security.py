"""Callers who are let in without the right token."""

from collections.abc import Callable

from orderspec.server.provider import Call, Fault
from orderspec.server.seeding import letting_in

_TOKEN = "test-token"  # noqa: S105 (the published credential of the reference server)


def _fault(name: str, summary: str, whom: Callable[[Call], bool], rare: str = "") -> Fault:
    return Fault(name, "security", summary, "authenticated", letting_in(whom), rare)


def _shown(call: Call) -> str | None:
    return call.request.headers.get("authorization")


def _nobody(call: Call) -> bool:
    return _shown(call) is None


def _anybody(call: Call) -> bool:
    return _shown(call) is not None


def _readers(call: Call) -> bool:
    return call.operation != "CreateOrder"


def _batches(call: Call) -> bool:
    return call.operation == "BatchRetrieveOrders" and _shown(call) is None


def _beginnings(call: Call) -> bool:
    token = (_shown(call) or "").removeprefix("Bearer ")
    return bool(token) and token.startswith(_TOKEN[:4])


FAULTS = (
    _fault("no-token-accepted", "A request without a token is served.", _nobody),
    _fault("wrong-token-accepted", "Any token is accepted.", _anybody),
    _fault("token-checked-on-create-only", "Only CreateOrder asks for a token.", _readers),
    _fault("batch-without-token", "A batch is served without a token.", _batches),
    _fault(
        "token-beginning-accepted",
        "A token that begins like the right one is accepted.",
        _beginnings,
        rare="a wrong token that shares the first four characters of the right one",
    ),
)
