"""Requests that are accepted though they are wrong, or refused though they are right."""

from collections.abc import Callable, Mapping
from typing import Any

from orderspec.findings import Finding, Severity
from orderspec.server.provider import Call, Fault
from orderspec.server.providers.square.faults.altering import sent_order
from orderspec.server.seeding import Alter, has_body, overlooking

Findings = tuple[Finding, ...]

_DESCRIPTIVE = ("name", "note", "reference_id", "customer_id", "ticket_name", "variation_name")
_LONGEST_REFERENCE = 40
_LONGEST_NOTE_ONCE = 500


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "validation", summary, "request-findings", alter, rare)


def _overlooking_relations(overlooked: Callable[[Mapping[str, Any]], bool]) -> Alter:
    """Accept an order of a kind, as long as its shape is right."""

    def alter(findings: Findings, call: Call) -> Findings:
        shape = tuple(finding for finding in findings if finding.keyword is not None)
        return shape if overlooked(sent_order(call)) else findings

    return alter


def _refusing(at: str, keyword: str, refused: Callable[[Mapping[str, Any]], bool]) -> Alter:
    """Refuse an order of a kind, though nothing is wrong with it."""

    def alter(findings: Findings, call: Call) -> Findings:
        if not sent_order(call) or not refused(sent_order(call)):
            return findings
        message = "The value is not accepted."
        return (*findings, Finding(Severity.ERROR, f"fault.{keyword}", message, at, keyword))

    return alter


def _lines(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines = order.get("line_items")
    return [line for line in lines or [] if isinstance(line, dict)]


def _dangling(references: str, name: str, targets: str) -> Callable[[Mapping[str, Any]], bool]:
    def has_dangling(order: Mapping[str, Any]) -> bool:
        known = [target.get("uid") for target in order.get(targets) or []]
        return any(
            reference.get(name) not in known
            for line in _lines(order)
            for reference in line.get(references) or []
        )

    return has_dangling


def _repeats_line_uid(order: Mapping[str, Any]) -> bool:
    uids = [line["uid"] for line in _lines(order) if line.get("uid")]
    return len(set(uids)) < len(uids)


def _mixes_currencies(order: Mapping[str, Any]) -> bool:
    prices = [line.get("base_price_money") or {} for line in _lines(order)]
    return len({price.get("currency") for price in prices}) > 1


def _splits_pieces(order: Mapping[str, Any]) -> bool:
    return any("." in line["quantity"] and not line.get("quantity_unit") for line in _lines(order))


def _without_location(findings: Findings, call: Call) -> Findings:
    order = sent_order(call)
    return () if order and order.get("location_id") is None else findings


def _unlimited_batch(findings: Findings, call: Call) -> Findings:
    if not has_body(call) or call.operation != "BatchRetrieveOrders":
        return findings
    return tuple(finding for finding in findings if finding.keyword != "maxItems")


def _is_wrong_text(finding: Finding) -> bool:
    return finding.keyword == "type" and finding.at.endswith(_DESCRIPTIVE)


def _longest_reference(order: Mapping[str, Any]) -> bool:
    return len(order.get("reference_id") or "") == _LONGEST_REFERENCE


def _long_note(order: Mapping[str, Any]) -> bool:
    return any(len(line.get("note") or "") > _LONGEST_NOTE_ONCE for line in _lines(order))


FAULTS = (
    _fault(
        "long-text-accepted",
        "Text longer than its limit is accepted.",
        overlooking(lambda finding: finding.keyword == "maxLength"),
    ),
    _fault(
        "wrong-type-accepted",
        "A descriptive member is accepted whatever its type.",
        overlooking(_is_wrong_text),
    ),
    _fault(
        "unknown-enum-value-accepted",
        "A value outside its enumeration is accepted.",
        overlooking(lambda finding: finding.keyword == "enum"),
    ),
    _fault("location-not-required", "An order without location_id passes.", _without_location),
    _fault(
        "dangling-discount-accepted",
        "A line may name a discount that the order does not have.",
        _overlooking_relations(_dangling("applied_discounts", "discount_uid", "discounts")),
    ),
    _fault(
        "dangling-tax-accepted",
        "A line may name a tax that the order does not have.",
        _overlooking_relations(_dangling("applied_taxes", "tax_uid", "taxes")),
    ),
    _fault(
        "repeated-line-uid-accepted",
        "Two lines may have the same uid.",
        _overlooking_relations(_repeats_line_uid),
    ),
    _fault(
        "two-currencies-accepted",
        "Lines may be priced in different currencies.",
        _overlooking_relations(_mixes_currencies),
    ),
    _fault(
        "split-pieces-accepted",
        "A quantity without a unit may have a fraction.",
        _overlooking_relations(_splits_pieces),
    ),
    _fault("batch-limit-not-checked", "A batch may name more than 100 orders.", _unlimited_batch),
    _fault(
        "empty-order-refused",
        "An order without lines is refused.",
        _refusing("/order/line_items", "minItems", lambda order: not _lines(order)),
    ),
    _fault(
        "longest-reference-refused",
        "A reference_id of exactly the longest length is refused.",
        _refusing("/order/reference_id", "maxLength", _longest_reference),
        rare="a reference_id of 40 characters",
    ),
    _fault(
        "long-note-refused",
        "A note within its limit, but beyond an older one, is refused.",
        _refusing("/order/line_items/0/note", "maxLength", _long_note),
        rare="a line's note of more than 500 characters",
    ),
)
