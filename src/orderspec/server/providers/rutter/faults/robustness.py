"""Requests that the server cannot cope with, and answers that tell too much."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Fault, Reply
from orderspec.server.providers.rutter.faults.altering import sent_order
from orderspec.server.providers.rutter.refusals import refuse
from orderspec.server.seeding import (
    TRACEBACK,
    Alter,
    crashing,
    is_astral,
    is_deeper_than,
    is_malformed,
    refusals,
)

_NESTING = 40


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "robustness", summary, "reply", alter, rare)


def _crashing(fatal: Callable[[Reply, Call], bool]) -> Alter:
    return crashing(fatal, refuse)


def _is_without_email(_: Reply, call: Call) -> bool:
    address = sent_order(call).get("billing_address")
    return isinstance(address, dict) and address.get("email", "") is None


def _is_unknown(reply: Reply, _: Call) -> bool:
    return reply.status == HTTPStatus.NOT_FOUND


def _is_nowhere(reply: Reply, call: Call) -> bool:
    return "cursor" in call.request.query and reply.status == HTTPStatus.BAD_REQUEST


def _with_traceback(body: Any) -> dict[str, Any]:
    return {**body, "error_message": TRACEBACK}


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
    _fault(
        "null-email-crashes",
        "A billing address without an e-mail address is a 500.",
        _crashing(_is_without_email),
        rare="an address whose email is null",
    ),
    _fault("unknown-id-crashes", "An unknown order id is a 500.", _crashing(_is_unknown)),
    _fault("strange-cursor-crashes", "An invented cursor is a 500.", _crashing(_is_nowhere)),
    _fault("traceback-shown", "Errors show a traceback.", refusals(_with_traceback)),
)
