"""What a page needs to send requests to a server: where it is, and what to send at first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orderspec import exact_json
from orderspec.contract.model import SecurityScheme
from orderspec.docs.calls import Call
from orderspec.docs.excerpt import laid_out
from orderspec.docs.page import Page
from orderspec.exchange import MISSING, Request


@dataclass(frozen=True, slots=True)
class Trial:
    """A server on which the operations of a page can be tried.

    Attributes:
        base: what stands before each path, without a slash at its end; it may be empty.
        credentials: known ones, by the names of the security schemes.
    """

    base: str
    credentials: Mapping[str, str]


def trial_of(page: Page, trial: Trial) -> str:
    """Write, as JSON that may stand in a page, what its script needs for each operation."""
    calls = {call.anchor: _call(call, trial) for call in page.calls}
    text = exact_json.to_ascii({"base": trial.base, "calls": calls})
    # In a script element, only this could end it.
    return text.replace("<", "\\u003c")


def _call(call: Call, trial: Trial) -> dict[str, Any]:
    operation = call.operation
    sent = call.examples[0].request if call.examples else Request(operation.method, operation.path)
    schemes = operation.security[0] if operation.security else ()
    return {
        "method": operation.method,
        "path": operation.path,
        "fields": [*_parameters(call, sent), *_credentials(schemes, trial)],
        "body": _body(call, sent),
    }


def _parameters(call: Call, sent: Request) -> Iterator[dict[str, Any]]:
    given = {"path": sent.path_parameters, "query": sent.query, "header": sent.headers}
    secret = {
        (scheme.location, scheme.parameter)
        for alternative in call.operation.security
        for scheme in alternative
    }
    for location, shape in call.parameters:
        if location in given and (location, shape.name) not in secret:
            value = given[location].get(
                shape.name.lower() if location == "header" else shape.name, ""
            )
            yield {
                "in": location,
                "name": shape.name,
                "required": shape.required,
                "value": ",".join(map(str, value)) if isinstance(value, list) else str(value),
            }


def _credentials(schemes: tuple[SecurityScheme, ...], trial: Trial) -> Iterator[dict[str, Any]]:
    for scheme in schemes:
        yield {
            "in": "query" if scheme.location == "query" else "header",
            "name": scheme.parameter,
            "scheme": scheme.scheme,
            "required": True,
            "value": trial.credentials.get(scheme.name, ""),
        }


def _body(call: Call, sent: Request) -> str | None:
    if call.body is None:
        return None
    return "" if sent.body is MISSING else laid_out(sent.body)
