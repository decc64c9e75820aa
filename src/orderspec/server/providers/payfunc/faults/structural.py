"""Replies that have the wrong shape."""

from collections.abc import Callable
from typing import Any

from orderspec.server.provider import Call, Fault
from orderspec.server.providers.payfunc.members import Json
from orderspec.server.seeding import Alter, a_copy, refusals


def _created(name: str, summary: str, change: Callable[[Json], object], rare: str = "") -> Fault:
    """Make a defect in how an order is told that was just created; it is stored as it should."""
    return Fault(name, "structural", summary, "created", a_copy(change), rare)


def _fault(name: str, summary: str, point: str, alter: Alter) -> Fault:
    return Fault(name, "structural", summary, point, alter)


def _without_id(order: Json) -> None:
    del order["id"]


def _unix_time(order: Json) -> None:
    order["created"] = 1577873472


def _day_of_the_month_first(order: Json) -> None:
    year, month, day = order["created"][:10].split("-")
    order["created"] = f"{day}/{month}/{year}"


def _item_for_items(order: Json) -> None:
    order["item"] = order.pop("items")


def _amount_as_text(order: Json) -> None:
    order["payment"]["amount"] = str(order["payment"]["amount"])


def _vat_as_text(order: Json) -> None:
    for item in order["items"] if isinstance(order["items"], list) else []:
        if "vat" in item:
            item["vat"] = f"{item['vat']}"


def _in_an_envelope(orders: Any, _: Call) -> dict[str, Any]:
    return {"orders": orders, "count": len(orders)}


def _always(_prefers: bool, _: Call) -> bool:  # noqa: FBT001 (the value of the point)
    return True


def _message(_: Any) -> dict[str, Any]:
    return {"code": 400, "message": "Bad request."}


FAULTS = (
    _created("id-missing", "A created order has no id.", _without_id),
    _created("created-is-a-number", "created is a Unix time.", _unix_time),
    _created("created-not-iso", "created is a date with slashes.", _day_of_the_month_first),
    _created("items-under-item", "Items come back under the name item.", _item_for_items),
    _created("amount-is-text", "The amount of the payment is a string.", _amount_as_text),
    _created(
        "vat-is-text",
        "The VAT of an item in a list is a string.",
        _vat_as_text,
        rare="a list with an item that has VAT",
    ),
    _fault("list-in-an-envelope", "The list is a member of an object.", "listed", _in_an_envelope),
    _fault("token-for-everyone", "JSON is never answered.", "prefers-token", _always),
    _fault(
        "errors-in-another-form", "An error has a code and a message.", "reply", refusals(_message)
    ),
)
