"""The members that are kept of what a client sends; what nobody defined is ignored."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_ORDER = (
    "number",
    "client",
    "customer",
    "items",
    "currency",
    "payment",
    "theme",
    "meta",
    "callback",
)
_ITEM = ("number", "name", "price", "quantity", "unit", "vat", "rebate")
_PAYMENT = (
    "type",
    "method",
    "contact",
    "message",
    "descriptor",
    "account",
    "reference",
)
_EVENT = ("type", "items", "amount")


def order_members(body: Mapping[str, Any]) -> Json:
    """Keep what an order is created with: items and payment of their own members.

    The contract requires items and payment; only a seeded defect lets them be left out.
    """
    items = body.get("items", [])
    if isinstance(items, list):
        items = [_only(item, _ITEM) for item in items]
    elif isinstance(items, dict):
        items = _only(items, _ITEM)
    payment = _only(body.get("payment", {}), _PAYMENT)
    return {**_only(body, _ORDER), "items": items, "payment": payment}


def event_members(body: Mapping[str, Any]) -> Json:
    """Keep what an event is made of."""
    return _only(body, _EVENT)


def _only(value: Mapping[str, Any], names: tuple[str, ...]) -> Json:
    return {name: value[name] for name in names if name in value}
