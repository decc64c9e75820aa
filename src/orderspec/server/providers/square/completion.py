"""Complete an order before it is priced: catalog values, types, scopes, uids, references."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderspec.server.providers.square import catalog

Order = dict[str, Any]

_UID_LENGTH = 22
_SOURCE = "Reference Server"


def completed(order: Mapping[str, Any], new_id: Callable[[int], str]) -> Order:
    """Say what the client left to the server, amounts excepted.

    Readings where the documents are silent: a discount or tax without a scope is for the lines
    that name it, or for the whole order where none does; within a kind of discount, those from
    the catalog come first, then the order of the request counts; a service charge bears the taxes
    that it names and, where it is taxable, those of the order.

    Args:
        order: the members that a client writes, see `members.written_by_client`.
        new_id: makes a new identifier of the given length.

    Returns:
        The order in the form of a response, without any computed amount. Discounts stand in the
        order in which they apply, and lines name every discount and tax that they bear.
    """
    lines = [_line(line, new_id) for line in order.get("line_items", [])]
    charges = [_service_charge(charge, new_id) for charge in order.get("service_charges", [])]
    discounts = sorted(
        (_discount(discount, lines, new_id) for discount in order.get("discounts", [])),
        key=_place_in_sequence,
    )
    taxes = [_tax(tax, [*lines, *charges], new_id) for tax in order.get("taxes", [])]
    for line in lines:
        _refer(line, "applied_discounts", "discount_uid", discounts, new_id, whole_order=True)
        _refer(line, "applied_taxes", "tax_uid", taxes, new_id, whole_order=True)
    for charge in charges:
        taxable = charge.get("taxable", False)
        _refer(charge, "applied_taxes", "tax_uid", taxes, new_id, whole_order=taxable)
    fulfillments = [
        {**_named(fulfillment, new_id), "state": fulfillment.get("state", "PROPOSED")}
        for fulfillment in order.get("fulfillments", [])
    ]
    lists = {
        "line_items": lines,
        "taxes": taxes,
        "discounts": discounts,
        "service_charges": charges,
        "fulfillments": fulfillments,
    }
    return {
        **order,
        "source": {"name": _SOURCE, **order.get("source", {})},
        "state": order.get("state", "OPEN"),
        **{name: members for name, members in lists.items() if members},
    }


def _named(member: Mapping[str, Any], new_id: Callable[[int], str]) -> Order:
    return dict(member) if "uid" in member else {**member, "uid": new_id(_UID_LENGTH)}


def _line(line: Mapping[str, Any], new_id: Callable[[int], str]) -> Order:
    known = _named(catalog.from_catalog(line, catalog.ITEM_VARIATIONS), new_id)
    if "modifiers" in known:
        known["modifiers"] = [
            _named(catalog.from_catalog(modifier, catalog.MODIFIERS), new_id)
            for modifier in known["modifiers"]
        ]
    return known


def _discount(
    discount: Mapping[str, Any], lines: Sequence[Order], new_id: Callable[[int], str]
) -> Order:
    known = _named(catalog.from_catalog(discount, catalog.DISCOUNTS), new_id)
    inferred = {
        "type": "FIXED_PERCENTAGE" if "percentage" in known else "FIXED_AMOUNT",
        "scope": _scope(known, lines, "applied_discounts", "discount_uid"),
    }
    return {**inferred, **known}


def _tax(tax: Mapping[str, Any], bearers: Sequence[Order], new_id: Callable[[int], str]) -> Order:
    known = _named(catalog.from_catalog(tax, catalog.TAXES), new_id)
    inferred = {
        "type": "ADDITIVE",
        "scope": _scope(known, bearers, "applied_taxes", "tax_uid"),
    }
    return {**inferred, **known}


def _scope(member: Order, bearers: Sequence[Order], references: str, names: str) -> str:
    named = any(
        reference.get(names) == member["uid"]
        for bearer in bearers
        for reference in bearer.get(references, [])
    )
    return "LINE_ITEM" if named else "ORDER"


def _service_charge(charge: Mapping[str, Any], new_id: Callable[[int], str]) -> Order:
    known = _named(catalog.from_catalog(charge, catalog.SERVICE_CHARGES), new_id)
    return {"calculation_phase": "SUBTOTAL_PHASE", **known}


def _place_in_sequence(discount: Order) -> tuple[bool, bool, bool]:
    """Percentages, then amounts; in each those of lines, then of the order; catalog ones first."""
    return (
        "percentage" not in discount,
        discount["scope"] == "ORDER",
        "catalog_object_id" not in discount,
    )


def _refer(  # noqa: PLR0913 (both kinds of reference, on both kinds of bearer)
    bearer: Order,
    references: str,
    names: str,
    named: Sequence[Order],
    new_id: Callable[[int], str],
    *,
    whole_order: bool,
) -> None:
    """Let a line or charge name what it bears, in the order in which that applies.

    It bears what it named itself and, with `whole_order`, what is for the whole order.
    """
    sent = {reference[names]: reference for reference in bearer.pop(references, [])}
    borne = [
        _named({**sent.get(member["uid"], {}), names: member["uid"]}, new_id)
        for member in named
        if member["uid"] in sent or (whole_order and member["scope"] == "ORDER")
    ]
    if borne:
        bearer[references] = borne
