"""Word a refusal as the documented error list: category, code, detail and the field at fault."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from orderspec.findings import Finding
from orderspec.server.provider import Refusal, Reply, Trouble

_INVALID_REQUEST = "INVALID_REQUEST_ERROR"

_TROUBLES: Mapping[Trouble, tuple[str, str]] = {
    Trouble.UNAUTHENTICATED: ("AUTHENTICATION_ERROR", "UNAUTHORIZED"),
    Trouble.NO_SUCH_PATH: (_INVALID_REQUEST, "NOT_FOUND"),
    Trouble.METHOD_NOT_ALLOWED: (_INVALID_REQUEST, "METHOD_NOT_ALLOWED"),
    Trouble.UNSUPPORTED_MEDIA_TYPE: (_INVALID_REQUEST, "UNSUPPORTED_MEDIA_TYPE"),
    Trouble.MALFORMED: (_INVALID_REQUEST, "EXPECTED_JSON_BODY"),
    Trouble.INVALID: (_INVALID_REQUEST, "BAD_REQUEST"),
    Trouble.TOO_LARGE: (_INVALID_REQUEST, "REQUEST_ENTITY_TOO_LARGE"),
    Trouble.TOO_DEEP: (_INVALID_REQUEST, "BAD_REQUEST"),
    Trouble.TIMEOUT: (_INVALID_REQUEST, "REQUEST_TIMEOUT"),
    Trouble.INTERNAL: ("API_ERROR", "INTERNAL_SERVER_ERROR"),
}

_KEYWORDS: Mapping[str, str] = {
    "required": "MISSING_REQUIRED_PARAMETER",
    "maxLength": "VALUE_TOO_LONG",
    "minLength": "VALUE_TOO_SHORT",
    "pattern": "VALUE_REGEX_MISMATCH",
    "format": "INVALID_VALUE",
    "enum": "INVALID_ENUM_VALUE",
    "const": "INVALID_VALUE",
    "minimum": "VALUE_TOO_LOW",
    "exclusiveMinimum": "VALUE_TOO_LOW",
    "maximum": "VALUE_TOO_HIGH",
    "exclusiveMaximum": "VALUE_TOO_HIGH",
    "minItems": "ARRAY_LENGTH_TOO_SHORT",
    "maxItems": "ARRAY_LENGTH_TOO_LONG",
    "maxProperties": "TOO_MANY_MAP_ENTRIES",
    "propertyNames": "INVALID_VALUE",
    "type": "INCORRECT_TYPE",
}

# The engine words what it expects as "a string or null".
_TYPES: Mapping[str, str] = {
    "boolean": "EXPECTED_BOOLEAN",
    "integer": "EXPECTED_INTEGER",
    "number": "EXPECTED_FLOAT",
    "string": "EXPECTED_STRING",
    "object": "EXPECTED_OBJECT",
    "array": "EXPECTED_ARRAY",
}

_CLAUSES: Mapping[str, str] = {
    "square.create-order.sends-an-order": "MISSING_REQUIRED_PARAMETER",
    "square.create-order.one-fulfillment": "ARRAY_LENGTH_TOO_LONG",
    "square.create-order.usable-state": "INVALID_VALUE",
    "square.order.location": "NOT_FOUND",
    "square.order.catalog": "NOT_FOUND",
    "square.order.one-currency": "CURRENCY_MISMATCH",
    "square.order.size": "ARRAY_LENGTH_TOO_LONG",
    "square.order.amount-range": "VALUE_TOO_HIGH",
    "square.order.decimals": "INVALID_VALUE",
    "square.order.empty-uid": "VALUE_EMPTY",
    "square.order.named-once": "INVALID_ARRAY_VALUE",
    "square.money.complete": "MISSING_REQUIRED_PARAMETER",
    "square.money.not-negative": "VALUE_TOO_LOW",
    "square.line-item.price": "MISSING_REQUIRED_PARAMETER",
    "square.line-item.modifier-price": "MISSING_REQUIRED_PARAMETER",
    "square.discount.one-form": "CONFLICTING_PARAMETERS",
    "square.discount.declared": "MISSING_REQUIRED_PARAMETER",
    "square.discount.type": "INVALID_ENUM_VALUE",
    "square.discount.scope": "INVALID_ENUM_VALUE",
    "square.tax.declared": "MISSING_REQUIRED_PARAMETER",
    "square.tax.type": "INVALID_ENUM_VALUE",
    "square.tax.scope": "INVALID_ENUM_VALUE",
    "square.service-charge.one-form": "CONFLICTING_PARAMETERS",
    "square.fulfillment.pickup-details": "MISSING_REQUIRED_PARAMETER",
    "square.fulfillment.shipment-details": "MISSING_REQUIRED_PARAMETER",
}

# A body that breaks a clause in every line does not need to hear it of every line.
_MOST_ERRORS = 20


def refuse(refusal: Refusal) -> Reply:
    """Word what the engine refuses."""
    if refusal.findings:
        return invalid(refusal.findings, refusal.status)
    category, code = _TROUBLES[refusal.trouble]
    return error(refusal.status, code, refusal.detail, category)


def invalid(findings: Iterable[Finding], status: int = HTTPStatus.BAD_REQUEST) -> Reply:
    """Word broken clauses, one error each; the first of them settles the status."""
    errors = [_error_of(finding) for finding in findings][:_MOST_ERRORS]
    first = HTTPStatus.NOT_FOUND if errors[0]["code"] == "NOT_FOUND" else status
    return Reply(int(first), {"errors": errors})


def error(status: int, code: str, detail: str, category: str = _INVALID_REQUEST) -> Reply:
    """Word a single error."""
    return Reply(int(status), {"errors": [{"category": category, "code": code, "detail": detail}]})


def field(pointer: str) -> str:
    """Turn a JSON Pointer into the dotted path of the documents, ``order.line_items[0].uid``."""
    path = ""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        path += f"[{name}]" if name.isdecimal() else f".{name}"
    return path.removeprefix(".")


def _error_of(finding: Finding) -> dict[str, Any]:
    worded = {
        "category": _INVALID_REQUEST,
        "code": _code(finding),
        "detail": finding.message,
    }
    return {**worded, "field": field(finding.at)} if finding.at else worded


def _code(finding: Finding) -> str:
    if finding.keyword == "type":
        codes = (_TYPES[word] for word in str(finding.expected).split() if word in _TYPES)
        return next(codes, _KEYWORDS["type"])
    if finding.keyword is not None:
        return _KEYWORDS.get(finding.keyword, "BAD_REQUEST")
    return _CLAUSES.get(finding.clause, "BAD_REQUEST")
