"""Requests that are accepted though they are wrong, or refused though they are right."""

from collections.abc import Callable, Mapping
from typing import Any

from orderspec.findings import Finding, Severity
from orderspec.server.provider import Call, Fault
from orderspec.server.providers.enad.faults.altering import sent_order
from orderspec.server.seeding import Alter, overlooking

_LARGEST_ORDER = 20


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "validation", summary, "request-findings", alter, rare)


def _refusing(at: str, refused: Callable[[Mapping[str, Any]], bool]) -> Alter:
    """Refuse an order of a kind, though nothing is wrong with it."""

    def alter(findings: tuple[Finding, ...], call: Call) -> tuple[Finding, ...]:
        order = sent_order(call)
        if not order or findings or not refused(order):
            return findings
        return (Finding(Severity.ERROR, "fault", "The value is not accepted.", at),)

    return alter


def _of_what_exists(noun: str) -> Alter:
    """Take every product, or every variant, for one that exists."""

    def alter(unknown: list[str], _: Call) -> list[str]:
        return [one for one in unknown if noun not in one]

    return alter


def _breaks(keyword: str, at: str = "") -> Callable[[Finding], bool]:
    return lambda finding: finding.keyword == keyword and finding.at.startswith(at)


def _lacks(member: str) -> Callable[[Finding], bool]:
    return lambda finding: finding.keyword == "required" and member in finding.message


def _is_wrong_text(finding: Finding) -> bool:
    return finding.keyword == "type" and finding.at in ("/payment_method", "/session_id")


FAULTS = (
    _fault(
        "no-lines-accepted", "An order without lines is accepted.", overlooking(_breaks("minItems"))
    ),
    _fault(
        "negative-amounts-accepted",
        "Amounts below zero are accepted.",
        overlooking(_breaks("minimum")),
    ),
    _fault(
        "negative-bonus-accepted",
        "A bonus below zero is accepted.",
        overlooking(_breaks("minimum", "/bonus_total")),
        rare="a negative bonus_total and nothing else wrong",
    ),
    _fault(
        "unknown-status-accepted",
        "A status outside its list is accepted.",
        overlooking(_breaks("enum")),
    ),
    _fault(
        "reference-not-required",
        "An order without a reference passes.",
        overlooking(_lacks("reference")),
    ),
    _fault(
        "wrong-type-accepted",
        "Payment method and session are accepted whatever their type.",
        overlooking(_is_wrong_text),
    ),
    _fault(
        "change-to-no-piece-accepted",
        "A line can be changed to a quantity of zero.",
        overlooking(_breaks("minimum", "/quantity")),
    ),
    _fault(
        "free-order-refused",
        "A grand_total of zero is taken for a missing one.",
        _refusing("/grand_total", lambda order: order["grand_total"] == 0),
        rare="a grand_total of zero",
    ),
    _fault(
        "long-order-refused",
        "An order of more than 20 lines is refused.",
        _refusing("/lines", lambda order: len(order["lines"]) > _LARGEST_ORDER),
        rare="an order of more than 20 lines",
    ),
    Fault(
        "unknown-product-accepted",
        "validation",
        "A line may name a product that does not exist.",
        "unknown",
        _of_what_exists("product"),
    ),
    Fault(
        "unknown-variant-accepted",
        "validation",
        "A line may name a variant that does not exist.",
        "unknown",
        _of_what_exists("variant"),
    ),
)
