"""Callers who are let in without the right token, or kept out with it."""

from orderspec.server.provider import Call, Fault
from orderspec.server.seeding import Alter, letting_in

_TOKEN = "test-token"  # noqa: S105 (the published credential of the reference server)


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "security", summary, "authenticated", alter, rare)


def _public(call: Call) -> str | None:
    given = call.request.query.get("bearer_token")
    return given if isinstance(given, str) else None


def _private(call: Call) -> str | None:
    return call.request.headers.get("authorization")


def _is_nobody(call: Call) -> bool:
    return _public(call) is None and _private(call) is None


def _begins_alike(call: Call) -> bool:
    token = _public(call) or (_private(call) or "").removeprefix("Bearer ")
    return bool(token) and token.startswith(_TOKEN[:4])


def _public_only(authenticated: bool, call: Call) -> bool:  # noqa: FBT001 (the value of the point)
    return authenticated and _private(call) is None


FAULTS = (
    _fault("no-token-accepted", "A request without a token is served.", letting_in(_is_nobody)),
    _fault(
        "any-public-token-accepted",
        "Any token in the query is accepted.",
        letting_in(lambda call: _public(call) is not None),
    ),
    _fault(
        "any-private-token-accepted",
        "Any token in the header is accepted.",
        letting_in(lambda call: _private(call) is not None),
    ),
    _fault(
        "lists-without-token",
        "Orders are listed for anybody.",
        letting_in(lambda call: call.operation == "ListOrders"),
    ),
    _fault(
        "token-beginning-accepted",
        "A token that begins like the right one is accepted.",
        letting_in(_begins_alike),
        rare="a wrong token that shares the first four characters of the right one",
    ),
    _fault("private-token-refused", "A token in the header opens nothing.", _public_only),
)
