"""Orders that are stored, but are not what was ordered."""

from collections.abc import Callable
from typing import Any

from orderspec.server.provider import Fault
from orderspec.server.providers.enad.faults.altering import Order
from orderspec.server.providers.enad.members import TOTALS
from orderspec.server.seeding import a_copy

_HOME_CURRENCY = "SEK"


def _fault(name: str, summary: str, change: Callable[[Order], object], rare: str = "") -> Fault:
    """Make a defect in what is stored: everybody sees the order as it was misunderstood."""
    return Fault(name, "semantic", summary, "created", a_copy(change), rare)


def _without_session(order: Order) -> None:
    order["session_id"] = None


def _in_home_currency(order: Order) -> None:
    order["currency_code"] = _HOME_CURRENCY


def _lines_in_home_currency(order: Order) -> None:
    for line in order["order_lines"]:
        line["currency_code"] = _HOME_CURRENCY


def _whole_totals(order: Order) -> None:
    for name in TOTALS:
        order[name] = int(order[name])


def _discount_taken_twice(order: Order) -> None:
    order["grand_total"] -= order["discount_total"]


def _shipping_lost(order: Order) -> None:
    order["shipping_total"] = 0


def _two_lines(order: Order) -> None:
    del order["order_lines"][2:]


def _merged(order: Order) -> None:
    kept: list[Order] = []
    seen: list[tuple[Any, ...]] = []
    for line in order["order_lines"]:
        bare = tuple(line[name] for name in ("product_id", "variant_id", "base_price_amount"))
        if bare in seen:
            kept[seen.index(bare)]["quantity"] += line["quantity"]
        else:
            seen.append(bare)
            kept.append(line)
    order["order_lines"] = kept


def _of_one_variant(order: Order) -> None:
    for line in order["order_lines"]:
        line["variant_id"] = order["order_lines"][0]["variant_id"]


def _totals_of_one_piece(order: Order) -> None:
    for line in order["order_lines"]:
        line["total_price_amount"] = line["base_price_amount"]


def _without_tax_groups(order: Order) -> None:
    for line in order["order_lines"]:
        line["tax_group_id"] = None


def _swapped(order: Order) -> None:
    billing, shipping = order["billing_address"], order["shipping_address"]
    if billing and shipping:
        order["billing_address"], order["shipping_address"] = shipping, billing


def _first_method(order: Order) -> None:
    del order["shipping_methods"][1:]


def _user_of_session(order: Order) -> None:
    if order["merchant_user"]:
        order["merchant_user"] = {"id": order["session_id"] or "guest"}


def _named_in_ascii(order: Order) -> None:
    name = order["payment_method_name"]
    if name:
        order["payment_method_name"] = name.encode("ascii", errors="replace").decode()


def _source_defaulted(order: Order) -> None:
    order["source"] = "webshop"


FAULTS = (
    _fault("session-lost", "session_id is dropped.", _without_session),
    _fault("currency-defaulted", "Every order is in SEK.", _in_home_currency),
    _fault(
        "lines-in-home-currency",
        "The lines of every order are in SEK.",
        _lines_in_home_currency,
    ),
    _fault("source-defaulted", "Every order comes from the webshop.", _source_defaulted),
    _fault(
        "totals-cut",
        "Totals lose their decimals.",
        _whole_totals,
        rare="a total with decimals",
    ),
    _fault(
        "discount-taken-twice",
        "grand_total is lowered by the discount that it has already.",
        _discount_taken_twice,
        rare="an order with a discount",
    ),
    _fault("shipping-lost", "shipping_total is zero.", _shipping_lost),
    _fault(
        "third-line-dropped",
        "An order has two lines at most.",
        _two_lines,
        rare="three lines or more",
    ),
    _fault(
        "alike-lines-merged",
        "Lines of the same product at the same price become one.",
        _merged,
        rare="two lines of the same product at the same price",
    ),
    _fault(
        "variant-of-first-line",
        "Every line is of the variant of the first.",
        _of_one_variant,
        rare="lines of different variants",
    ),
    _fault(
        "line-total-of-one-piece",
        "A line costs its price whatever its quantity.",
        _totals_of_one_piece,
    ),
    _fault("tax-group-lost", "Lines lose their tax group.", _without_tax_groups),
    _fault(
        "addresses-swapped",
        "Billing and shipping address change places.",
        _swapped,
        rare="an order with both addresses",
    ),
    _fault(
        "first-shipping-method-only",
        "Of several shipping methods one is kept.",
        _first_method,
        rare="two shipping methods",
    ),
    _fault(
        "user-of-the-session",
        "merchant_user has the id of the session.",
        _user_of_session,
        rare="an order with a merchant user",
    ),
    _fault(
        "payment-method-named-in-ascii",
        "Letters beyond ASCII in payment_method_name become question marks.",
        _named_in_ascii,
        rare="a payment_method_name with such a letter",
    ),
)
