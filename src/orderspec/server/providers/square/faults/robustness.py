"""Requests that the server cannot cope with, and answers that tell too much."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Fault, Reply
from orderspec.server.providers.square.faults.altering import sent_order
from orderspec.server.providers.square.refusals import refuse
from orderspec.server.providers.square.totals import money_members
from orderspec.server.seeding import (
    TRACEBACK,
    Alter,
    crashing,
    is_astral,
    is_deeper_than,
    is_malformed,
    is_not,
    refusals,
)

_LARGEST_DOUBLE_INTEGER = 2**53
_NESTING = 40


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "robustness", summary, "reply", alter, rare)


def _crashing(fatal: Callable[[Reply, Call], bool]) -> Alter:
    return crashing(fatal, refuse)


def _is_unknown_order(reply: Reply, call: Call) -> bool:
    return call.operation == "RetrieveOrder" and reply.status == HTTPStatus.NOT_FOUND


def _has_null(_: Reply, call: Call) -> bool:
    return any(member is None for member in sent_order(call).values())


def _has_no_lines(_: Reply, call: Call) -> bool:
    return bool(sent_order(call)) and not sent_order(call).get("line_items")


def _is_beyond_doubles(_: Reply, call: Call) -> bool:
    amounts = (money["amount"] for money in money_members(dict(sent_order(call))))
    return any(amount > _LARGEST_DOUBLE_INTEGER for amount in amounts)


def _with_traceback(body: Any) -> dict[str, Any]:
    first, *others = body["errors"]
    return {"errors": [{**first, "detail": TRACEBACK}, *others]}


FAULTS = (
    _fault(
        "astral-text-crashes",
        "Text beyond the basic multilingual plane ends in a 500.",
        _crashing(is_astral),
        rare="a character beyond U+FFFF",
    ),
    _fault("malformed-json-crashes", "A body that is not JSON is a 500.", _crashing(is_malformed)),
    _fault(
        "deep-nesting-crashes",
        "A body nested 40 deep is a 500.",
        _crashing(is_deeper_than(_NESTING)),
    ),
    _fault("unknown-id-crashes", "An unknown order id is a 500.", _crashing(_is_unknown_order)),
    _fault("null-crashes", "A null member of the order is a 500.", _crashing(_has_null)),
    _fault("empty-order-crashes", "An order without lines is a 500.", _crashing(_has_no_lines)),
    _fault("non-object-crashes", "A body that is no object is a 500.", _crashing(is_not(dict))),
    _fault(
        "large-amount-crashes",
        "An amount that a double cannot hold is a 500.",
        _crashing(_is_beyond_doubles),
        rare="an amount above 2^53",
    ),
    _fault("traceback-shown", "Errors show a traceback.", refusals(_with_traceback)),
)
