"""Create an order, find it by either id, change its cart."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from orderspec.server.provider import Call, Reply
from orderspec.server.providers.threekit.cart import Item, converted, kept
from orderspec.server.providers.threekit.refusals import unknown_order
from orderspec.server.uuids import uuid_of

Order = dict[str, Any]

HOME_ORGANIZATION = "5b1f0f0a-3f4e-4a39-9c53-2f6f1f5d7c02"
"""The organization of the tokens: it owns an order that names no owner."""

_SEED_LENGTH = 32
_SHORT_ID_LENGTH = 10


def create_order(call: Call) -> Reply:
    """Store an order under a new id and a new short id."""
    order = call.at("stored", _order(call, call.request.body))
    call.transaction.insert_order(order["id"], order, aliases=[order["shortId"]])
    return Reply(HTTPStatus.CREATED.value, call.at("created", order))


def get_order(call: Call) -> Reply:
    """Read one order by either id."""
    order_id = call.request.path_parameters["id"]
    order = call.at("found", call.transaction.order(order_id))
    return unknown_order(order_id) if order is None else Reply(HTTPStatus.OK.value, order)


def add_to_cart(call: Call) -> Reply:
    """Put items behind those of the cart."""
    return _changed(call, lambda cart: [*cart, *kept(call.request.body)])


def replace_cart(call: Call) -> Reply:
    """Put items in the place of the cart."""
    return _changed(call, lambda _: kept(call.request.body))


def _changed(call: Call, change: Callable[[list[Item]], list[Item]]) -> Reply:
    order_id = call.request.path_parameters["id"]
    order = call.transaction.order(order_id)
    if order is None:
        return unknown_order(order_id)
    cart = change(order["cart"])
    changed = call.at("changed", {**order, "cart": cart, "updatedAt": call.now})
    call.transaction.replace_order(order["id"], call.at("kept", changed))
    return Reply(HTTPStatus.OK.value, changed)


def _order(call: Call, sent: Mapping[str, Any]) -> Order:
    """Make an order of what was sent; which of items and cart counts where both come is ours."""
    items = sent.get("items")
    cart = kept(sent["cart"]) if "cart" in sent else call.at("converted", converted(items))
    return {
        "id": uuid_of(call.new_id(_SEED_LENGTH)),
        "shortId": call.new_id(_SHORT_ID_LENGTH),
        "orgId": sent.get("orgId", HOME_ORGANIZATION),
        "name": sent.get("name"),
        "status": sent.get("status", "New"),
        "customerId": sent.get("customerId"),
        **({"originOrgId": sent["originOrgId"]} if "originOrgId" in sent else {}),
        "platform": sent.get("platform", {}),
        "metadata": sent.get("metadata", {}),
        "items": [] if items is None else items,
        "cart": cart,
        "derivative": sent.get("derivative", {}),
        "createdAt": call.now,
        "updatedAt": None,
    }
