"""What an order must satisfy, beyond the contract, before it can be priced here.

The engine refuses what breaks the contract. What is left are the things that exist on this server,
the readings that the contract holds without being sure of them, and what the arithmetic needs.
Each check yields findings; an order without any is completed and priced without fail.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orderspec.findings import Finding, Severity
from orderspec.server.providers.square import catalog
from orderspec.server.providers.square.arithmetic import INT64_MAX
from orderspec.server.providers.square.totals import money_members

Order = Mapping[str, Any]

_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")

# Lines and charges times what may apply to them: bounds the time and the answer of one request.
_MOST_APPLICATIONS = 10_000

_SCOPES = ("LINE_ITEM", "ORDER", None)


def broken(clause: str, at: str, message: str) -> Finding:
    """Make the finding for an order that breaks a clause."""
    return Finding(severity=Severity.ERROR, clause=clause, at=at, message=message)


def unmet(order: Order) -> Iterator[Finding]:
    """Find what keeps an order from being priced.

    Args:
        order: the members that a client writes, see `members.written_by_client`.
    """
    if order.get("location_id") not in catalog.LOCATIONS:
        message = f"There is no location {order.get('location_id')!r}."
        yield broken("square.order.location", "/order/location_id", message)
    for name, check in _CHECKS.items():
        for place, member in enumerate(order.get(name, [])):
            yield from check(member, f"/order/{name}/{place}")
    yield from _size(order)
    yield from _currencies(order)


def unmet_on_create(order: Order) -> Iterator[Finding]:
    """Find what keeps an order from being created, though it can be priced."""
    if order.get("state") not in ("OPEN", "DRAFT", None):
        message = f"An order is created OPEN or DRAFT, not {order['state']!r}."
        yield broken("square.create-order.usable-state", "/order/state", message)


def unmet_amounts(order: Order) -> Iterator[Finding]:
    """Find whether a priced order has an amount that an answer cannot carry."""
    if any(abs(money["amount"]) > INT64_MAX for money in money_members(order)):
        message = "An amount of the order leaves the range of 64-bit integers."
        yield broken("square.order.amount-range", "/order", message)


def _line_item(line: Order, at: str) -> Iterator[Finding]:
    yield from _known(line, catalog.ITEM_VARIATIONS, at)
    yield from _quantity(line, at)
    yield from _price(line, at)
    yield from _named_once(line, "applied_discounts", "discount_uid", at)
    yield from _named_once(line, "applied_taxes", "tax_uid", at)
    for place, modifier in enumerate(line.get("modifiers", [])):
        yield from _modifier(modifier, f"{at}/modifiers/{place}")
    if "applied_service_charges" in line:
        message = "Charges are not apportioned to lines here: a line cannot name one."
        yield broken("square.service-charge.apportioned", f"{at}/applied_service_charges", message)


def _modifier(modifier: Order, at: str) -> Iterator[Finding]:
    yield from _known(modifier, catalog.MODIFIERS, at)
    yield from _quantity(modifier, at)
    yield from _money(modifier, "base_price_money", at)


def _discount(discount: Order, at: str) -> Iterator[Finding]:
    yield from _known(discount, catalog.DISCOUNTS, at)
    yield from _named(discount, at)
    yield from _percentage(discount, at)
    yield from _money(discount, "amount_money", at)
    known = catalog.from_catalog(discount, catalog.DISCOUNTS)
    fitting = "FIXED_PERCENTAGE" if "percentage" in known else "FIXED_AMOUNT"
    yield from _one_of(discount, "type", (fitting, None), "square.discount.type", at)
    yield from _one_of(discount, "scope", _SCOPES, "square.discount.scope", at)


def _tax(tax: Order, at: str) -> Iterator[Finding]:
    yield from _known(tax, catalog.TAXES, at)
    yield from _named(tax, at)
    yield from _percentage(tax, at)
    yield from _one_of(tax, "type", ("ADDITIVE", "INCLUSIVE", None), "square.tax.type", at)
    yield from _one_of(tax, "scope", _SCOPES, "square.tax.scope", at)


def _service_charge(charge: Order, at: str) -> Iterator[Finding]:
    yield from _known(charge, catalog.SERVICE_CHARGES, at)
    yield from _percentage(charge, at)
    yield from _money(charge, "amount_money", at)
    yield from _named_once(charge, "applied_taxes", "tax_uid", at)
    for name, on_the_whole in (
        ("calculation_phase", ("SUBTOTAL_PHASE", "TOTAL_PHASE", None)),
        ("treatment_type", ("LINE_ITEM_TREATMENT", None)),
        ("scope", ("ORDER", None)),
    ):
        yield from _one_of(charge, name, on_the_whole, "square.service-charge.apportioned", at)


_CHECKS = {
    "line_items": _line_item,
    "discounts": _discount,
    "taxes": _tax,
    "service_charges": _service_charge,
}


def _known(member: Order, known: Mapping[str, object], at: str) -> Iterator[Finding]:
    identifier = member.get("catalog_object_id")
    if identifier is not None and identifier not in known:
        message = f"The catalog has no such object {identifier!r}."
        yield broken("square.order.catalog", f"{at}/catalog_object_id", message)


def _one_of(
    member: Order, name: str, values: tuple[str | None, ...], clause: str, at: str
) -> Iterator[Finding]:
    if member.get(name) not in values:
        allowed = ", ".join(value for value in values if value)
        message = f"{name} is {member[name]!r} where only {allowed} can be."
        yield broken(clause, f"{at}/{name}", message)


def _named(member: Order, at: str) -> Iterator[Finding]:
    if member.get("uid") == "":
        message = "An empty uid cannot be referred to: leave it out, or give it characters."
        yield broken("square.order.empty-uid", f"{at}/uid", message)


def _named_once(bearer: Order, references: str, names: str, at: str) -> Iterator[Finding]:
    uids = [reference.get(names) for reference in bearer.get(references, [])]
    if len(set(uids)) < len(uids):
        message = f"The same {names} is named twice."
        yield broken("square.order.named-once", f"{at}/{references}", message)


def _price(line: Order, at: str) -> Iterator[Finding]:
    if "base_price_money" not in line and "catalog_object_id" not in line:
        message = "A line that is not from the catalog needs a base price."
        yield broken("square.line-item.price", f"{at}/base_price_money", message)
    yield from _money(line, "base_price_money", at)


def _quantity(member: Order, at: str) -> Iterator[Finding]:
    quantity = member.get("quantity", "1")
    if not _DECIMAL.fullmatch(quantity):
        message = f"The quantity {quantity!r} is not a decimal number such as 1 or 0.5."
        yield broken("square.order.decimals", f"{at}/quantity", message)


def _percentage(member: Order, at: str) -> Iterator[Finding]:
    percentage = member.get("percentage", "0")
    if not _DECIMAL.fullmatch(percentage):
        message = f"The percentage {percentage!r} is not a decimal number such as 7.25."
        yield broken("square.order.decimals", f"{at}/percentage", message)


def _money(member: Order, name: str, at: str) -> Iterator[Finding]:
    money = member.get(name)
    if money is None:
        return
    for part in ("amount", "currency"):
        if part not in money:
            message = f"Money needs the member {part}."
            yield broken("square.money.complete", f"{at}/{name}/{part}", message)
    if money.get("amount", 0) < 0:
        message = f"The amount {money['amount']} is negative."
        yield broken("square.money.not-negative", f"{at}/{name}/amount", message)


def _size(order: Order) -> Iterator[Finding]:
    bearers = len(order.get("line_items", [])) + len(order.get("service_charges", []))
    applicable = len(order.get("discounts", [])) + len(order.get("taxes", []))
    if bearers * applicable > _MOST_APPLICATIONS:
        message = f"The order has more than {_MOST_APPLICATIONS} discounts and taxes on lines."
        yield broken("square.order.size", "/order/line_items", message)


def currencies(order: Order) -> list[str]:
    """List the currencies of the amounts that price an order, as they come."""
    lines = [
        catalog.from_catalog(line, catalog.ITEM_VARIATIONS) for line in order.get("line_items", [])
    ]
    modifiers = [
        catalog.from_catalog(modifier, catalog.MODIFIERS)
        for line in lines
        for modifier in line.get("modifiers", [])
    ]
    deductions = [*order.get("discounts", []), *order.get("service_charges", [])]
    prices = [member.get("base_price_money", {}) for member in [*lines, *modifiers]]
    amounts = [member.get("amount_money", {}) for member in deductions]
    return [money["currency"] for money in [*prices, *amounts] if "currency" in money]


def _currencies(order: Order) -> Iterator[Finding]:
    found = sorted(set(currencies(order)))
    if len(found) > 1:
        message = f"An order has one currency, this one has {', '.join(found)}."
        yield broken("square.order.one-currency", "/order", message)
