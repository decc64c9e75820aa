"""Orders that are stored, but are not what was ordered, or do not add up."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderspec.server.provider import Call, Fault
from orderspec.server.providers.payfunc.members import Json
from orderspec.server.providers.payfunc.pricing import listed, total
from orderspec.server.seeding import a_copy

_CUT = 20
_LAST_BMP = "\uffff"


def _lost(name: str, summary: str, change: Callable[[Json], object], rare: str = "") -> Fault:
    """Make a defect in what is understood of the request: it is priced as misunderstood."""
    return Fault(name, "semantic", summary, "written", a_copy(change), rare)


def _told(name: str, summary: str, change: Callable[[Json], object], rare: str = "") -> Fault:
    return Fault(name, "semantic", summary, "created", a_copy(change), rare)


def _sum(name: str, summary: str, price: Callable[[Any], Any], rare: str = "") -> Fault:
    """Make a defect in the amount of the payment; `price` gets the items as they were sent."""

    def alter(_: Any, call: Call) -> Any:
        return price(call.request.body["items"])

    return Fault(name, "semantic", summary, "amount", alter, rare)


def _reread(change: Callable[[Json], Json]) -> Callable[[Any], Any]:
    """Add up the items as if each said something else."""
    return lambda items: total([change(dict(item)) for item in listed(items)])


def _unvatted(item: Json) -> Json:
    return {**item, "vat": 0}


def _unrebated(item: Json) -> Json:
    return {**item, "rebate": 0}


def _vat_by_rate(item: Json) -> Json:
    return {**item, "vat": item["price"] * item.get("vat", 0) / Decimal(100)}


def _none_by_default(item: Json) -> Json:
    return {"quantity": 0, **item}


def _in_doubles(items: Any) -> float:
    return sum(
        (float(item["price"]) - float(item.get("rebate", 0)) + float(item.get("vat", 0)))
        * float(item.get("quantity", 1))
        for item in listed(items)
    )


def _first_two(items: Any) -> Any:
    return total(listed(items)[:2])


def _without_meta(order: Json) -> None:
    order.pop("meta", None)


def _short_number(order: Json) -> None:
    if "number" in order:
        order["number"] = order["number"][:_CUT]


def _trimmed_theme(order: Json) -> None:
    if "theme" in order:
        order["theme"] = order["theme"].strip()


def _plain_names(order: Json) -> None:
    for item in listed(order["items"]):
        if "name" in item:
            item["name"] = "".join("?" if mark > _LAST_BMP else mark for mark in item["name"])


def _merged(order: Json) -> None:
    if isinstance(order["items"], list):
        items = order["items"]
        order["items"] = [item for place, item in enumerate(items) if item not in items[:place]]


def _without_city(order: Json) -> None:
    address = order.get("customer", {}).get("address") or {}
    address.pop("city", None)


def _masked(order: Json) -> None:
    payment = order["payment"]
    if "contact" in payment:
        payment["contact"] = f"{payment['contact'][:4]}****"


def _in_crowns(order: Json) -> None:
    order["payment"]["currency"] = "SEK"


def _one_state(order: Json) -> None:
    for item in listed(order["items"]):
        if "status" in item:
            item["status"] = item["status"][:1]


_FAULTY_SUMS: tuple[Fault, ...] = (
    _sum("vat-not-counted", "The amount lacks the VAT.", _reread(_unvatted)),
    _sum("vat-by-rate", "VAT is taken for a rate.", _reread(_vat_by_rate)),
    _sum("rebate-not-counted", "The amount has no rebate.", _reread(_unrebated)),
    _sum("no-quantity-is-none", "An item without quantity is free.", _reread(_none_by_default)),
    _sum(
        "amount-in-doubles",
        "The amount is computed with doubles, and not rounded.",
        _in_doubles,
        rare="decimals that doubles miss",
    ),
    _sum(
        "third-item-not-counted",
        "The amount counts two items at most.",
        _first_two,
        rare="three items or more",
    ),
)
_LOSSES: tuple[Fault, ...] = (
    _lost("meta-lost", "The meta of an order is dropped.", _without_meta),
    _lost("city-lost", "The address of a customer loses its city.", _without_city),
    _lost(
        "number-cut",
        "The number of an order is cut after 20 characters.",
        _short_number,
        rare="a number of more than 20 characters",
    ),
    _lost(
        "theme-trimmed",
        "The name of a theme loses the spaces around it.",
        _trimmed_theme,
        rare="a theme that begins or ends with a space",
    ),
    _lost(
        "astral-characters-replaced",
        "Characters beyond the basic multilingual plane become question marks.",
        _plain_names,
        rare="a character beyond U+FFFF in the name of an item",
    ),
    _lost(
        "identical-items-merged",
        "Of two items that are identical, one is dropped.",
        _merged,
        rare="two identical items",
    ),
    _told("contact-masked", "The contact of a payment is told in part.", _masked),
    _told(
        "paid-in-crowns",
        "The payment is in SEK whatever the order is in.",
        _in_crowns,
        rare="a currency other than SEK",
    ),
    _told("one-state-an-item", "An item has one state, whatever its quantity.", _one_state),
)
FAULTS = (*_FAULTY_SUMS, *_LOSSES)
