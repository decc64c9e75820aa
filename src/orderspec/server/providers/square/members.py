"""Which members of an order a client writes; all others are computed here, or unknown."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# A member name to the members inside it; an empty mapping means that the value is taken whole.
Members = Mapping[str, "Members"]


def _members(*plain: str, **nested: Members) -> Members:
    """Name members that are taken whole, and members that are objects or lists of objects."""
    return {**{name: {} for name in plain}, **nested}


_MONEY = _members("amount", "currency")
_QUANTITY_UNIT = _members("precision", "catalog_object_id", "catalog_version", measurement_unit={})
_MODIFIER = _members(
    "uid",
    "catalog_object_id",
    "catalog_version",
    "name",
    "quantity",
    "metadata",
    base_price_money=_MONEY,
)
_BLOCKLISTS = _members(
    blocked_discounts=_members("uid", "discount_uid", "discount_catalog_object_id"),
    blocked_taxes=_members("uid", "tax_uid", "tax_catalog_object_id"),
)
_LINE_ITEM = _members(
    "uid",
    "name",
    "quantity",
    "note",
    "catalog_object_id",
    "catalog_version",
    "variation_name",
    "item_type",
    "metadata",
    quantity_unit=_QUANTITY_UNIT,
    modifiers=_MODIFIER,
    applied_taxes=_members("uid", "tax_uid"),
    applied_discounts=_members("uid", "discount_uid"),
    applied_service_charges=_members("uid", "service_charge_uid"),
    base_price_money=_MONEY,
    pricing_blocklists=_BLOCKLISTS,
)
_TAX = _members(
    "uid", "catalog_object_id", "catalog_version", "name", "type", "percentage", "metadata", "scope"
)
_DISCOUNT = {**_TAX, "amount_money": _MONEY}
_SERVICE_CHARGE = _members(
    "uid",
    "name",
    "catalog_object_id",
    "catalog_version",
    "percentage",
    "calculation_phase",
    "taxable",
    "metadata",
    "treatment_type",
    "scope",
    amount_money=_MONEY,
    applied_taxes=_members("uid", "tax_uid"),
)
_RECIPIENT = _members("customer_id", "display_name", "email_address", "phone_number", address={})
_PICKUP = _members(
    "expires_at",
    "auto_complete_duration",
    "schedule_type",
    "pickup_at",
    "pickup_window_duration",
    "prep_time_duration",
    "note",
    "cancel_reason",
    "is_curbside_pickup",
    recipient=_RECIPIENT,
    curbside_pickup_details=_members("curbside_details", "buyer_arrived_at"),
)
_SHIPMENT = _members(
    "carrier",
    "shipping_note",
    "shipping_type",
    "tracking_number",
    "tracking_url",
    "expected_shipped_at",
    "canceled_at",
    "cancel_reason",
    "failure_reason",
    recipient=_RECIPIENT,
)
_DELIVERY = _members(
    "schedule_type",
    "deliver_at",
    "prep_time_duration",
    "delivery_window_duration",
    "note",
    "completed_at",
    "cancel_reason",
    "courier_pickup_at",
    "courier_pickup_window_duration",
    "is_no_contact_delivery",
    "dropoff_notes",
    "courier_provider_name",
    "courier_support_phone_number",
    "square_delivery_id",
    "external_delivery_id",
    "managed_delivery",
    recipient=_RECIPIENT,
)
_FULFILLMENT = _members(
    "uid",
    "type",
    "state",
    "metadata",
    pickup_details=_PICKUP,
    shipment_details=_SHIPMENT,
    delivery_details=_DELIVERY,
)
ORDER = _members(
    "location_id",
    "reference_id",
    "customer_id",
    "metadata",
    "state",
    "ticket_name",
    source=_members("name"),
    line_items=_LINE_ITEM,
    taxes=_TAX,
    discounts=_DISCOUNT,
    service_charges=_SERVICE_CHARGE,
    fulfillments=_FULFILLMENT,
    pricing_options=_members("auto_apply_discounts", "auto_apply_taxes"),
)

# Above this many digits a decimal is not turned into an integer: it is out of range anyway.
_DIGITS = 40


def written_by_client(value: Any, members: Members) -> Any:
    """Keep what a client may write: no nulls, no empty lists, nothing read-only or unknown.

    Integers that were sent as ``2.0`` or ``2e0`` come out as integers.
    """
    match value:
        case dict():
            return {
                name: written_by_client(member, members.get(name, {}))
                for name, member in value.items()
                if (name in members or not members) and member is not None and member != []
            }
        case list():
            return [written_by_client(item, members) for item in value]
        case Decimal() if value.adjusted() < _DIGITS and value == value.to_integral_value():
            return int(value)
        case _:
            return value
