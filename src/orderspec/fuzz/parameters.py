"""Parameters travel as text: whether some reading of it is what the contract asks for."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import jsonschema_rs

from orderspec import exact_json
from orderspec.contract.model import Contract, Operation
from orderspec.exchange import Request

_WORDS = {"true": True, "false": False, "null": None}


def misfit(contract: Contract, operation: Operation, request: Request) -> str:
    """Say which parameter of a request no reading makes right; empty where all may be right."""
    places = {"path": request.path_parameters, "query": request.query, "header": request.headers}
    for parameter in operation.parameters:
        name = parameter.name.lower() if parameter.location == "header" else parameter.name
        given = places.get(parameter.location, {})
        if name in given and not _fits(contract, parameter.schema, given[name]):
            return f"the {parameter.location} parameter {parameter.name!r} is {given[name]!r}"
    return ""


def _fits(contract: Contract, schema: Mapping[str, Any], value: Any) -> bool:
    validator = _validator(contract, schema)
    return any(validator.is_valid(reading) for reading in _readings(value))


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


# A longer text is no number that anybody sends, and Python converts none of over 4300 digits.
_LONGEST_NUMBER = 400


def _scalars(text: str) -> Iterator[Any]:
    yield text
    if text in _WORDS:
        yield _WORDS[text]
    if len(text) > _LONGEST_NUMBER:
        return
    try:
        number = Decimal(text)
    except InvalidOperation:
        return
    if number.is_finite():
        yield int(text) if text.lstrip("+-").isdecimal() else number


_KEPT: dict[tuple[int, str], tuple[Contract, Any]] = {}


def _validator(contract: Contract, schema: Mapping[str, Any]) -> Any:
    """Build the validator of a parameter's schema once; its references lead into the document."""
    key = (id(contract), exact_json.to_text(schema))
    if key not in _KEPT:
        whole = {**schema, "components": contract.document.get("components", {})}
        built = jsonschema_rs.Draft202012Validator(whole, validate_formats=True, offline=True)
        _KEPT[key] = (contract, built)
    return _KEPT[key][1]
