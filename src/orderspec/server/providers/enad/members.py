"""Which members of an order a client writes, and what this server asks of the inner ones.

The published page leaves out what lines and addresses hold, so the contract does not make a server
refuse any of that. This one asks of a line what a change of a line asks for.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

TEXTS = (
    "country_code",
    "currency_code",
    "language_code",
    "payment_method",
    "payment_method_id",
    "payment_method_name",
    "reference",
    "session_id",
    "source",
)
TOTALS = (
    "bonus_total",
    "discount_total",
    "gift_card_total",
    "grand_total",
    "shipping_total",
    "sub_total",
    "tax_total",
)
ADDRESSES = ("billing_address", "shipping_address")
ADDRESS = (
    "city",
    "country_code",
    "email",
    "family_name",
    "given_name",
    "postal_code",
    "state_or_province",
    "street_address",
    "street_address_2",
    "telephone_number",
)
LINE_TEXTS = ("currency_code", "product_id", "variant_id", "tax_group_id")
LINE_AMOUNTS = (
    "base_price_amount",
    "total_price_amount",
    "total_discount_amount",
    "total_tax_amount",
)
LINE = (*LINE_TEXTS, *LINE_AMOUNTS, "quantity")
_OPTIONAL = ("tax_group_id", "total_discount_amount", "total_tax_amount")


def flaws(body: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the lines and addresses of a new order."""
    for number, line in enumerate(body["lines"]):
        for flaw in _flaws_of_line(line):
            yield f"lines[{number}].{flaw}"
    for name in ADDRESSES:
        address = body.get(name, {})
        for member in ADDRESS:
            if not isinstance(address.get(member, ""), str):
                yield f"{name}.{member} is not text."


def chosen(value: Mapping[str, Any], members: tuple[str, ...]) -> dict[str, Any]:
    """Give those of the members named that a value has."""
    return {name: value[name] for name in members if name in value}


def _flaws_of_line(line: Mapping[str, Any]) -> Iterator[str]:
    for name in LINE:
        if name not in line:
            if name not in _OPTIONAL:
                yield f"{name} is missing."
        elif name in LINE_TEXTS:
            if not isinstance(line[name], str):
                yield f"{name} is not text."
        elif not _is_number(line[name]) or line[name] < 0:
            yield f"{name} is not a number of zero or more."
        elif name == "quantity" and (line[name] < 1 or line[name] % 1 != 0):
            yield f"{name} is not a whole number of one or more."


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
