"""Requests that the server cannot cope with, and answers that tell too much."""

from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Fault, Reply
from orderspec.server.providers.enad.faults.altering import sent_order
from orderspec.server.providers.enad.refusals import refuse
from orderspec.server.seeding import (
    TRACEBACK,
    Alter,
    crashing,
    is_astral,
    is_malformed,
    is_not,
    refusals,
)

_NIL = "00000000-0000-0000-0000-000000000000"


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "robustness", summary, "reply", alter, rare)


def _is_unknown_order(reply: Reply, call: Call) -> bool:
    return call.operation == "ListOrderLines" and reply.status == HTTPStatus.NOT_FOUND


def _is_no_uuid(reply: Reply, call: Call) -> bool:
    asked = call.request.path_parameters.get("order_id", _NIL)
    return reply.status == HTTPStatus.NOT_FOUND and len(asked) != len(_NIL)


def _is_unpaid(_: Reply, call: Call) -> bool:
    order = sent_order(call)
    return bool(order) and "payment_method_id" in order and "payment_method" not in order


def _has_no_object_for_a_line(_: Reply, call: Call) -> bool:
    lines = sent_order(call).get("lines")
    return isinstance(lines, list) and not all(isinstance(line, dict) for line in lines)


def _with_traceback(body: Any) -> Any:
    return {**body, "details": [TRACEBACK]}


FAULTS = (
    _fault(
        "malformed-json-crashes",
        "A body that is not JSON is a 500.",
        crashing(is_malformed, refuse),
    ),
    _fault(
        "non-object-crashes", "A body that is no object is a 500.", crashing(is_not(dict), refuse)
    ),
    _fault(
        "line-that-is-text-crashes",
        "A line that is no object is a 500.",
        crashing(_has_no_object_for_a_line, refuse),
    ),
    _fault(
        "unknown-order-crashes",
        "An unknown order id is a 500.",
        crashing(_is_unknown_order, refuse),
    ),
    _fault(
        "id-that-is-no-uuid-crashes",
        "An order id that is no UUID is a 500.",
        crashing(_is_no_uuid, refuse),
    ),
    _fault(
        "astral-text-crashes",
        "Text beyond the basic multilingual plane ends in a 500.",
        crashing(is_astral, refuse),
        rare="a character beyond U+FFFF",
    ),
    _fault(
        "payment-id-alone-crashes",
        "A payment_method_id without a payment_method is a 500.",
        crashing(_is_unpaid, refuse),
        rare="an order with payment_method_id and without payment_method",
    ),
    _fault("traceback-shown", "Refusals show a traceback.", refusals(_with_traceback)),
)
