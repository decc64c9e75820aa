"""Replies that have the wrong shape."""

from collections.abc import Callable, Iterator
from typing import Any

from orderspec.server.provider import Fault
from orderspec.server.seeding import Alter, each, successes

Order = dict[str, Any]

_STATUSES = ("List", "In Cart", "New", "In Progress", "Complete")


def _fault(name: str, summary: str, alter: Alter) -> Fault:
    return Fault(name, "structural", summary, "reply", alter)


def _orders(body: Any) -> Iterator[Order]:
    """Give every order of a body, one or a list's."""
    if isinstance(body, dict):
        yield from body.get("orders", [body] if "shortId" in body else [])


def _each_order(change: Callable[[Order], object]) -> Alter:
    return each(_orders, change)


def _short_uuid(order: Order) -> None:
    order["id"] = order["id"].partition("-")[0]


def _without_short_id(order: Order) -> None:
    del order["shortId"]


def _cart_by_configuration(order: Order) -> None:
    order["cart"] = {item["configurationId"]: item for item in order["cart"]}


def _counts_as_text(order: Order) -> None:
    for item in order["cart"]:
        item["count"] = str(item["count"])


def _old_names(order: Order) -> None:
    for item in order["cart"]:
        item["id"] = item.pop("configurationId")


def _status_by_number(order: Order) -> None:
    order["status"] = _STATUSES.index(order["status"]) if order["status"] in _STATUSES else -1


def _metadata_in_pairs(order: Order) -> None:
    order["metadata"] = [{"key": key, "value": value} for key, value in order["metadata"].items()]


FAULTS = (
    _fault("id-is-no-uuid", "An order's id is eight digits.", _each_order(_short_uuid)),
    _fault("short-id-missing", "An order has no short id.", _each_order(_without_short_id)),
    _fault("cart-is-an-object", "A cart is an object.", _each_order(_cart_by_configuration)),
    _fault("count-is-text", "An item's count is a string.", _each_order(_counts_as_text)),
    _fault("cart-in-the-old-form", "An item has an id in a cart, too.", _each_order(_old_names)),
    _fault("status-is-a-number", "A status is a number.", _each_order(_status_by_number)),
    _fault("metadata-in-pairs", "Metadata are a list of pairs.", _each_order(_metadata_in_pairs)),
    _fault(
        "order-wrapped",
        "An order stands below a member.",
        successes(lambda body: {"order": body} if "shortId" in body else body),
    ),
    _fault(
        "list-is-bare",
        "A list is an array of orders and nothing else.",
        successes(lambda body: body.get("orders", body)),
    ),
)
