"""Requests that are accepted though they are wrong, or refused though they are right."""

from collections.abc import Callable, Mapping
from typing import Any

from orderspec.findings import Finding, Severity
from orderspec.server.provider import Call, Fault
from orderspec.server.providers.rutter.faults.altering import sent_order
from orderspec.server.seeding import Alter, overlooking

_TEXTS = ("address1", "city", "first_name", "last_name", "postal_code", "country_code")
_MANY = 25


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "validation", summary, "request-findings", alter, rare)


def _refusing(refused: Callable[[Mapping[str, Any]], bool]) -> Alter:
    """Refuse an order of a kind, though nothing is wrong with it."""

    def alter(findings: tuple[Finding, ...], call: Call) -> tuple[Finding, ...]:
        sent = sent_order(call)
        if "line_items" not in sent or not refused(sent):
            return findings
        message = "The value is not accepted."
        return (*findings, Finding(Severity.ERROR, "fault", message, "/order", "enum"))

    return alter


def _is_unknown_member(finding: Finding) -> bool:
    return finding.keyword == "additionalProperties"


def _is_text_of_wrong_type(finding: Finding) -> bool:
    return finding.keyword == "type" and finding.at.endswith(_TEXTS)


def _is_unknown_status(finding: Finding) -> bool:
    return finding.keyword == "enum" and finding.at == "/order/status"


def _is_null_customer(finding: Finding) -> bool:
    return finding.at == "/order/customer/email"


def _is_not_shipped(order: Mapping[str, Any]) -> bool:
    return "shipping_address" not in order


def _is_billed_without_phone(order: Mapping[str, Any]) -> bool:
    return order["billing_address"]["phone"] is None


def _has_many_lines(order: Mapping[str, Any]) -> bool:
    return len(order["line_items"]) > _MANY


FAULTS = (
    _fault(
        "unknown-members-accepted",
        "An order may hold members that nobody knows.",
        overlooking(_is_unknown_member),
    ),
    _fault(
        "wrong-type-accepted",
        "A line of an address is accepted whatever its type.",
        overlooking(_is_text_of_wrong_type),
    ),
    _fault(
        "unknown-status-accepted",
        "An order can be set to any status.",
        overlooking(_is_unknown_status),
    ),
    _fault(
        "customer-email-not-checked",
        "The e-mail address of the customer is accepted whatever its type.",
        overlooking(_is_null_customer),
    ),
    _fault(
        "shipping-address-required",
        "An order without a shipping address is refused.",
        _refusing(_is_not_shipped),
    ),
    _fault(
        "null-phone-refused",
        "An address whose phone is null is refused.",
        _refusing(_is_billed_without_phone),
        rare="a billing address whose phone is null",
    ),
    _fault(
        "many-lines-refused",
        "An order of more than 25 lines is refused.",
        _refusing(_has_many_lines),
        rare="an order of more than 25 lines",
    ),
)
