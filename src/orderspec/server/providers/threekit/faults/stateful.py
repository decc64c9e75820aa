"""Defects that show only from one request to the next."""

from collections.abc import Callable
from typing import Any

from orderspec.server.provider import Call, Fault
from orderspec.server.seeding import Alter, a_copy

Order = dict[str, Any]

_EVERY = 5
_FIRST_PAGE = 20


def _fault(name: str, summary: str, point: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "stateful", summary, point, alter, rare)


def _latest(call: Call) -> Order | None:
    return next(reversed(call.transaction.list_orders()), None)


def _by_id_only(order: Order | None, call: Call) -> Order | None:
    found = order is not None and order["id"] == call.request.path_parameters["id"]
    return order if found else None


def _first_for_short_ids(order: Order | None, call: Call) -> Order | None:
    if order is None or order["id"] == call.request.path_parameters["id"]:
        return order
    return call.transaction.list_orders()[0]


def _latest_anyway(order: Order | None, call: Call) -> Order | None:
    return order and _latest(call)


def _some_order(order: Order | None, call: Call) -> Order | None:
    return order or _latest(call)


def _repeating(name: str) -> Alter:
    """Answer every fifth new order with an id of the first."""

    def alter(created: Order, call: Call) -> Order:
        stored = call.transaction.list_orders()
        return {**created, name: stored[0][name]} if len(stored) % _EVERY == 0 else created

    return alter


def _lost(name: str, empty: Any) -> Alter:
    def change(order: Order) -> None:
        order[name] = empty

    return a_copy(change)


def _second_item_lost(order: Order) -> None:
    del order["cart"][1:]


def _old_cart(call: Call) -> list[Any]:
    order = call.transaction.order(call.request.path_parameters["id"])
    return [] if order is None else list(order["cart"])


def _adding(change: Callable[[list[Any], list[Any]], list[Any]]) -> Alter:
    """Make another cart of the old one and the new one where items are added."""

    def alter(order: Order, call: Call) -> Order:
        if call.operation != "AddToCart":
            return order
        return {**order, "cart": change(_old_cart(call), order["cart"])}

    return alter


def _ignored_replacement(order: Order, call: Call) -> Order:
    return {**order, "cart": _old_cart(call)} if call.operation == "ReplaceCart" else order


def _as_it_was(order: Order, call: Call) -> Order:
    return {**order, "cart": _old_cart(call)}


def _everything(orders: list[Order], call: Call, name: str) -> list[Order]:
    return call.transaction.list_orders() if name in call.request.query else orders


def _among_the_first(orders: list[Order], call: Call) -> list[Order]:
    """Look for what fits on the first page of what there is."""
    first = {order["id"] for order in call.transaction.list_orders()[:_FIRST_PAGE]}
    is_filtered = "shortId" in call.request.query
    return [order for order in orders if order["id"] in first] if is_filtered else orders


def _without_latest(orders: list[Order], call: Call) -> list[Order]:
    latest = _latest(call)
    return [order for order in orders if latest is None or order["id"] != latest["id"]]


def _without_carts(orders: list[Order], _: Call) -> list[Order]:
    return [{**order, "cart": []} for order in orders]


FAULTS = (
    _fault("short-id-not-found", "An order is found by its id only.", "found", _by_id_only),
    _fault(
        "short-id-finds-another",
        "A short id finds the first order.",
        "found",
        _first_for_short_ids,
    ),
    _fault("latest-answered", "Any id gets the latest order.", "found", _latest_anyway),
    _fault("unknown-id-answered", "An unknown id gets the latest order.", "found", _some_order),
    _fault(
        "id-repeats",
        "A new order gets the id of an old one.",
        "created",
        _repeating("id"),
        rare="every fifth order",
    ),
    _fault(
        "short-id-repeats",
        "A new order gets the short id of an old one.",
        "created",
        _repeating("shortId"),
        rare="every fifth order",
    ),
    _fault("cart-lost-on-read", "An order is read without its cart.", "found", _lost("cart", [])),
    _fault(
        "second-item-lost-on-read",
        "An order is read with one item.",
        "found",
        a_copy(_second_item_lost),
        rare="two items or more",
    ),
    _fault("items-lost-on-read", "An order is read without items.", "found", _lost("items", [])),
    _fault(
        "metadata-lost-on-read",
        "An order is read without its metadata.",
        "found",
        _lost("metadata", {}),
    ),
    _fault(
        "addition-replaces",
        "Items that are added take the place of the cart.",
        "changed",
        _adding(lambda old, new: new[len(old) :]),
    ),
    _fault(
        "addition-ignored",
        "Items that are added are not in the cart.",
        "changed",
        _adding(lambda old, _: old),
    ),
    _fault(
        "addition-doubled",
        "Items that are added are added twice.",
        "changed",
        _adding(lambda old, new: [*new, *new[len(old) :]]),
    ),
    _fault("replacement-ignored", "A cart cannot be replaced.", "changed", _ignored_replacement),
    _fault("change-not-kept", "A changed cart is answered and not stored.", "kept", _as_it_was),
    _fault(
        "change-loses-platform",
        "Changing the cart loses the platform.",
        "changed",
        _lost("platform", {}),
    ),
    _fault(
        "change-loses-name",
        "Changing the cart loses the name for later reads.",
        "kept",
        _lost("name", None),
    ),
    _fault(
        "list-ignores-short-id",
        "A list by short id is a list of everything.",
        "listed",
        lambda orders, call: _everything(orders, call, "shortId"),
    ),
    _fault(
        "list-ignores-organization",
        "A list by organization is a list of everything.",
        "listed",
        lambda orders, call: _everything(orders, call, "orgId"),
        rare="orders of two organizations",
    ),
    _fault(
        "list-ignores-platform",
        "A list by platform is a list of everything.",
        "listed",
        lambda orders, call: _everything(orders, call, "platform"),
    ),
    _fault(
        "filter-after-paging",
        "A filter is applied to the first twenty orders.",
        "listed",
        _among_the_first,
        rare="more than twenty orders",
    ),
    _fault("latest-not-listed", "The latest order is in no list.", "listed", _without_latest),
    _fault("list-without-carts", "Orders are listed without their cart.", "listed", _without_carts),
    _fault(
        "listed-twice",
        "The first order of a page stands at its end again.",
        "page",
        lambda orders, _: [*orders, *orders[:1]],
    ),
)
