"""Orders that are priced by a wrong rule; the amounts still add up."""

from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction

from orderspec.server.provider import Fault
from orderspec.server.providers.square.arithmetic import rate
from orderspec.server.providers.square.faults.altering import Order
from orderspec.server.providers.square.pricing import priced
from orderspec.server.providers.square.totals import lines_of, totalled
from orderspec.server.seeding import a_copy

_ENOUGH = 10


def _fault(name: str, summary: str, change: Callable[[Order], object], rare: str = "") -> Fault:
    return Fault(name, "semantic", summary, "priced", a_copy(change), rare)


def _currency(order: Order) -> str:
    currency: str = order["total_money"]["currency"]
    return currency


def _misread(order: Order, misread: Callable[[Order], None]) -> None:
    """Price an order as if it said something else, then let it say again what it said."""
    other = deepcopy(order)
    misread(other)
    other = priced(other, _currency(order))
    for name in ("line_items", "discounts", "taxes"):
        for wrong, right in zip(other.get(name, []), order.get(name, []), strict=True):
            _restore(wrong, right)
    order.update(other)


def _restore(wrong: Order, right: Order) -> None:
    said = ("quantity", "percentage", "amount_money", "base_price_money")
    wrong.update({name: right[name] for name in said if name in right})
    for modifier, meant in zip(wrong.get("modifiers", []), right.get("modifiers", []), strict=True):
        modifier.pop("quantity", None)
        modifier.update({name: meant[name] for name in said if name in meant})


def _scaled(percentage: str, factor: Fraction) -> str:
    return str(Fraction(percentage) * factor)


def _unchained(order: Order) -> None:
    """Take every percentage of the order from the same base, not from what the last one left."""
    left = Fraction(1)
    for discount in order.get("discounts", []):
        if discount["scope"] == "ORDER" and "percentage" in discount:
            share = min(rate(discount["percentage"]), left)
            if left:
                discount["percentage"] = str(share / left * 100)
            left -= share


def _compounded(order: Order) -> None:
    """Put each additive tax of the order on top of those before it."""
    factor = Fraction(1)
    for tax in order.get("taxes", []):
        if tax["scope"] == "ORDER" and tax["type"] == "ADDITIVE":
            share = rate(tax["percentage"])
            tax["percentage"] = _scaled(tax["percentage"], factor)
            factor *= 1 + share


def _single_modifiers(order: Order) -> None:
    for line in lines_of(order):
        quantity = Fraction(line["quantity"])
        for modifier in line.get("modifiers", []) if quantity else []:
            count = Fraction(modifier.get("quantity", "1"))
            modifier["quantity"] = str(count / quantity)


def _at_most_nine(order: Order) -> None:
    for line in lines_of(order):
        if Fraction(line["quantity"]) >= _ENOUGH:
            line["quantity"] = "9"


def _hundredths(order: Order) -> None:
    if _currency(order) == "JPY":
        for line in lines_of(order):
            line["base_price_money"]["amount"] *= 100


def _whole_percentages(order: Order) -> None:
    for member in [*order.get("discounts", []), *order.get("taxes", [])]:
        if "percentage" in member:
            member["percentage"] = member["percentage"].partition(".")[0]


def _amounts_by_quantity(order: Order) -> None:
    """Take an amount for a line once for each piece of the largest line."""
    pieces = max((int(Fraction(line["quantity"])) for line in lines_of(order)), default=1)
    for discount in order.get("discounts", []):
        if discount["scope"] == "LINE_ITEM" and "amount_money" in discount:
            discount["amount_money"]["amount"] *= max(pieces, 1)


def _undiscounted(order: Order) -> None:
    for line in lines_of(order):
        line.pop("applied_discounts", None)


def _taxed_before_discount(order: Order) -> None:
    """Take the taxes from the same order without its discounts."""
    other = deepcopy(order)
    _undiscounted(other)
    other = priced(other, _currency(order))
    for line, undiscounted in zip(lines_of(order), lines_of(other), strict=True):
        if "applied_taxes" in line:
            line["applied_taxes"] = undiscounted["applied_taxes"]
    totalled(order, _currency(order))


def _first_line_bears_all(order: Order) -> None:
    """Let only the first line name the discounts of the order."""
    whole = {
        discount["uid"] for discount in order.get("discounts", []) if discount["scope"] == "ORDER"
    }
    for line in lines_of(order)[1:]:
        kept = [
            applied
            for applied in line.pop("applied_discounts", [])
            if applied["discount_uid"] not in whole
        ]
        if kept:
            line["applied_discounts"] = kept
    order.update(priced(order, _currency(order)))


def _misreading(name: str, summary: str, misread: Callable[[Order], None], rare: str = "") -> Fault:
    return _fault(name, summary, lambda order: _misread(order, misread), rare)


FAULTS = (
    _misreading(
        "percentages-not-chained",
        "Every percentage of the order is taken from the full subtotal.",
        _unchained,
        rare="two percentage discounts on the whole order",
    ),
    _misreading(
        "taxes-compounded",
        "The second tax is put on the first one too.",
        _compounded,
        rare="two additive taxes on the whole order",
    ),
    _misreading(
        "modifiers-not-multiplied",
        "A modifier is charged once, whatever the line's quantity.",
        _single_modifiers,
    ),
    _misreading(
        "quantity-capped",
        "A quantity of 10 or more is charged as 9.",
        _at_most_nine,
        rare="a quantity of 10 or more",
    ),
    _misreading(
        "yen-in-hundredths",
        "Yen are charged as if they had hundredths.",
        _hundredths,
        rare="an order in JPY",
    ),
    _misreading(
        "percentages-truncated",
        "The fraction of a percentage is ignored.",
        _whole_percentages,
        rare="a percentage with a fraction on more than a few units",
    ),
    _misreading(
        "line-amount-multiplied",
        "An amount off a line is taken once a piece.",
        _amounts_by_quantity,
        rare="an amount discount on a line of several pieces",
    ),
    _fault("tax-before-discount", "Taxes ignore the discounts.", _taxed_before_discount),
    _fault(
        "order-discount-on-first-line",
        "A discount of the whole order reaches the first line only.",
        _first_line_bears_all,
    ),
)
