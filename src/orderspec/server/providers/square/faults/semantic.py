"""Orders that are priced and stored, but are not what was ordered, or do not add up."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from orderspec.server.provider import Fault
from orderspec.server.providers.square.faults.altering import Order
from orderspec.server.providers.square.totals import lines_of
from orderspec.server.seeding import a_copy

_CUT = 200
_LAST_BMP = "\uffff"


def _lost(name: str, summary: str, change: Callable[[Order], object], rare: str = "") -> Fault:
    """Make a defect in what is understood of the request: it is priced as misunderstood."""
    return Fault(name, "semantic", summary, "written", a_copy(change), rare)


def _wrong(name: str, summary: str, change: Callable[[Order], object], rare: str = "") -> Fault:
    """Make a defect in a sum: every other amount stays as it was priced."""
    return Fault(name, "semantic", summary, "priced", a_copy(change), rare)


def _without_metadata(order: Order) -> None:
    order.pop("metadata", None)


def _short_notes(order: Order) -> None:
    for line in lines_of(order):
        if "note" in line:
            line["note"] = line["note"][:_CUT]


def _plain_names(order: Order) -> None:
    for line in lines_of(order):
        if "name" in line:
            line["name"] = "".join("?" if mark > _LAST_BMP else mark for mark in line["name"])


def _trimmed_names(order: Order) -> None:
    for line in lines_of(order):
        if "name" in line:
            line["name"] = line["name"].strip()


def _merged_lines(order: Order) -> None:
    kept: list[Order] = []
    seen: list[dict[str, Any]] = []
    for line in lines_of(order):
        bare = {name: value for name, value in line.items() if name != "uid"}
        if bare not in seen:
            seen.append(bare)
            kept.append(line)
    if kept:
        order["line_items"] = kept


def _shift_total(order: Order, amount: int) -> None:
    order["total_money"]["amount"] += amount
    order["net_amounts"]["total_money"]["amount"] += amount


def _untaxed_line_totals(order: Order) -> None:
    for line in lines_of(order):
        tax = line["total_tax_money"]["amount"]
        line["total_money"]["amount"] -= tax
        _shift_total(order, -tax)


def _without_third_line(order: Order) -> None:
    for line in lines_of(order)[2:3]:
        _shift_total(order, -line["total_money"]["amount"])


def _without_charges(order: Order) -> None:
    for charge in order.get("service_charges", []):
        _shift_total(order, -charge["total_money"]["amount"])


def _tax_in_tens(order: Order) -> None:
    tax = order["total_tax_money"]["amount"] // 10 * 10
    order["total_tax_money"]["amount"] = tax
    order["net_amounts"]["tax_money"]["amount"] = tax


def _net_before_discount(order: Order) -> None:
    discount = order["total_discount_money"]["amount"]
    order["net_amounts"]["total_money"]["amount"] += discount


def _discounts_of_first_line(order: Order) -> None:
    for discount in order.get("discounts", []):
        for line in lines_of(order)[:1]:
            discount["applied_money"] = next(
                (
                    deepcopy(applied["applied_money"])
                    for applied in line.get("applied_discounts", [])
                    if applied["discount_uid"] == discount["uid"]
                ),
                discount["applied_money"],
            )


def _totals_in_dollars(order: Order) -> None:
    for name, value in order.items():
        if name.startswith("total_"):
            value["currency"] = "USD"


FAULTS = (
    _lost("metadata-lost", "The order's metadata is dropped.", _without_metadata),
    _lost(
        "note-cut",
        "A line's note is cut after 200 characters.",
        _short_notes,
        rare="a note of more than 200 characters",
    ),
    _lost(
        "astral-characters-replaced",
        "Characters beyond the basic multilingual plane become question marks.",
        _plain_names,
        rare="a character beyond U+FFFF in a line's name",
    ),
    _lost(
        "name-trimmed",
        "A line's name loses the spaces around it.",
        _trimmed_names,
        rare="a line's name that begins or ends with a space",
    ),
    _lost(
        "equal-lines-merged",
        "Of two lines that are equal, one is dropped.",
        _merged_lines,
        rare="two equal lines",
    ),
    _wrong("line-total-without-tax", "A line's total lacks its tax.", _untaxed_line_totals),
    _wrong(
        "third-line-not-counted",
        "The order's total lacks the third line.",
        _without_third_line,
        rare="three lines or more",
    ),
    _wrong("charges-not-counted", "The order's total lacks the charges.", _without_charges),
    _wrong("order-tax-in-tens", "The order's tax is rounded down to tens.", _tax_in_tens),
    _wrong(
        "net-total-before-discount", "The net total still has the discount.", _net_before_discount
    ),
    _wrong(
        "discount-of-first-line-only",
        "A discount's applied amount counts the first line only.",
        _discounts_of_first_line,
    ),
    _wrong(
        "totals-in-dollars",
        "The order's totals are in USD whatever the lines are in.",
        _totals_in_dollars,
        rare="a currency other than USD",
    ),
)
