"""Schemathesis: generation, coverage and state. The only module that imports it.

Its events are copied into cases and exchanges of our own; its checks are off, because the
campaign judges every exchange itself, and a check that raises there would hide others.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import schemathesis
from schemathesis.engine import events, from_schema

from orderspec.contract.bundle import published
from orderspec.contract.model import Contract, Operation
from orderspec.errors import ReadError
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.transport import response_of
from orderspec.validation.json_text import parse


@dataclass(frozen=True, slots=True)
class Generation:
    """What to generate.

    Attributes:
        url: base address of the deployment.
        seed: makes the requests.
        headers: sent with every request: the credentials.
        query: parameters sent with every request.
        max_examples: generated requests for each operation and phase.
        max_time: seconds.
        timeout: seconds that one answer may take.
        repair: makes a generated body fit to be sent: ``repair(operation, body) -> body``.
        parameters: known values of path parameters: ``parameters(operation) -> {name: value}``.
    """

    url: str
    seed: int
    headers: Mapping[str, str]
    query: Mapping[str, str]
    max_examples: int
    max_time: float
    timeout: float
    repair: Callable[[Operation, Any], Any]
    parameters: Callable[[Operation], Mapping[str, Any]]


def generated(contract: Contract, generation: Generation) -> Iterator[Exchange]:
    """Generate requests, send them, and give every exchange that got an answer."""
    schema = schemathesis.openapi.from_dict(
        generation_document(contract), config=_config(generation)
    )
    by_label = {
        f"{operation.method} {operation.path}": operation
        for operation in contract.operations.values()
    }

    @schema.hook("map_case")
    def fit(context: Any, case: Any) -> Any:
        del context
        operation = by_label.get(f"{case.method.upper()} {case.operation.path}")
        if operation is None:
            return case
        if operation.body and isinstance(case.body, dict):
            case.body = generation.repair(operation, whole_numbers(case.body))
        known = generation.parameters(operation)
        if known and isinstance(case.path_parameters, dict) and len(str(case.path_parameters)) % 2:
            case.path_parameters = {**case.path_parameters, **known}
        return case

    stream = from_schema(schema).execute()
    for event in stream:
        if isinstance(event, events.ScenarioFinished):
            for identifier, interaction in event.recorder.interactions.items():
                node = event.recorder.cases.get(identifier)
                label = node.value.operation.label if node is not None else ""
                operation = by_label.get(label)
                if interaction.response is None or operation is None:
                    continue
                if interaction.request.method.upper() == operation.method:
                    yield _exchange(operation, interaction)


def generation_document(contract: Contract) -> dict[str, Any]:
    """Give the document without read-only members: those are never sent."""
    document = published(contract.document)
    schemas = document.get("components", {}).get("schemas", {})
    for schema in schemas.values():
        _drop_read_only(schema)
    return document


def _drop_read_only(schema: Any) -> None:
    if isinstance(schema, list):
        for item in schema:
            _drop_read_only(item)
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name in [name for name, item in properties.items() if _is_read_only(item)]:
            del properties[name]
            if isinstance(schema.get("required"), list):
                schema["required"] = [other for other in schema["required"] if other != name]
    for item in schema.values():
        _drop_read_only(item)


def _is_read_only(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("readOnly") is True


def whole_numbers(value: Any) -> Any:
    """Write 2.0 as 2: JSON Schema takes it for an integer, and not every server does."""
    match value:
        case dict():
            return {name: whole_numbers(item) for name, item in value.items()}
        case list():
            return [whole_numbers(item) for item in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return deepcopy(value)


def _config(generation: Generation) -> Any:
    examples = {"max-examples": generation.max_examples}
    return schemathesis.Config.from_dict(
        {
            "seed": generation.seed,
            "workers": 1,
            "continue-on-failure": True,
            "max-time": max(1, int(generation.max_time)),
            "cache": {"enabled": False},
            "suppress-health-check": ["all"],
            "base-url": generation.url,
            "headers": dict(generation.headers),
            "request-timeout": generation.timeout,
            "warnings": False,
            "generation": {"database": "none", "no-shrink": True, **examples},
            "checks": {"enabled": False},
            "phases": {
                "examples": {"enabled": False},
                "coverage": {"enabled": True, "unexpected-methods": []},
                "fuzzing": {"enabled": True, "generation": examples},
                "stateful": {"enabled": True, "generation": examples, "max-steps": 4},
            },
        }
    )


def _exchange(operation: Operation, interaction: Any) -> Exchange:
    sent, got = interaction.request, interaction.response
    parts = urlsplit(sent.uri)
    raw = sent.body or b""
    body: Any = MISSING
    if raw:
        try:
            body = parse(raw)
        except ReadError:
            body = MISSING
    request = Request(
        method=sent.method.upper(),
        path=parts.path,
        path_parameters=_path_parameters(operation.path, parts.path),
        query=dict(parse_qsl(parts.query)),
        headers={name.lower(): values[0] for name, values in sent.headers.items() if values},
        body=body,
        raw=raw if body is MISSING and raw else None,
    )
    headers = {name.lower(): values[0] for name, values in got.headers.items() if values}
    return Exchange(
        operation.id, request, response_of(got.status_code, headers, got.content or b"")
    )


def _path_parameters(template: str, path: str) -> dict[str, str]:
    """Read path parameters back from a path; the base address may stand before it."""
    found = {}
    names, parts = template.strip("/").split("/"), path.strip("/").split("/")
    for name, part in zip(reversed(names), reversed(parts), strict=False):
        if name.startswith("{"):
            found[name.strip("{}")] = unquote(part)
    return found
