"""The requests that links and known values ask for."""

from typing import Any

from orderspec import exact_json, pointer
from orderspec.contract.model import Contract, Link, Operation
from orderspec.exchange import MISSING, Exchange
from orderspec.fuzz.cases import Case, Intent, classified, request_to
from orderspec.fuzz.places import inserted
from orderspec.fuzz.runtime import resolve
from orderspec.fuzz.values import Values


def next_case(contract: Contract, values: Values, first: Exchange, link: Link) -> Case | None:
    """Build the request that a link asks for; None where nothing else is known that it needs.

    Raises:
        UnresolvedError: the exchange lacks what the link reads.
    """
    operation = contract.operations[link.target]
    parameters = {name: resolve(value, first) for name, value in link.parameters.items()}
    body = MISSING if link.request_body is None else resolve(link.request_body, first)
    for place, noun in link.known.items():
        other = _other(values, noun, body)
        if other is None:
            return None
        body = inserted(body, pointer.parse(place), other)
    if body is not MISSING and operation.body and link.request_body != "$request.body":
        body = values.keyed(operation.body, body)
    path, query, headers = (
        _located(operation, parameters, location) for location in ("path", "query", "header")
    )
    request = request_to(operation, body, path, query, headers)
    return Case(operation.id, request, Intent.OPEN)


def _other(values: Values, noun: str, body: Any) -> Any:
    """Choose the newest known value that the body does not hold yet, or None."""
    text = exact_json.to_text(body)
    return next((one for one in reversed(values.known.get(noun, ())) if str(one) not in text), None)


def _located(operation: Operation, parameters: dict[str, Any], location: str) -> dict[str, Any]:
    """Choose the parameters of a location; a link may name it, as in ``path.id``."""
    own = {one.name for one in operation.parameters if one.location == location}
    prefix = f"{location}."
    named = {
        name.removeprefix(prefix): value
        for name, value in parameters.items()
        if name.startswith(prefix)
    }
    return named | {name: value for name, value in parameters.items() if name in own}


def known_case(contract: Contract, values: Values, operation: Operation) -> Case | None:
    """Build a request without a body whose parameters are all known values, or None."""
    parameters: dict[str, Any] = {}
    query: dict[str, Any] = {}
    for parameter in operation.parameters:
        choices = values.known.get(str(parameter.schema.get("x-refers-to")), ())
        if parameter.location == "path":
            if not choices:
                return None
            parameters[parameter.name] = choices[-1]
        elif parameter.location == "query" and parameter.required and choices:
            query[parameter.name] = choices[-1]
    return classified(contract, operation, request_to(operation, MISSING, parameters, query))


def blank_case(operation: Operation) -> Case:
    """Build a request without a body whose path parameters name nothing that exists."""
    blanks = {one.name: "none" for one in operation.parameters if one.location == "path"}
    return Case(operation.id, request_to(operation, path_parameters=blanks), Intent.OPEN)
