"""The shop behind every connection: what it sells, and the order that it makes of what is sent.

Nothing is taken off, sent or taxed for money, because the documents have no word on any of that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orderspec.server.provider import Call
from orderspec.server.uuids import uuid_of

Json = dict[str, Any]

MOST_PIECES = 1_000_000
MOST_DECIMALS = 3
SOLD_OUT = "d0a1b2c3-0000-4000-8000-5e11ed0ffa11"


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a product; the unit cost is in whatever currency is paid in."""

    sku: str | None
    title: str
    unit_cost: Decimal


CATALOG: Mapping[str, Variant] = {
    "7a1c3f9e-52d8-4b60-9e0f-0c1d5b6a7e81": Variant("TEA-100", "Green tea", Decimal("19.99")),
    "0b7e2d44-9f13-4c8a-b2d5-6e9f1a3c5d70": Variant("BAG-1", "Paper bag", Decimal("0.10")),
    "c4f8a6b2-1d3e-4f5a-8b7c-9d0e1f2a3b4c": Variant("POT-7", "Tea pot", Decimal("1299.00")),
    "e19d5c70-84a2-4b1f-a6c3-2f7e8d9b0a15": Variant(None, "Tasting", Decimal("12.5")),
    "3d6e9f0a-b1c2-4d3e-9f4a-5b6c7d8e9f01": Variant("CUP-2", "Cup", Decimal("7.35")),
    "82f5b3c7-6e1d-4a9b-8c2f-1a0b9c8d7e62": Variant("GIFT", "Sample", Decimal(0)),
}
"""What the shop knows by name. It sells every other variant, too, as something else."""

_SOMETHING = Variant(None, "Something", Decimal("10.00"))


class UnavailableError(Exception):
    """The shop does not sell this; the reason is the argument."""


def ordered(call: Call, sent: Mapping[str, Any]) -> Json:
    """Make an order of what a client sent.

    Raises:
        UnavailableError: a line is of what is sold out, or of a quantity that is not sold.
    """
    currency = sent["currency_code"]
    new_id = _ids(call)
    order_id = new_id()
    lines = [_line(call, new_id(), line, currency) for line in sent["line_items"]]
    price = sum((line["price"] for line in lines), Decimal(0))
    number = str(int(order_id.replace("-", "")[:8], 16))
    shipping = sent.get("shipping_address")
    tags = (sent.get("additional_fields") or {}).get("tags")
    return {
        "id": order_id,
        "platform_id": f"gid://shop/Order/{number}",
        "payment_status": "pending",
        "status": "active",
        "total_discount": Decimal(0),
        "total_price": price,
        "fulfillment_status": "unfulfilled",
        "iso_currency_code": currency,
        "name": f"#{number}",
        "order_number": number,
        "total_line_items_price": price,
        "total_shipping": Decimal(0),
        "total_tax": Decimal(0),
        **({} if tags is None else {"tags": tags}),
        "billing_address": _shown(sent["billing_address"]),
        "shipping_address": None if shipping is None else _shown(shipping),
        "refunds": [],
        "customer": _customer(call, new_id(), sent["customer"]),
        "fulfillments": [],
        "line_items": lines,
        "created_at": call.now,
        "updated_at": call.now,
    }


def _ids(call: Call) -> Callable[[], str]:
    return lambda: uuid_of(call.new_id(32))


def _line(call: Call, line_id: str, sent: Mapping[str, Any], currency: str) -> Json:
    variant_id, quantity = sent["variant_id"], sent["quantity"]
    if variant_id == SOLD_OUT:
        message = f"The variant {variant_id} is sold out."
        raise UnavailableError(message)
    _check_quantity(quantity)
    variant = CATALOG.get(variant_id, _SOMETHING)
    return {
        "id": line_id,
        "product_id": uuid_of(f"product {variant.title}"),
        "variant_id": variant_id,
        "price": variant.unit_cost * quantity,
        "quantity": quantity,
        "iso_currency_code": currency,
        "sku": variant.sku,
        "title": variant.title,
        "unit_cost": variant.unit_cost,
        "created_at": call.now,
        "updated_at": call.now,
    }


def _check_quantity(quantity: int | Decimal) -> None:
    number = Decimal(quantity)
    exponent = number.normalize().as_tuple().exponent
    is_fine = isinstance(exponent, int) and exponent >= -MOST_DECIMALS
    if not (abs(number) <= MOST_PIECES and is_fine):
        message = f"A quantity is at most {MOST_PIECES}, and has at most {MOST_DECIMALS} decimals."
        raise UnavailableError(message)


def _shown(address: Mapping[str, Any]) -> Json:
    """Give an address as orders show it, which is without the e-mail address."""
    return {name: value for name, value in address.items() if name != "email"}


def _customer(call: Call, customer_id: str, sent: Mapping[str, Any]) -> Json:
    return {
        "id": customer_id,
        "email": sent["email"],
        "first_name": sent.get("first_name"),
        "last_name": sent.get("last_name"),
        "phone": None,
        "created_at": call.now,
        "updated_at": call.now,
    }
