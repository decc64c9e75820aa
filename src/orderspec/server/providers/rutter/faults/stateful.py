"""What is answered does not go together with what was answered before."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Claim, Fault, Reply
from orderspec.server.providers.rutter.connections import connection_of
from orderspec.server.providers.rutter.faults.altering import Json
from orderspec.server.providers.rutter.idempotency import fingerprint
from orderspec.server.providers.rutter.orders import store
from orderspec.server.seeding import Alter, a_copy

_EVERY = 5


def _fault(name: str, summary: str, point: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "stateful", summary, point, alter, rare)


def _altered(
    name: str, summary: str, point: str, change: Callable[[Json], object], rare: str = ""
) -> Fault:
    return _fault(name, summary, point, a_copy(change), rare)


def _forgotten(_: Claim | None, __: Call) -> None:
    return None


def _same_anyway(earlier: Claim | None, call: Call) -> Claim | None:
    return earlier and Claim(fingerprint(call), earlier.reply)


def _replayed_later(earlier: Claim | None, call: Call) -> Claim | None:
    """Answer a retry with the order as it would be if it were made now."""
    if earlier is None or earlier.fingerprint != fingerprint(call):
        return earlier
    reply: Reply = deepcopy(earlier.reply)
    order = (reply.body or {}).get("order")
    if order is not None:
        order["line_items"].reverse()
        order["total_discount"] += 1
    return Claim(earlier.fingerprint, reply)


def _conflict_as_bad_request(reply: Reply, _: Call) -> Reply:
    if reply.status != HTTPStatus.CONFLICT:
        return reply
    return replace(reply, status=HTTPStatus.BAD_REQUEST.value)


def _repeated_id(created: Json, call: Call) -> Json:
    stored = call.transaction.list_orders()
    return {**created, "id": stored[0]["order"]["id"]} if len(stored) % _EVERY == 0 else created


def _always_active(order: Json) -> None:
    order["status"] = "active"


def _without_shipping_address(order: Json) -> None:
    order["shipping_address"] = None


def _reversed_lines(order: Json) -> None:
    order["line_items"].reverse()


def _refunded(order: Json) -> None:
    if order["status"] == "cancelled":
        order["payment_status"] = "refunded"


def _unchanged(changed: Json, call: Call) -> Json | None:
    """Answer the change, but keep the order as it was."""
    kept = call.transaction.order(changed["id"])
    order: Json | None = kept and kept["order"]
    return order


def _some_order(order: Json | None, call: Call) -> Json | None:
    stored = call.transaction.list_orders()
    return order or next((kept["order"] for kept in stored), None)


def _archived_by_reading(order: Json | None, call: Call) -> Json | None:
    if order is not None:
        store(call, {**order, "status": "archived"})
    return order


def _changed_anyway(reply: Reply, call: Call) -> Reply:
    del reply
    body: dict[str, Any] = {"connection": connection_of(call), "order": None}
    return Reply(HTTPStatus.OK.value, body)


FAULTS = (
    _fault("replay-creates-again", "A retry makes a second order.", "claim", _forgotten),
    _fault(
        "changed-replay-answered",
        "A used key with another order gets the first answer.",
        "claim",
        _same_anyway,
    ),
    _fault(
        "replay-differs", "A retry gets another order of the same id.", "claim", _replayed_later
    ),
    _fault(
        "conflict-as-bad-request",
        "A used key with another order is a 400.",
        "reply",
        _conflict_as_bad_request,
    ),
    _fault(
        "id-repeats",
        "A new order gets the id of an old one.",
        "created",
        _repeated_id,
        rare="every fifth order",
    ),
    _altered("status-never-shown", "An order reads as active.", "retrieved", _always_active),
    _altered(
        "lines-reversed-on-read",
        "Lines are read in reverse.",
        "retrieved",
        _reversed_lines,
        rare="two lines or more",
    ),
    _fault("unknown-id-answered", "An unknown id gets some other order.", "retrieved", _some_order),
    _fault("read-archives", "Reading an order archives it.", "retrieved", _archived_by_reading),
    _fault("update-not-stored", "A new status is answered, not kept.", "changed", _unchanged),
    _altered(
        "update-touches-payment",
        "A cancelled order is shown as refunded.",
        "updated",
        _refunded,
    ),
    _altered(
        "update-loses-address",
        "A change loses the shipping address.",
        "changed",
        _without_shipping_address,
    ),
    _fault("unknown-id-updated", "Changing an unknown order succeeds.", "unknown", _changed_anyway),
)
