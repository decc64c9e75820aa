"""Requests that are accepted though they are wrong, or refused though they are right."""

from collections.abc import Callable, Mapping
from typing import Any

from orderspec.findings import Finding, Severity
from orderspec.server.provider import Call, Fault
from orderspec.server.providers.threekit.cart import converted
from orderspec.server.seeding import Alter, overlooking

Findings = tuple[Finding, ...]

_LONGEST_NAME = 255
_TEXTS = ("/name", "/customerId", "/orgId")


def _fault(name: str, summary: str, alter: Alter, rare: str = "") -> Fault:
    return Fault(name, "validation", summary, "request-findings", alter, rare)


def _refusing(at: str, refused: Callable[[Mapping[str, Any]], bool]) -> Alter:
    """Refuse to create an order of a kind, though nothing is wrong with it."""

    def alter(findings: Findings, call: Call) -> Findings:
        sent = call.request.body
        if not isinstance(sent, dict) or not refused(sent):
            return findings
        message = "The value is not accepted."
        return (*findings, Finding(Severity.ERROR, "fault.refused", message, at))

    return alter


def _is_wrong_text(finding: Finding) -> bool:
    return finding.keyword == "type" and finding.at in _TEXTS


def _has_longest_name(sent: Mapping[str, Any]) -> bool:
    return isinstance(sent.get("name"), str) and len(sent["name"]) == _LONGEST_NAME


def _has_objects_as_metadata(sent: Mapping[str, Any]) -> bool:
    metadata = sent.get("metadata")
    return isinstance(metadata, dict) and any(isinstance(one, dict) for one in metadata.values())


def _has_items(sent: Mapping[str, Any]) -> bool:
    return bool(sent.get("items"))


def _has_other_items(sent: Mapping[str, Any]) -> bool:
    return _has_items(sent) and not converted(sent["items"])


FAULTS = (
    _fault(
        "long-name-accepted",
        "A name of more than 255 characters is accepted.",
        overlooking(lambda finding: finding.keyword == "maxLength"),
    ),
    _fault("wrong-type-accepted", "A text may be anything.", overlooking(_is_wrong_text)),
    _fault(
        "item-without-configuration-accepted",
        "A cart may hold an item without a configuration or a count.",
        overlooking(lambda finding: finding.keyword == "required"),
    ),
    _fault(
        "count-in-words-accepted",
        "A count may be anything.",
        overlooking(lambda finding: finding.keyword == "type" and finding.at.endswith("/count")),
    ),
    _fault("items-refused", "An order with items is refused.", _refusing("/items", _has_items)),
    _fault(
        "malformed-items-refused",
        "An order with items of another form is refused.",
        _refusing("/items", _has_other_items),
    ),
    _fault(
        "longest-name-refused",
        "A name of exactly 255 characters is refused.",
        _refusing("/name", _has_longest_name),
        rare="a name of 255 characters",
    ),
    _fault(
        "nested-metadata-refused",
        "An object among the metadata is refused.",
        _refusing("/metadata", _has_objects_as_metadata),
    ),
)
