"""Requests that are accepted though they are wrong, or refused though they are right."""

from collections.abc import Callable
from typing import Any

from orderspec.findings import Finding, Severity
from orderspec.server.provider import Call, Fault
from orderspec.server.seeding import Alter, has_body, overlooking

_TEXTS = ("/number", "/client", "/theme", "/callback")
_LONGEST_LIST = 9


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "validation", summary, "request-findings", alter, rare)


def _without(name: str) -> Alter:
    return overlooking(
        lambda finding: finding.keyword == "required" and f"member {name!r} is" in finding.message
    )


def _refusing(at: str, refused: Callable[[dict[str, Any]], bool]) -> Alter:
    """Refuse an order of a kind, though nothing is wrong with it."""

    def alter(findings: tuple[Finding, ...], call: Call) -> tuple[Finding, ...]:
        body = call.request.body if has_body(call) else None
        if call.operation != "CreateOrder" or not isinstance(body, dict) or not refused(body):
            return findings
        message = "The value is not accepted."
        return (*findings, Finding(Severity.ERROR, "fault.type", message, at, "type"))

    return alter


def _is_number(body: dict[str, Any]) -> bool:
    return "items" in body and not isinstance(body["items"], dict | list | str)


def _is_item(body: dict[str, Any]) -> bool:
    return isinstance(body.get("items"), dict)


def _is_long(body: dict[str, Any]) -> bool:
    return isinstance(body.get("items"), list) and len(body["items"]) > _LONGEST_LIST


def _has_addresses(body: dict[str, Any]) -> bool:
    customer = body.get("customer")
    address = customer.get("address") if isinstance(customer, dict) else None
    return isinstance(address, dict) and "primary" in address


FAULTS = (
    _fault("items-not-required", "An order without items is accepted.", _without("items")),
    _fault("payment-not-required", "An order without payment is accepted.", _without("payment")),
    _fault(
        "long-currency-accepted",
        "A currency need not have three letters.",
        overlooking(lambda finding: finding.keyword == "pattern"),
    ),
    _fault(
        "texts-not-checked",
        "Number, client, theme and callback are accepted whatever their type.",
        overlooking(lambda finding: finding.keyword == "type" and finding.at in _TEXTS),
    ),
    _fault("amount-refused", "items must not be a number.", _refusing("/items", _is_number)),
    _fault("single-item-refused", "items must be a list.", _refusing("/items", _is_item)),
    _fault(
        "long-list-refused",
        "An order has at most nine items.",
        _refusing("/items", _is_long),
        rare="ten items or more",
    ),
    _fault(
        "addresses-refused",
        "A customer has one address only.",
        _refusing("/customer/address", _has_addresses),
        rare="a customer with several addresses",
    ),
)
