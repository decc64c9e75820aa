"""Requests that the server cannot cope with, and answers that tell too much."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Fault, Reply
from orderspec.server.providers.threekit.cart import converted
from orderspec.server.providers.threekit.refusals import refuse
from orderspec.server.seeding import (
    TRACEBACK,
    Alter,
    crashing,
    has_body,
    is_astral,
    is_deeper_than,
    is_malformed,
    refusals,
)

_NESTING = 40
_MANY = 8


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "robustness", summary, "reply", alter, rare)


def _crashing(fatal: Callable[[Reply, Call], bool]) -> Alter:
    return crashing(fatal, refuse)


def _is_of_the_cart(call: Call) -> bool:
    return call.operation in ("AddToCart", "ReplaceCart")


def _is_no_list(_: Reply, call: Call) -> bool:
    return _is_of_the_cart(call) and has_body(call) and not isinstance(call.request.body, list)


def _is_no_object(_: Reply, call: Call) -> bool:
    return not _is_of_the_cart(call) and has_body(call) and not isinstance(call.request.body, dict)


def _sent(call: Call) -> dict[str, Any]:
    return call.request.body if isinstance(call.request.body, dict) else {}


def _has_other_items(_: Reply, call: Call) -> bool:
    items = _sent(call).get("items")
    return bool(items) and not converted(items)


def _has_no_platform(_: Reply, call: Call) -> bool:
    return call.operation == "CreateOrder" and has_body(call) and "platform" not in _sent(call)


def _has_many_items(_: Reply, call: Call) -> bool:
    cart = _sent(call).get("cart")
    return isinstance(cart, list) and len(cart) > _MANY


def _is_unknown(reply: Reply, call: Call) -> bool:
    return call.operation == "GetOrder" and reply.status == HTTPStatus.NOT_FOUND


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
    _fault("cart-of-no-list-crashes", "A cart that is no list is a 500.", _crashing(_is_no_list)),
    _fault("non-object-crashes", "An order that is no object is a 500.", _crashing(_is_no_object)),
    _fault(
        "malformed-items-crash",
        "Items of another form are a 500.",
        _crashing(_has_other_items),
    ),
    _fault(
        "missing-platform-crashes",
        "An order without a platform is a 500.",
        _crashing(_has_no_platform),
    ),
    _fault(
        "large-cart-crashes",
        "A cart of more than eight items is a 500.",
        _crashing(_has_many_items),
        rare="nine items",
    ),
    _fault("unknown-id-crashes", "An unknown id is a 500.", _crashing(_is_unknown)),
    _fault(
        "traceback-shown",
        "Refusals show a traceback.",
        refusals(lambda body: {**body, "message": TRACEBACK}),
    ),
)
