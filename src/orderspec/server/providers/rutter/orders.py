"""The four operations: create, retrieve, list, and change the status."""

from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Reply
from orderspec.server.providers.rutter.connections import connection_of
from orderspec.server.providers.rutter.idempotency import once
from orderspec.server.providers.rutter.listing import UnreadableError, is_wanted, page
from orderspec.server.providers.rutter.refusals import PLATFORM, error, no_such_order
from orderspec.server.providers.rutter.shop import UnavailableError, ordered

Order = dict[str, Any]

# What Rutter answers where the platform behind it refuses.
PLATFORM_REFUSED = 450


def create_order(call: Call) -> Reply:
    """Create an order on the shop of the connection, once for each idempotency key."""
    return once(call, _created)


def get_order(call: Call) -> Reply:
    """Read one order."""
    order_id = call.request.path_parameters["id"]
    order: Order | None = call.at("retrieved", _order(call, order_id))
    if order is None:
        return no_such_order(order_id)
    return _answer(call, order=_expanded(call, order))


def list_orders(call: Call) -> Reply:
    """Read a page of the orders that the filters let pass, the newest first."""
    query = call.at("filters", call.request.query)
    own = [
        kept["order"]
        for kept in reversed(call.transaction.list_orders())
        if kept["connection"] == connection_of(call)["id"]
    ]
    try:
        wanted = [order for order in own if is_wanted(order, query)]
        orders, cursor = call.at("page", page(wanted, query))
    except UnreadableError as problem:
        detail = f"The query has {str(problem)!r}, which leads nowhere."
        return error(HTTPStatus.BAD_REQUEST, "INVALID_REQUEST", detail)
    return _answer(call, orders=[_expanded(call, one) for one in orders], next_cursor=cursor)


def update_order(call: Call) -> Reply:
    """Set the status of an order, once for each idempotency key."""
    return once(call, _updated)


def store(call: Call, order: Order) -> None:
    """Keep an order as it is now; it exists already."""
    kept = {"connection": connection_of(call)["id"], "order": order}
    call.transaction.replace_order(order["id"], kept)


def _created(call: Call) -> Reply:
    sent = call.at("understood", call.request.body["order"])
    try:
        order = call.at("ordered", ordered(call, sent))
    except UnavailableError as problem:
        return error(PLATFORM_REFUSED, "PLATFORM_BAD_REQUEST", str(problem), PLATFORM)
    kept = {"connection": connection_of(call)["id"], "order": order}
    call.transaction.insert_order(order["id"], kept)
    return Reply(HTTPStatus.OK.value, {"order": call.at("created", order)})


def _updated(call: Call) -> Reply:
    order_id = call.request.path_parameters["id"]
    order = _order(call, order_id)
    if order is None:
        refusal: Reply = call.at("unknown", no_such_order(order_id))
        return refusal
    status = call.request.body["order"]["status"]
    changed = {**order, "status": status, "updated_at": call.now}
    changed.pop("cancelled_at", None)
    if status == "cancelled":
        changed["cancelled_at"] = call.now
    store(call, call.at("changed", changed))
    return _answer(call, order=call.at("updated", changed))


def _order(call: Call, order_id: str) -> Order | None:
    """Find an order of the connection; what another connection has is not there."""
    kept = call.transaction.order(order_id.lower())
    if kept is None or kept["connection"] != connection_of(call)["id"]:
        return None
    order: Order = kept["order"]
    return order


def _expanded(call: Call, order: Order) -> Order:
    """Show the movements of money where they are asked for; no order here has any."""
    return {**order, "transactions": []} if "expand" in call.request.query else order


def _answer(call: Call, **members: Any) -> Reply:
    return Reply(HTTPStatus.OK.value, {"connection": connection_of(call), **members})
