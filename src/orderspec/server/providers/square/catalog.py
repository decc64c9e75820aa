"""What exists on this server before any order does: two locations and three catalog objects."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

LOCATIONS = frozenset({"057P5VYJ4A5X1", "LREFERENCE002"})

# The currency of an order that names none.
HOME_CURRENCY = "USD"

ITEM_VARIATIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "BEMYCSMIJL46OCDV4KYIKXIB": {
            "name": "New York Steak",
            "variation_name": "Larger",
            "base_price_money": {"amount": 2200, "currency": "USD"},
        }
    }
)

MODIFIERS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "CHQX7Y4KY6N5KINJKZCFURPZ": {
            "name": "Well",
            "base_price_money": {"amount": 50, "currency": "USD"},
        }
    }
)

DISCOUNTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"DB7L55ZH2BGWI4H23ULIWOQ7": {"name": "Membership Discount", "percentage": "0.5"}}
)

TAXES: Mapping[str, Mapping[str, Any]] = MappingProxyType({})

SERVICE_CHARGES: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


def from_catalog(
    member: Mapping[str, Any], catalog: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Fill in what the catalog knows of a member that names a catalog object.

    What the request says wins. A percentage and an amount exclude each other, so that a request
    which says one of them does not get the other from the catalog.
    """
    known = catalog.get(member.get("catalog_object_id", ""), {})
    priced = "percentage" in member or "amount_money" in member
    filled = {name: value for name, value in known.items() if not (priced and name == "percentage")}
    return {**filled, **member}
