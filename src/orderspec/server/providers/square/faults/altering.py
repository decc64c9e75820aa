"""What the faults of Square alter."""

from collections.abc import Callable, Mapping
from typing import Any

from orderspec.server.provider import Call
from orderspec.server.seeding import Alter, each

Order = dict[str, Any]


def each_order(change: Callable[[Order], object]) -> Alter:
    """Alter every order in a reply."""
    return each(_orders, change)


def sent_order(call: Call) -> Mapping[str, Any]:
    """Give the order of a request; empty where there is none."""
    body = call.request.body
    order = body.get("order") if isinstance(body, dict) else None
    return order if isinstance(order, dict) else {}


def _orders(body: Any) -> list[Order]:
    if not isinstance(body, dict):
        return []
    return [body["order"]] if "order" in body else list(body.get("orders", []))
