"""The three operations: create an order, read its lines, change one of them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Reply
from orderspec.server.providers.enad import catalog
from orderspec.server.providers.enad.members import (
    ADDRESS,
    ADDRESSES,
    LINE,
    TEXTS,
    TOTALS,
    chosen,
    flaws,
)
from orderspec.server.providers.enad.refusals import not_found, refused
from orderspec.server.uuids import uuid_of

Order = dict[str, Any]

_ID_LENGTH = 32


def create_order(call: Call) -> Reply:
    """Store an order; its totals are taken as they were sent, since no document reckons any."""
    place = _place(call)
    if place is None:
        return not_found("There is no such app.")
    body = call.at("understood", call.request.body)
    wrong = [*flaws(body)]
    wrong = wrong or call.at("unknown", catalog.unknown(body["lines"]))
    if wrong:
        return refused(HTTPStatus.UNPROCESSABLE_ENTITY, wrong)
    order = call.at("created", _order(body, call))
    call.transaction.insert_order(order["id"], {**place, "order": order})
    return _answer(call.at("announced", order), HTTPStatus.CREATED)


def list_order_lines(call: Call) -> Reply:
    """Read every line of an order, in the order in which they were sent."""
    order = call.at("found", _found(call))
    if order is None:
        return not_found("There is no such order.")
    return _answer(call.at("lines", order["order_lines"]))


def update_order_line(call: Call) -> Reply:
    """Put other values into a line; what is optional and left out stays as it is."""
    order = call.at("found", _found(call))
    if order is None:
        return not_found("There is no such order.")
    lines = order["order_lines"]
    asked = call.request.path_parameters["line_id"]
    line = call.at("line", next((one for one in lines if one["id"] == asked), None))
    if line is None:
        return not_found("The order has no such line.")
    sent = chosen(call.request.body, LINE)
    unknown = call.at("unknown", catalog.unknown([sent]))
    if unknown:
        return refused(HTTPStatus.UNPROCESSABLE_ENTITY, unknown)
    changed = call.at("changed", _line({**line, **sent}, line, call))
    kept = {
        **order,
        "order_lines": [changed if one["id"] == line["id"] else one for one in lines],
        "updated_at": call.now,
    }
    document = call.transaction.order(order["id"]) or {}
    call.transaction.replace_order(order["id"], {**document, "order": call.at("kept", kept)})
    return _answer(changed)


def _place(call: Call) -> dict[str, str] | None:
    """Give the team and the app of a request, or None where they cannot be any."""
    place = chosen(call.request.path_parameters, ("team_slug", "app_slug"))
    return place if all(map(catalog.is_slug, place.values())) else None


def _found(call: Call) -> Order | None:
    """Read the order that a path names, if it is one of the path's team and app."""
    document = call.transaction.order(call.request.path_parameters["order_id"])
    if document is None or chosen(document, ("team_slug", "app_slug")) != _place(call):
        return None
    order: Order = document["order"]
    return order


def _answer(data: object, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    return Reply(status.value, {"data": data, "details": [], "success": True})


def _order(body: Mapping[str, Any], call: Call) -> Order:
    """Make an order of what was sent, with ids and times; what was left out is null or zero."""
    identity = _identity(call)
    user = body.get("merchant_user_id")
    return {
        **identity,
        **{name: body.get(name) for name in TEXTS},
        **{name: body.get(name, 0) for name in TOTALS},
        "merchant_user": None if user is None else {"id": user},
        **{name: _address(name, body, call) for name in ADDRESSES},
        "shipping_methods": body.get("shipping_methods", []),
        "discounts": [],
        "order_lines": [_new_line(line, identity["id"], call) for line in body["lines"]],
        "user_content": [],
    }


def _identity(call: Call) -> dict[str, str]:
    made = uuid_of(call.new_id(_ID_LENGTH))
    return {"id": made, "created_at": call.now, "updated_at": call.now}


def _address(name: str, body: Mapping[str, Any], call: Call) -> Order | None:
    if name not in body:
        return None
    kind = name.removesuffix("_address")
    return {**_identity(call), "address_type": kind, **chosen(body[name], ADDRESS)}


def _new_line(line: Mapping[str, Any], order_id: str, call: Call) -> Order:
    untold = {"tax_group_id": None, "total_discount_amount": 0, "total_tax_amount": 0}
    own = {**_identity(call), "order_id": order_id}
    return _line({**untold, **chosen(line, LINE)}, own, call)


def _line(line: Mapping[str, Any], own: Mapping[str, Any], call: Call) -> Order:
    """Complete a line by what the catalog knows, under the identity that it has."""
    return {
        **line,
        **chosen(own, ("id", "order_id", "created_at")),
        "updated_at": call.now,
        **catalog.known_of(line),
        "total_sale_price": line["total_price_amount"],
    }
