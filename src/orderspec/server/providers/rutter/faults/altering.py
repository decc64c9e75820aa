"""What the faults alter."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orderspec.server.provider import Call
from orderspec.server.seeding import Alter, each

Json = dict[str, Any]

ADDRESSES = ("billing_address", "shipping_address")


def each_order(change: Callable[[Json], object]) -> Alter:
    """Alter every order in a reply."""
    return each(_orders, change)


def sent_order(call: Call) -> Mapping[str, Any]:
    """Give the order of a request; empty where there is none."""
    body = call.request.body
    order = body.get("order") if isinstance(body, dict) else None
    return order if isinstance(order, dict) else {}


def addresses(order: Mapping[str, Any]) -> Iterator[Json]:
    """Give the addresses of an order that are there."""
    yield from (order[name] for name in ADDRESSES if isinstance(order.get(name), dict))


def _orders(body: Any) -> list[Json]:
    if not isinstance(body, dict):
        return []
    found = [body.get("order"), *body.get("orders", [])]
    return [order for order in found if order is not None]
