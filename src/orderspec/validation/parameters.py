"""Parameters travel as text: whether some reading of it is what the contract asks for."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import jsonschema_rs

from orderspec import exact_json
from orderspec.contract.build import evidence_of
from orderspec.contract.model import Contract, Operation, Parameter
from orderspec.exchange import MISSING, Request
from orderspec.findings import Finding, Severity

# The keywords of a parameter that tell a person what to send.
_TOLD = {"type", "enum", "const", "format", "pattern", "minimum", "maximum", "maxLength"}
_WORDS = {"true": True, "false": False, "null": None}


def parameter_findings(
    contract: Contract, operation: Operation, request: Request, clause: str
) -> Iterator[Finding]:
    """Find the parameters that are missing, and those that no reading makes right.

    Args:
        contract: the contract.
        operation: the operation.
        request: the request; names of headers are in lower case.
        clause: the clause that a request of the operation has its shape.
    """
    places = {"path": request.path_parameters, "query": request.query, "header": request.headers}
    for parameter in operation.parameters:
        name = parameter.name.lower() if parameter.location == "header" else parameter.name
        given = places.get(parameter.location, {})
        called = f"the {parameter.location} parameter {parameter.name!r}"
        if name not in given:
            if parameter.required:
                yield _finding(operation, parameter, clause, f"{called} is missing", "nothing")
        elif not fits(contract, parameter.schema, given[name]):
            yield _finding(
                operation, parameter, clause, f"{called} is {given[name]!r}", given[name]
            )


def _finding(
    operation: Operation, parameter: Parameter, clause: str, message: str, got: Any
) -> Finding:
    """Word what is wrong with a parameter, as sure as the evidence of its schema is."""
    told = parameter.schema.get("x-evidence")
    evidence = operation.evidence if told is None else evidence_of(told, parameter.name)
    return Finding(
        evidence.severity if evidence else Severity.ERROR,
        clause,
        message,
        keyword="required" if got == "nothing" else "parameter",
        expected=_expected(parameter),
        got=got,
        evidence=evidence,
        operation=operation.id,
    )


def _expected(parameter: Parameter) -> str:
    kind = {
        name: value for name, value in parameter.schema.items() if name in _TOLD or name == "$ref"
    }
    return f"{parameter.location} parameter {parameter.name!r}" + (
        f" of {exact_json.to_text(kind)}" if kind else ""
    )


def read_query(
    contract: Contract, operation: Operation, query: Mapping[str, Any]
) -> dict[str, Any]:
    """Read the parameters of a query as their schemas ask for, such as a text as an integer.

    Those that the operation does not have, and those that no reading makes right, are left out:
    what a server makes of them is its own affair.
    """
    readings = {
        parameter.name: _reading(contract, parameter.schema, query[parameter.name])
        for parameter in operation.parameters
        if parameter.location == "query" and parameter.name in query
    }
    return {name: reading for name, reading in readings.items() if reading is not MISSING}


def fits(contract: Contract, schema: Mapping[str, Any], value: Any) -> bool:
    """Tell whether some reading of a text, or a value itself, is what a schema asks for."""
    return _reading(contract, schema, value) is not MISSING


def _reading(contract: Contract, schema: Mapping[str, Any], value: Any) -> Any:
    """Give the first reading of a value that is what a schema asks for, or MISSING."""
    validator = _validator(contract, schema)
    return next((one for one in _readings(value) if validator.is_valid(one)), MISSING)


def _readings(value: Any) -> Iterator[Any]:
    """Give what a text can mean: itself, a number, a word of JSON, or a list of these."""
    if not isinstance(value, str):
        yield value
        return
    one = list(_scalars(value))
    yield from one
    yield from ([reading] for reading in one)
    parts = value.split(",")
    yield parts
    yield [next(reversed(list(_scalars(part)))) for part in parts]


# Python reads more as numbers than servers do: digits of other scripts, and 1_000. A text longer
# than this is no number that anybody sends, and Python converts none of over 4300 digits.
_LONGEST_NUMBER = 400
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


def _scalars(text: str) -> Iterator[Any]:
    yield text
    if text in _WORDS:
        yield _WORDS[text]
    if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        yield int(text) if text.lstrip("+-").isdecimal() else Decimal(text)


@cache
def _validators(_: Contract) -> dict[str, Any]:
    """Keep the validators of a contract's parameters by the text of their schemas."""
    return {}


def _validator(contract: Contract, schema: Mapping[str, Any]) -> Any:
    """Build the validator of a parameter's schema once; its references lead into the document."""
    built, text = _validators(contract), exact_json.to_text(schema)
    if text not in built:
        whole = {**schema, "components": contract.document.get("components", {})}
        built[text] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True, offline=True)
    return built[text]
