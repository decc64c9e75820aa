"""Defects that show only from one request to the next."""

from copy import deepcopy
from typing import Any

from orderspec.server.provider import Call, Claim, Fault
from orderspec.server.providers.square.faults.altering import (
    Order,
    each_order,
)
from orderspec.server.providers.square.orders import fingerprint
from orderspec.server.providers.square.totals import lines_of
from orderspec.server.seeding import Alter, a_copy

_EVERY = 5


def _fault(name: str, summary: str, point: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "stateful", summary, point, alter, rare)


def _forgotten(_: Claim | None, __: Call) -> None:
    return None


def _same_anyway(earlier: Claim | None, call: Call) -> Claim | None:
    return earlier and Claim(fingerprint(call.request.body), earlier.reply)


def _other_anyway(earlier: Claim | None, _: Call) -> Claim | None:
    return earlier and Claim("", earlier.reply)


def _priced_anew(earlier: Claim | None, call: Call) -> Claim | None:
    """Answer the replay with a price that is one minor unit higher."""
    if earlier is None or earlier.fingerprint != fingerprint(call.request.body):
        return earlier
    reply = deepcopy(earlier.reply)
    reply.body["order"]["total_money"]["amount"] += 1
    return Claim(earlier.fingerprint, reply)


def _repeated_id(created: Order, call: Call) -> Order:
    stored = call.transaction.list_orders()
    return {**created, "id": stored[0]["id"]} if len(stored) % _EVERY == 0 else created


def _without_reference(order: Order) -> None:
    order.pop("reference_id", None)


def _reversed_lines(order: Order) -> None:
    lines_of(order).reverse()


def _other_total(order: Order) -> None:
    order["total_money"]["amount"] += 1


def _version_zero(order: Order) -> None:
    order["version"] = 0


def _some_order(order: Order | None, call: Call) -> Order | None:
    return order or next(iter(call.transaction.list_orders()), None)


def _versioned_by_reading(order: Order | None, call: Call) -> Order | None:
    if order is not None:
        version = order["version"] + 1
        call.transaction.replace_order(order["id"], {**order, "version": version})
    return order


def _updated_by_reading(order: Order | None, call: Call) -> Order | None:
    return order and {**order, "updated_at": call.now}


def _reopened_by_reading(order: Order | None, call: Call) -> Order | None:
    """Lose the last line for the reads that come after this one."""
    if order is not None and len(lines_of(order)) > 1:
        shorter = {**order, "line_items": lines_of(order)[:-1]}
        call.transaction.replace_order(order["id"], shorter)
    return order


def _all_but_the_last(orders: list[Order], _: Call) -> list[Order]:
    return orders[:-1] if len(orders) > 1 else orders


def _everywhere(_: list[Order], call: Call) -> list[Order]:
    return call.transaction.orders(call.request.body["order_ids"])


def _padded(orders: list[Order], call: Call) -> list[Order]:
    """Put some order in the place of an id that does not exist."""
    asked: list[Any] = call.request.body["order_ids"]
    found = {order["id"] for order in orders}
    strangers = [order for order in call.transaction.list_orders() if order["id"] not in found]
    return [*orders, *strangers[: len(set(asked)) - len(found)]]


def _stored(order: Order, call: Call) -> Order:
    kept = {"id": call.new_id(27), **order}
    call.transaction.insert_order(kept["id"], kept)
    return kept


FAULTS = (
    _fault("replay-creates-again", "A repeated key makes a second order.", "claim", _forgotten),
    _fault(
        "changed-replay-answered",
        "A used key with another order gets the first answer.",
        "claim",
        _same_anyway,
    ),
    _fault("replay-refused", "A repeated request is refused.", "claim", _other_anyway),
    _fault("replay-priced-anew", "A repeated request gets another total.", "claim", _priced_anew),
    _fault(
        "id-repeats",
        "A new order gets the id of an old one.",
        "created",
        _repeated_id,
        rare="every fifth order",
    ),
    _fault(
        "reference-lost-on-read",
        "An order is read without its reference_id.",
        "retrieved",
        a_copy(_without_reference),
    ),
    _fault(
        "lines-reversed-on-read",
        "Lines are read in reverse.",
        "retrieved",
        a_copy(_reversed_lines),
        rare="two lines or more",
    ),
    _fault(
        "total-differs-on-read",
        "An order is read with another total.",
        "retrieved",
        a_copy(_other_total),
    ),
    _fault("unknown-id-answered", "An unknown id gets some other order.", "retrieved", _some_order),
    _fault(
        "read-raises-version",
        "Reading an order raises its version.",
        "retrieved",
        _versioned_by_reading,
    ),
    _fault(
        "read-touches-time",
        "Reading an order changes updated_at.",
        "retrieved",
        _updated_by_reading,
    ),
    _fault(
        "line-lost-after-read",
        "Reading an order loses its last line for later reads.",
        "retrieved",
        _reopened_by_reading,
        rare="a second read of an order with two lines or more",
    ),
    _fault(
        "version-starts-at-zero", "A new order has version 0.", "reply", each_order(_version_zero)
    ),
    _fault(
        "batch-loses-last", "A batch of several leaves out the last.", "batch", _all_but_the_last
    ),
    _fault(
        "batch-ignores-location",
        "A batch answers orders of other locations too.",
        "batch",
        _everywhere,
    ),
    _fault("batch-padded", "A batch answers other orders for unknown ids.", "batch", _padded),
    _fault("calculate-stores", "A calculated order is stored.", "calculated", _stored),
)
