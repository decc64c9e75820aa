"""Requests that the server cannot cope with, and answers that tell too much."""

import json
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from orderspec.server.provider import Call, Fault, Reply
from orderspec.server.providers.square.faults.altering import (
    Alter,
    has_body,
    sent_order,
)
from orderspec.server.providers.square.refusals import error
from orderspec.server.providers.square.totals import money_members

_LAST_BMP = "\uffff"
_LARGEST_DOUBLE_INTEGER = 2**53
_NESTING = 40

_TRACEBACK = (
    'Traceback (most recent call last):\n  File "/srv/orders/views.py", line 214, in post\n'
    "    order = build(payload)\nKeyError: 'order'"
)


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "robustness", summary, "reply", alter, rare)


def _crashing(fatal: Callable[[Reply, Call], bool]) -> Alter:
    def alter(reply: Reply, call: Call) -> Reply:
        if not fatal(reply, call):
            return reply
        detail = "An internal error has occurred."
        return error(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", detail, "API_ERROR")

    return alter


def _is_astral(_: Reply, call: Call) -> bool:
    if not has_body(call):
        return False
    text = json.dumps(call.request.body, ensure_ascii=False, default=str)
    return max(text, default="") > _LAST_BMP


def _is_malformed(reply: Reply, call: Call) -> bool:
    return reply.status == HTTPStatus.BAD_REQUEST and not has_body(call)


def _is_deep(_: Reply, call: Call) -> bool:
    raw = call.request.raw or b""
    sent = raw if not has_body(call) else json.dumps(call.request.body, default=str).encode()
    depth = deepest = 0
    for byte in sent:
        depth += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, depth)
    return deepest > _NESTING


def _is_unknown_order(reply: Reply, call: Call) -> bool:
    return call.operation == "RetrieveOrder" and reply.status == HTTPStatus.NOT_FOUND


def _has_null(_: Reply, call: Call) -> bool:
    return any(member is None for member in sent_order(call).values())


def _has_no_lines(_: Reply, call: Call) -> bool:
    return bool(sent_order(call)) and not sent_order(call).get("line_items")


def _is_beyond_doubles(_: Reply, call: Call) -> bool:
    amounts = (money["amount"] for money in money_members(dict(sent_order(call))))
    return any(amount > _LARGEST_DOUBLE_INTEGER for amount in amounts)


def _is_not_an_object(_: Reply, call: Call) -> bool:
    return has_body(call) and not isinstance(call.request.body, dict)


def _with_traceback(reply: Reply, _: Call) -> Reply:
    if reply.status < HTTPStatus.BAD_REQUEST:
        return reply
    first, *others = reply.body["errors"]
    return replace(reply, body={"errors": [{**first, "detail": _TRACEBACK}, *others]})


FAULTS = (
    _fault(
        "astral-text-crashes",
        "Text beyond the basic multilingual plane ends in a 500.",
        _crashing(_is_astral),
        rare="a character beyond U+FFFF",
    ),
    _fault("malformed-json-crashes", "A body that is not JSON is a 500.", _crashing(_is_malformed)),
    _fault("deep-nesting-crashes", "A body nested 40 deep is a 500.", _crashing(_is_deep)),
    _fault("unknown-id-crashes", "An unknown order id is a 500.", _crashing(_is_unknown_order)),
    _fault("null-crashes", "A null member of the order is a 500.", _crashing(_has_null)),
    _fault("empty-order-crashes", "An order without lines is a 500.", _crashing(_has_no_lines)),
    _fault(
        "non-object-crashes", "A body that is no object is a 500.", _crashing(_is_not_an_object)
    ),
    _fault(
        "large-amount-crashes",
        "An amount that a double cannot hold is a 500.",
        _crashing(_is_beyond_doubles),
        rare="an amount above 2^53",
    ),
    _fault("traceback-shown", "Errors show a traceback.", _with_traceback),
)
