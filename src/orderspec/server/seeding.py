"""Parts that seeded defects are made of; what passes a fault point is copied, never changed."""

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from orderspec.exchange import MISSING
from orderspec.findings import Finding
from orderspec.server.provider import Call, Refusal, Reply, Trouble

Alter = Callable[[Any, Call], Any]

TRACEBACK = (
    'Traceback (most recent call last):\n  File "/srv/orders/views.py", line 214, in post\n'
    "    order = build(payload)\nKeyError: 'order'"
)
"""What a server that tells too much says of itself."""

_LAST_BMP = "\uffff"


def a_copy(change: Callable[[Any], object]) -> Alter:
    """Alter a value that is there by changing a copy of it."""

    def alter(value: Any, _: Call) -> Any:
        if value is None:
            return None
        altered = deepcopy(value)
        change(altered)
        return altered

    return alter


def each(found: Callable[[Any], Iterable[Any]], change: Callable[[Any], object]) -> Alter:
    """Alter parts of the body of every reply.

    Args:
        found: gives the parts of a body (anything, also None or a refusal's body).
        change: changes a part in place.
    """

    def alter(reply: Reply, _: Call) -> Reply:
        body = deepcopy(reply.body)
        for part in found(body):
            change(part)
        return replace(reply, body=body)

    return alter


def successes(change: Callable[[Any], Any]) -> Alter:
    """Answer something else on success: `change` gets a copy of the body and gives the new one."""

    def alter(reply: Reply, _: Call) -> Reply:
        if reply.status >= HTTPStatus.BAD_REQUEST:
            return reply
        return replace(reply, body=change(deepcopy(reply.body)))

    return alter


def refusals(change: Callable[[Any], Any]) -> Alter:
    """Word refusals in another way: `change` gets a copy of the body and gives the new one."""

    def alter(reply: Reply, _: Call) -> Reply:
        if reply.status < HTTPStatus.BAD_REQUEST:
            return reply
        return replace(reply, body=change(deepcopy(reply.body)))

    return alter


def crashing(fatal: Callable[[Reply, Call], bool], refuse: Callable[[Refusal], Reply]) -> Alter:
    """Answer a 500 in the provider's own words where something is fatal."""

    def alter(reply: Reply, call: Call) -> Reply:
        if not fatal(reply, call):
            return reply
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value
        return refuse(Refusal(Trouble.INTERNAL, status, "An internal error has occurred."))

    return alter


def letting_in(whom: Callable[[Call], bool]) -> Alter:
    """Let callers in who must stay outside; for the point ``authenticated``."""

    def alter(authenticated: bool, call: Call) -> bool:  # noqa: FBT001 (the value of the point)
        return authenticated or whom(call)

    return alter


def overlooking(overlooked: Callable[[Finding], bool]) -> Alter:
    """Accept requests that break a clause of a kind; for the point ``request-findings``."""

    def alter(findings: tuple[Finding, ...], _: Call) -> tuple[Finding, ...]:
        return tuple(finding for finding in findings if not overlooked(finding))

    return alter


def has_body(call: Call) -> bool:
    """Say whether the request had a body that could be decoded."""
    return call.request.body is not MISSING


def is_malformed(reply: Reply, call: Call) -> bool:
    """Say whether the request was refused for a body that could not be decoded."""
    return reply.status == HTTPStatus.BAD_REQUEST and bool(call.request.raw) and not has_body(call)


def is_astral(_: Reply, call: Call) -> bool:
    """Say whether the request holds a character beyond the basic multilingual plane."""
    if not has_body(call):
        return False
    text = json.dumps(call.request.body, ensure_ascii=False, default=str)
    return max(text, default="") > _LAST_BMP


def is_not(kind: type) -> Callable[[Reply, Call], bool]:
    """Say whether the request has a body that is not, say, a dict."""
    return lambda _, call: has_body(call) and not isinstance(call.request.body, kind)


def is_deeper_than(levels: int) -> Callable[[Reply, Call], bool]:
    """Say whether the request nests its body beyond a number of levels, decodable or not."""

    def deep(_: Reply, call: Call) -> bool:
        raw = call.request.raw or b""
        sent = raw if not has_body(call) else json.dumps(call.request.body, default=str).encode()
        depth = deepest = 0
        for byte in sent:
            depth += (byte in b"[{") - (byte in b"]}")
            deepest = max(deepest, depth)
        return deepest > levels

    return deep
