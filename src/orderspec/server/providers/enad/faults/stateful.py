"""Defects that show only from one request to the next."""

from typing import Any

from orderspec.server.provider import Call, Fault
from orderspec.server.providers.enad.faults.altering import Order
from orderspec.server.seeding import Alter
from orderspec.server.uuids import uuid_of

_EVERY = 5


def _fault(name: str, summary: str, point: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "stateful", summary, point, alter, rare)


def _repeated_id(order: Order, call: Call) -> Order:
    """Announce every fifth order under the id of the first."""
    stored = call.transaction.list_orders()
    return {**order, "id": stored[0]["order"]["id"]} if len(stored) % _EVERY == 0 else order


def _some_order(order: Order | None, call: Call) -> Order | None:
    stored = (one["order"] for one in call.transaction.list_orders())
    return order or next(stored, None)


def _all_but_the_last(lines: list[Order], _: Call) -> list[Order]:
    return lines[:-1] if len(lines) > 1 else lines


def _renamed(lines: list[Order], _: Call) -> list[Order]:
    return [{**line, "id": uuid_of(line["id"])} for line in lines]


def _everybodys(lines: list[Order], call: Call) -> list[Order]:
    """Join the lines of the first order that was ever made to those that were asked for."""
    first = call.transaction.list_orders()[0]["order"]["order_lines"]
    return lines if lines[0]["id"] == first[0]["id"] else [*lines, *first]


def _catalog_prices(lines: list[Order], _: Call) -> list[Order]:
    return [{**line, "base_price_amount": 100} for line in lines]


def _as_before(_: Order, call: Call) -> Order:
    order: Order = _stored(call)["order"]
    return order


def _first_line(line: Order | None, call: Call) -> Any:
    return line and _stored(call)["order"]["order_lines"][0]


def _any_line(line: Order | None, call: Call) -> Any:
    return line or _stored(call)["order"]["order_lines"][0]


def _added(changed: Order, call: Call) -> Order:
    before = next(
        one for one in _stored(call)["order"]["order_lines"] if one["id"] == changed["id"]
    )
    return {**changed, "quantity": before["quantity"] + changed["quantity"]}


def _old_product(changed: Order, call: Call) -> Order:
    before = next(
        one for one in _stored(call)["order"]["order_lines"] if one["id"] == changed["id"]
    )
    names = ("product_id", "variant_id", "total_price_amount")
    return {**changed, **{name: before[name] for name in names}}


def _everywhere(kept: Order, call: Call) -> Order:
    prices = {name: call.request.body[name] for name in ("base_price_amount", "total_price_amount")}
    return {**kept, "order_lines": [{**line, **prices} for line in kept["order_lines"]]}


def _alone(kept: Order, call: Call) -> Order:
    asked = call.request.path_parameters["line_id"]
    return {**kept, "order_lines": [one for one in kept["order_lines"] if one["id"] == asked]}


def _stored(call: Call) -> dict[str, Any]:
    return call.transaction.order(call.request.path_parameters["order_id"]) or {}


FAULTS = (
    _fault(
        "order-id-repeats",
        "A new order is announced under the id of an old one.",
        "announced",
        _repeated_id,
        rare="every fifth order",
    ),
    _fault(
        "unknown-order-answered", "An unknown order has the lines of another.", "found", _some_order
    ),
    _fault(
        "last-line-lost-on-read",
        "Lines are read without the last one.",
        "lines",
        _all_but_the_last,
        rare="two lines or more",
    ),
    _fault("line-ids-made-anew-on-read", "Lines are read under other ids.", "lines", _renamed),
    _fault(
        "lines-of-another-order-too", "Lines of another order are read too.", "lines", _everybodys
    ),
    _fault(
        "lines-priced-anew-on-read", "Lines are read at another price.", "lines", _catalog_prices
    ),
    _fault("change-not-kept", "A change is answered and not stored.", "kept", _as_before),
    _fault("unknown-line-changed", "An unknown line changes the first one.", "line", _any_line),
    _fault(
        "first-line-changed",
        "Whichever line is to be changed, the first one is.",
        "line",
        _first_line,
        rare="a change of another line than the first",
    ),
    _fault("quantity-added-on-change", "A change adds to the quantity.", "changed", _added),
    _fault(
        "product-kept-on-change",
        "A change keeps product, variant and total.",
        "changed",
        _old_product,
    ),
    _fault(
        "change-prices-every-line",
        "A change of one line prices all lines of the order.",
        "kept",
        _everywhere,
        rare="lines read again after another one was changed",
    ),
    _fault(
        "change-drops-other-lines",
        "A change of one line drops all others.",
        "kept",
        _alone,
        rare="lines read again after another one was changed",
    ),
)
