"""Orders that are created, but are not what was ordered."""

from collections.abc import Callable

from orderspec.server.provider import Fault
from orderspec.server.providers.rutter.faults.altering import Json, addresses
from orderspec.server.seeding import a_copy

_LAST_BMP = "\uffff"


def _lost(name: str, summary: str, change: Callable[[Json], object], rare: str = "") -> Fault:
    """Make a defect in what is understood of the request: it is ordered as misunderstood."""
    return Fault(name, "semantic", summary, "understood", a_copy(change), rare)


def _wrong(name: str, summary: str, change: Callable[[Json], object], rare: str = "") -> Fault:
    """Make a defect in the order that is made, and stored so."""
    return Fault(name, "semantic", summary, "ordered", a_copy(change), rare)


def _dollars(order: Json) -> None:
    order["currency_code"] = "USD"


def _without_shipping_address(order: Json) -> None:
    order.pop("shipping_address", None)


def _swapped_addresses(order: Json) -> None:
    if "shipping_address" in order:
        billing, shipping = order["billing_address"], order["shipping_address"]
        order["billing_address"], order["shipping_address"] = shipping, billing


def _numeric_postal_codes(order: Json) -> None:
    for address in addresses(order):
        if address["postal_code"].isdecimal():
            address["postal_code"] = str(int(address["postal_code"]))


def _without_second_lines(order: Json) -> None:
    for address in addresses(order):
        address["address2"] = ""


def _without_astral_characters(order: Json) -> None:
    for address in addresses(order):
        line = address["address2"]
        address["address2"] = "".join("?" if mark > _LAST_BMP else mark for mark in line)


def _without_third_line(order: Json) -> None:
    del order["line_items"][2:3]


def _each_variant_once(order: Json) -> None:
    lines = {line["variant_id"]: line for line in reversed(order["line_items"])}
    order["line_items"] = list(reversed(lines.values()))


def _whole_pieces(order: Json) -> None:
    for line in order["line_items"]:
        line["quantity"] = int(line["quantity"])


def _priced_per_piece(order: Json) -> None:
    for line in order["line_items"]:
        line["price"] = line["unit_cost"]


def _priced_in_floats(order: Json) -> None:
    for line in order["line_items"]:
        line["price"] = float(line["unit_cost"]) * float(line["quantity"])


def _customer_of_the_bill(order: Json) -> None:
    email = order["billing_address"]["email"]
    order["customer"] = {**order["customer"], "email": email or order["customer"]["email"]}


FAULTS = (
    _lost("currency-always-dollars", "Every order is in US dollars.", _dollars),
    _lost("shipping-address-lost", "The shipping address is lost.", _without_shipping_address),
    _lost("addresses-swapped", "Billing and shipping address are swapped.", _swapped_addresses),
    _lost(
        "leading-zero-lost",
        "A postal code loses its leading zero.",
        _numeric_postal_codes,
        rare="a postal code of digits that begins with a zero",
    ),
    _lost("second-line-lost", "The second line of an address is lost.", _without_second_lines),
    _lost(
        "astral-characters-lost",
        "Characters beyond the basic multilingual plane become question marks.",
        _without_astral_characters,
        rare="such a character in the second line of an address",
    ),
    _lost(
        "third-line-lost",
        "The third line is not ordered.",
        _without_third_line,
        rare="three lines or more",
    ),
    _lost(
        "repeated-variant-lost",
        "A second line of a variant is not ordered.",
        _each_variant_once,
        rare="two lines of one variant",
    ),
    _lost(
        "quantity-cut",
        "A quantity loses its decimals.",
        _whole_pieces,
        rare="a quantity that is not whole",
    ),
    _wrong("priced-per-piece", "A line costs what one piece costs.", _priced_per_piece),
    _wrong("priced-in-floats", "A line's price is multiplied in floats.", _priced_in_floats),
    _lost(
        "customer-of-the-billing-address",
        "The customer has the e-mail address of the bill.",
        _customer_of_the_bill,
    ),
)
