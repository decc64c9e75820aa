"""Requests that the server cannot cope with, and answers that tell too much."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Fault, Reply
from orderspec.server.providers.payfunc.refusals import refuse
from orderspec.server.seeding import (
    TRACEBACK,
    Alter,
    crashing,
    has_body,
    is_astral,
    is_deeper_than,
    is_malformed,
    is_not,
    refusals,
)

_NESTING = 40


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "robustness", summary, "reply", alter, rare)


def _crashing(fatal: Callable[[Reply, Call], bool]) -> Alter:
    return crashing(fatal, refuse)


def _is_unknown_order(reply: Reply, call: Call) -> bool:
    return call.operation == "AddEvent" and reply.status == HTTPStatus.NOT_FOUND


def _meta_is_text(_: Reply, call: Call) -> bool:
    body = call.request.body if has_body(call) else None
    return isinstance(body, dict) and isinstance(body.get("meta"), str)


def _with_traceback(body: Any) -> dict[str, Any]:
    return {**body, "content": {"type": "error", "details": TRACEBACK}}


FAULTS = (
    _fault("malformed-json-crashes", "A body that is not JSON is a 500.", _crashing(is_malformed)),
    _fault("non-object-crashes", "A body that is no object is a 500.", _crashing(is_not(dict))),
    _fault(
        "deep-nesting-crashes",
        "A body nested 40 deep is a 500.",
        _crashing(is_deeper_than(_NESTING)),
    ),
    _fault(
        "astral-text-crashes",
        "Text beyond the basic multilingual plane ends in a 500.",
        _crashing(is_astral),
        rare="a character beyond U+FFFF",
    ),
    _fault("unknown-order-crashes", "An unknown order is a 500.", _crashing(_is_unknown_order)),
    _fault(
        "text-as-meta-crashes",
        "A meta that is a text is a 500.",
        _crashing(_meta_is_text),
        rare="a text as meta",
    ),
    _fault("traceback-shown", "Errors show a traceback.", refusals(_with_traceback)),
)
