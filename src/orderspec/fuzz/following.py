"""The requests that links ask for."""

from collections.abc import Mapping
from typing import Any

from orderspec import exact_json, pointer
from orderspec.contract.model import Contract, Link, Operation
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.cases import Case, Intent, classified, request_to
from orderspec.fuzz.places import inserted
from orderspec.fuzz.runtime import UnresolvedError, resolve
from orderspec.fuzz.transport import written
from orderspec.fuzz.values import Values


def next_case(
    values: Values, first: Exchange, link: Link, base: Request, body: Any = MISSING
) -> Case | None:
    """Build the request that a link asks for; None where nothing else is known that it needs.

    Args:
        values: what exists on the server.
        first: the exchange that the link leads on from.
        link: the link.
        base: a request to the link's target, for the parameters that the link does not give.
        body: what to send where the link says nothing of a body.

    Raises:
        UnresolvedError: the exchange lacks what the link reads.
    """
    operation = values.contract.operations[link.target]
    parameters = resolved(link, first)
    if link.request_body is not None:
        body = resolve(link.request_body, first)
    for place, noun in link.known.items():
        other = _other(values, noun, body)
        if other is None:
            return None
        body = inserted(body, pointer.parse(place), other)
    if body is not MISSING and operation.body and link.request_body != "$request.body":
        body = values.keyed(operation.body, body)
    path = {**base.path_parameters, **located(operation, parameters, "path")}
    if any(one.location == "path" and one.name not in path for one in operation.parameters):
        return None
    headers = located(operation, parameters, "header")
    request = request_to(
        operation,
        body,
        path,
        {**base.query, **located(operation, parameters, "query")},
        {**base.headers, **{name.lower(): value for name, value in headers.items()}},
    )
    broken = classified(values.contract, operation, request).broken
    return Case(operation.id, request, Intent.OPEN, broken=broken, after=(first, link))


def resolved(link: Link, first: Exchange) -> dict[str, Any]:
    """Give the parameters of a link their values.

    Raises:
        UnresolvedError: the exchange lacks what the link reads; null, such as the cursor of the
            last page, is nothing that a parameter could carry.
    """
    parameters = {name: resolve(value, first) for name, value in link.parameters.items()}
    if None in parameters.values():
        raise UnresolvedError(link.name)
    return parameters


def links_of(contract: Contract, operation: Operation) -> tuple[Link, ...]:
    """Give the links of an operation; one that changes nothing, as one that reads back, first."""
    links = operation.links
    reading = [link for link in links if not contract.operations[link.target].may_change][:1]
    return (*reading, *(link for link in links if link not in reading))


def path_of(operation: Operation, link: Link, first: Exchange) -> dict[str, str]:
    """Give the path parameters that a link leads to; none where the exchange lacks one."""
    try:
        path = located(operation, resolved(link, first), "path")
    except UnresolvedError:
        return {}
    return {name: written(value) for name, value in path.items()}


def _other(values: Values, noun: str, body: Any) -> Any:
    """Choose the newest known value that the body does not hold yet, or None."""
    text = exact_json.to_text(body)
    return next((one for one in reversed(values.known.get(noun, ())) if str(one) not in text), None)


def located(operation: Operation, parameters: Mapping[str, Any], location: str) -> dict[str, Any]:
    """Choose the parameters of a location; a link may name it, as in ``path.id``."""
    own = {one.name for one in operation.parameters if one.location == location}
    prefix = f"{location}."
    named = {
        name.removeprefix(prefix): value
        for name, value in parameters.items()
        if name.startswith(prefix)
    }
    return named | {name: value for name, value in parameters.items() if name in own}


def blank_case(operation: Operation) -> Case:
    """Build a request without a body whose path parameters name nothing that exists."""
    blanks = {one.name: "none" for one in operation.parameters if one.location == "path"}
    return Case(operation.id, request_to(operation, path_parameters=blanks), Intent.OPEN)
