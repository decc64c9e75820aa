"""How faults alter what passes a fault point: always a copy, never the stored original."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from orderspec.exchange import MISSING
from orderspec.server.provider import Call, Reply

Order = dict[str, Any]
Alter = Callable[[Any, Call], Any]


def each_order(change: Callable[[Order], object]) -> Alter:
    """Alter every order in a reply."""

    def alter(reply: Reply, _: Call) -> Reply:
        if not isinstance(reply.body, dict):
            return reply
        body = deepcopy(reply.body)
        for order in [body["order"]] if "order" in body else body.get("orders", []):
            change(order)
        return replace(reply, body=body)

    return alter


def the_order(change: Callable[[Order], object]) -> Alter:
    """Alter an order that is there."""

    def alter(order: Order | None, _: Call) -> Order | None:
        if order is None:
            return None
        altered = deepcopy(order)
        change(altered)
        return altered

    return alter


def sent_order(call: Call) -> Mapping[str, Any]:
    """Give the order of a request; empty where there is none."""
    body = call.request.body
    order = body.get("order") if isinstance(body, dict) else None
    return order if isinstance(order, dict) else {}


def has_body(call: Call) -> bool:
    """Say whether the request had a body that could be decoded."""
    return call.request.body is not MISSING
