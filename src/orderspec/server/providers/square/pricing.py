"""Price an order: discounts, service charges, taxes, totals, in the documented sequence."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from fractions import Fraction
from typing import Any

from orderspec.server.providers.square.arithmetic import apportion, half_even, rate, total
from orderspec.server.providers.square.totals import Order, lines_of, totalled

# The place of a line or charge to the minor units that it bears.
Shares = dict[int, int]


def priced(order: Order, currency: str) -> Order:
    """Compute every amount of a completed order.

    Discounts come first (percentages of lines, percentages of the order, amounts of lines,
    amounts of the order), each on what those before it left, then the charges on the subtotal,
    then the taxes, then the charges on the total. What applies to the whole order is computed
    once, rounded half to even, and split over the lines.

    Args:
        order: see `completion.completed`.
        currency: of every amount.

    Returns:
        A copy in which each line, discount, tax and charge has its amounts, and the totals.
    """
    order = deepcopy(order)
    lines = lines_of(order)
    for line in lines:
        _price_line(line, currency)
    left = [_price(line) for line in lines]
    _discount(order, left, currency)
    subtotal = sum(left)
    charges = order.get("service_charges", [])
    for charge in _in_phase(charges, "SUBTOTAL_PHASE"):
        charge["applied_money"] = _money(_charge(charge, subtotal), currency)
    _tax(order, left, currency)
    totalled(order, currency)
    after_taxes = order["total_money"]["amount"]
    for charge in _in_phase(charges, "TOTAL_PHASE"):
        charge["applied_money"] = _money(_charge(charge, after_taxes), currency)
    return totalled(order, currency)


def _money(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def _price_line(line: Order, currency: str) -> None:
    """Multiply base prices by quantities; each product is rounded on its own."""
    quantity = Fraction(line["quantity"])
    for modifier in line.get("modifiers", []):
        count = quantity * Fraction(modifier.get("quantity", "1"))
        amount = half_even(modifier["base_price_money"]["amount"] * count)
        modifier["total_price_money"] = _money(amount, currency)
    amount = half_even(line["base_price_money"]["amount"] * quantity)
    line["variation_total_price_money"] = _money(amount, currency)


def _price(line: Order) -> int:
    modifiers = sum(
        modifier["total_price_money"]["amount"] for modifier in line.get("modifiers", [])
    )
    price: int = line["variation_total_price_money"]["amount"] + modifiers
    return price


def _in_phase(charges: Sequence[Order], phase: str) -> Iterator[Order]:
    return (charge for charge in charges if charge["calculation_phase"] == phase)


def _charge(charge: Order, base: int) -> int:
    """Compute a charge: its amount, or its percentage of the base."""
    if "percentage" in charge:
        return half_even(rate(charge["percentage"]) * base)
    amount: int = charge["amount_money"]["amount"]
    return amount


def _bearers(bearers: Sequence[Order], references: str, names: str) -> dict[str, list[int]]:
    """Find who bears what: uid of a discount or tax to the places that name it."""
    found: dict[str, list[int]] = {}
    for place, bearer in enumerate(bearers):
        for reference in bearer.get(references, []):
            found.setdefault(reference[names], []).append(place)
    return found


def _note_shares(
    bearers: Sequence[Order],
    references: str,
    names: str,
    shares: Mapping[str, Shares],
    currency: str,
) -> None:
    for place, bearer in enumerate(bearers):
        for reference in bearer.get(references, []):
            amount = shares.get(reference[names], {}).get(place, 0)
            reference["applied_money"] = _money(amount, currency)


def _discount(order: Order, left: list[int], currency: str) -> None:
    """Take every discount, in the order of the list, from what is left of the lines."""
    lines = lines_of(order)
    bearers = _bearers(lines, "applied_discounts", "discount_uid")
    shares: dict[str, Shares] = {}
    for discount in order.get("discounts", []):
        bases = {place: left[place] for place in bearers.get(discount["uid"], [])}
        shares[discount["uid"]] = _deduction(discount, bases)
        for place, amount in shares[discount["uid"]].items():
            left[place] -= amount
    _note_shares(lines, "applied_discounts", "discount_uid", shares, currency)


def _deduction(discount: Order, bases: Shares) -> Shares:
    """Compute what one discount takes from each line, never more than the line has left.

    An amount for lines is taken in full from each line that names it (our reading).
    """
    on_order = discount["scope"] == "ORDER"
    if "percentage" in discount:
        factor = min(rate(discount["percentage"]), Fraction(1))
        quotas = {place: factor * base for place, base in bases.items()}
        return _once_on_the_order(quotas) if on_order else _line_by_line(quotas)
    amount: int = discount["amount_money"]["amount"]
    if not on_order:
        return {place: min(amount, base) for place, base in bases.items()}
    everything = sum(bases.values())
    factor = Fraction(min(amount, everything), everything or 1)
    return _once_on_the_order({place: factor * base for place, base in bases.items()})


def _once_on_the_order(quotas: Mapping[int, Fraction]) -> Shares:
    exact = list(quotas.values())
    return dict(zip(quotas, apportion(half_even(total(exact)), exact), strict=True))


def _line_by_line(quotas: Mapping[int, Fraction]) -> Shares:
    return {place: half_even(quota) for place, quota in quotas.items()}


def _tax(order: Order, left: Sequence[int], currency: str) -> None:
    """Tax the lines and the taxable charges.

    An inclusive tax is found in the price, ``rate / (1 + all inclusive rates)`` of it. An additive
    tax is put on what remains without the inclusive ones. No tax is taxed.
    """
    charges = order.get("service_charges", [])
    taxed = [*lines_of(order), *charges]
    paid = [*left, *(charge.get("applied_money", {}).get("amount", 0) for charge in charges)]
    bearers = _bearers(taxed, "applied_taxes", "tax_uid")
    taxes = order.get("taxes", [])
    inclusive = [tax for tax in taxes if tax["type"] == "INCLUSIVE"]
    contained = [Fraction(1)] * len(taxed)
    for tax in inclusive:
        for place in bearers.get(tax["uid"], []):
            contained[place] += rate(tax["percentage"])
    net = list(paid)
    shares: dict[str, Shares] = {}
    for tax in inclusive:
        bases = {place: paid[place] / contained[place] for place in bearers.get(tax["uid"], [])}
        # Several small inclusive taxes may each round up: together they stay within the price.
        shares[tax["uid"]] = {
            place: min(amount, net[place]) for place, amount in _levy(tax, bases).items()
        }
        for place, amount in shares[tax["uid"]].items():
            net[place] -= amount
    for tax in taxes:
        if tax["type"] != "INCLUSIVE":
            bases = {place: Fraction(net[place]) for place in bearers.get(tax["uid"], [])}
            shares[tax["uid"]] = _levy(tax, bases)
    _note_shares(taxed, "applied_taxes", "tax_uid", shares, currency)


def _levy(tax: Order, bases: Mapping[int, Fraction]) -> Shares:
    quotas = {place: rate(tax["percentage"]) * base for place, base in bases.items()}
    return _once_on_the_order(quotas) if tax["scope"] == "ORDER" else _line_by_line(quotas)
