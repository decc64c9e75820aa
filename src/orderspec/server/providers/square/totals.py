"""Add up a priced order: every sum of it follows from prices and applied amounts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Order = dict[str, Any]


def lines_of(order: Mapping[str, Any]) -> list[Order]:
    """Give the lines of an order, which may have none."""
    lines: list[Order] = order.get("line_items", [])
    return lines


def totalled(order: Order, currency: str) -> Order:
    """Compute every sum of an order from its prices and applied amounts, in place.

    Needs ``variation_total_price_money`` and modifiers' ``total_price_money`` on lines, and
    ``applied_money`` on references and service charges; a charge without one has not been
    computed yet and counts nothing.

    Returns:
        The same order.
    """
    inclusive = {tax["uid"] for tax in order.get("taxes", []) if tax["type"] == "INCLUSIVE"}
    lines = lines_of(order)
    charges = [charge for charge in order.get("service_charges", []) if "applied_money" in charge]
    for line in lines:
        _total_line(line, inclusive, currency)
    for charge in charges:
        _total_charge(charge, inclusive, currency)
    _total_applied(order.get("discounts", []), lines, "applied_discounts", currency)
    _total_applied(order.get("taxes", []), [*lines, *charges], "applied_taxes", currency)
    _total_order(order, lines, charges, currency)
    return order


def money_members(value: object) -> Iterator[Order]:
    """Walk every object in an order that is money."""
    if isinstance(value, dict):
        if isinstance(value.get("amount"), int) and "currency" in value:
            yield value
        else:
            yield from money_members(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from money_members(item)


def _money(amount: int, currency: str) -> Order:
    return {"amount": amount, "currency": currency}


def _sum(members: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(member[name]["amount"] for member in members)


def _inclusive_tax(bearer: Mapping[str, Any], inclusive: set[str]) -> int:
    applied = bearer.get("applied_taxes", [])
    return _sum((tax for tax in applied if tax["tax_uid"] in inclusive), "applied_money")


def _total_line(line: Order, inclusive: set[str], currency: str) -> None:
    """Total a line; gross sales leave out the tax that the price contains."""
    gross = (
        line["variation_total_price_money"]["amount"]
        + _sum(line.get("modifiers", []), "total_price_money")
        - _inclusive_tax(line, inclusive)
    )
    discount = _sum(line.get("applied_discounts", []), "applied_money")
    tax = _sum(line.get("applied_taxes", []), "applied_money")
    line["gross_sales_money"] = _money(gross, currency)
    line["total_tax_money"] = _money(tax, currency)
    line["total_discount_money"] = _money(discount, currency)
    line["total_money"] = _money(gross - discount + tax, currency)


def _total_charge(charge: Order, inclusive: set[str], currency: str) -> None:
    """Total a service charge; its applied amount contains the inclusive tax."""
    tax = _sum(charge.get("applied_taxes", []), "applied_money")
    additive = tax - _inclusive_tax(charge, inclusive)
    charge["total_tax_money"] = _money(tax, currency)
    charge["total_money"] = _money(charge["applied_money"]["amount"] + additive, currency)


def _total_applied(
    members: Iterable[Order], bearers: Iterable[Order], references: str, currency: str
) -> None:
    """Give each discount or tax the sum of what it comes to on those that bear it."""
    sums: dict[str, int] = {}
    names = {"applied_discounts": "discount_uid", "applied_taxes": "tax_uid"}[references]
    for bearer in bearers:
        for reference in bearer.get(references, []):
            amount = reference["applied_money"]["amount"]
            sums[reference[names]] = sums.get(reference[names], 0) + amount
    for member in members:
        member["applied_money"] = _money(sums.get(member["uid"], 0), currency)


def _total_order(order: Order, lines: list[Order], charges: list[Order], currency: str) -> None:
    sums = {
        "total": _sum(lines, "total_money") + _sum(charges, "total_money"),
        "tax": _sum(lines, "total_tax_money") + _sum(charges, "total_tax_money"),
        "discount": _sum(lines, "total_discount_money"),
        "tip": 0,
        "service_charge": _sum(charges, "applied_money"),
    }
    order["net_amounts"] = {f"{name}_money": _money(sums[name], currency) for name in sums}
    for name, amount in sums.items():
        member = "total_money" if name == "total" else f"total_{name}_money"
        order[member] = _money(amount, currency)
