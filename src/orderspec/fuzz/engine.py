"""Schemathesis: generation, coverage and state. The only module that imports it.

Its events are copied into exchanges of our own; its checks are off, because the campaign judges
every exchange itself, and a check that raises there would hide others.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import schemathesis
from schemathesis.engine import events, from_schema
from schemathesis.engine.errors import ServerUnavailable
from schemathesis.engine.run import PhaseName

from orderspec import pointer
from orderspec.contract.bundle import published
from orderspec.contract.model import Contract, Operation
from orderspec.errors import ReadError
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.fuzz.access import Access
from orderspec.fuzz.transport import JSON, response_of
from orderspec.validation.json_text import parse

# What every client sends, or sends for itself: they say nothing about a request.
_OWN_HEADERS = {
    "accept", "accept-encoding", "connection", "content-length", "host", "transfer-encoding",
    "user-agent", "x-schemathesis-testcaseid",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Generation:
    """What to generate.

    Attributes:
        url: base address of the deployment.
        seed: makes the requests.
        max_examples: generated requests for each operation and phase.
        max_time: seconds.
        timeout: seconds that one answer may take.
        workers: connections that the requests go over.
        access: the credentials of an operation: ``access(operation)``.
        repair: makes a generated body fit to be sent: ``repair(operation, body) -> body``.
        parameters: known values of path parameters: ``parameters(operation) -> {name: value}``.
        new_keys: keys in place of generated ones: ``new_keys(operation, location, given)``.
        troubles: gets in words what could not be generated.
    """

    url: str
    seed: int
    max_examples: int
    max_time: float
    timeout: float
    workers: int
    access: Callable[[Operation], Access]
    repair: Callable[[Operation, Any], Any]
    parameters: Callable[[Operation], Mapping[str, Any]]
    new_keys: Callable[[Operation, str, Mapping[str, Any]], Mapping[str, Any]]
    troubles: list[str] = field(default_factory=list)


def generated(contract: Contract, generation: Generation) -> Iterator[Exchange]:
    """Generate requests, send them, and give every exchange; status 0 stands for no answer.

    Raises:
        KeyboardInterrupt: the person at the keyboard wants an end.
    """
    schema = schemathesis.openapi.from_dict(
        generation_document(contract), config=_config(generation)
    )
    by_label = {
        f"{operation.method} {operation.path}": operation
        for operation in contract.operations.values()
    }
    schema.hook("map_case")(_fit(generation, by_label))
    fuzzed = 0
    with closing(from_schema(schema).execute().generator) as stream:
        for event in stream:
            match event:
                case events.PhaseStarted() if event.phase.name is PhaseName.FUZZING:
                    fuzzed += 1
                    if fuzzed > 1:  # it would go on and on until the time is over
                        return
                case events.Interrupted():
                    raise KeyboardInterrupt
                case events.FatalError():
                    generation.troubles.append(_told(event.exception))
                case events.NonFatalError() if not _is_silence(event.value):
                    generation.troubles.append(f"{event.label}: {_told(event.value)}")
                case events.ScenarioFinished():
                    yield from _exchanges(event.recorder, by_label, generation)


def _fit(generation: Generation, by_label: Mapping[str, Operation]) -> Callable[[Any, Any], Any]:
    """Make the hook that every generated case passes before it is sent."""
    lock = Lock()

    def fit(context: Any, case: Any) -> Any:
        del context
        operation = by_label.get(f"{case.operation.method.upper()} {case.operation.path}")
        if operation is None:
            return case
        with lock:
            if operation.body and isinstance(case.body, dict | list):
                case.body = generation.repair(operation, whole_numbers(case.body))
            known = generation.parameters(operation)
            lowered = {name.lower(): value for name, value in case.headers.items()}
            headers = generation.new_keys(operation, "header", lowered)
            query = generation.new_keys(operation, "query", case.query)
        if known and case.path_parameters and len(str(case.path_parameters)) % 2:
            case.path_parameters = {**case.path_parameters, **known}
        access = generation.access(operation)
        case.headers.update({**headers, "Accept": JSON, **access.headers})
        case.query = {**case.query, **query, **access.query}
        return case

    return fit


def _is_silence(problem: Exception) -> bool:
    """Tell the server's failures, which are seen as exchanges without an answer, from others."""
    return isinstance(problem, OSError | ServerUnavailable)


def _told(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}".splitlines()[0][:300]


def generation_document(contract: Contract) -> dict[str, Any]:
    """Give the document without read-only members, which are never sent, and without security.

    Credentials are not for generation: every request carries ours, and `probes` spoils them.
    """
    document = published(contract.document)
    for holder in (document, *document.get("paths", {}).values()):
        for place in (holder, *holder.values()):
            if isinstance(place, dict):
                place.pop("security", None)
    document.get("components", {}).pop("securitySchemes", None)
    _drop_read_only(document, contract.document)
    _spread_types(document)
    return document


def _spread_types(value: Any) -> None:
    """Write a list of types in a branch as `anyOf`: schemathesis cannot read it there."""
    members = value if isinstance(value, dict) else {}
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in members.get(keyword) or ():
            if isinstance(branch, dict) and isinstance(branch.get("type"), list):
                kinds = [{"type": kind} for kind in branch.pop("type")]
                branch["anyOf"] = branch.get("anyOf", kinds)
    for item in members.values() or (value if isinstance(value, list) else ()):
        _spread_types(item)


def _drop_read_only(value: Any, document: Mapping[str, Any]) -> None:
    if isinstance(value, list):
        for item in value:
            _drop_read_only(item, document)
    if not isinstance(value, dict):
        return
    properties = value.get("properties")
    if isinstance(properties, dict):
        read_only = {name for name in properties if _is_read_only(properties[name], document)}
        for name in read_only:
            del properties[name]
        if read_only and isinstance(value.get("required"), list):
            value["required"] = [name for name in value["required"] if name not in read_only]
    for item in value.values():
        _drop_read_only(item, document)


def _is_read_only(schema: Any, document: Mapping[str, Any]) -> bool:
    met: set[str] = set()
    while isinstance(schema, dict):
        if schema.get("readOnly") is True:
            return True
        reference = schema.get("$ref")
        if not isinstance(reference, str) or reference in met:
            return False
        met.add(reference)
        schema = pointer.follow(document, pointer.parse(reference))
    return False


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
            "workers": generation.workers,
            "continue-on-failure": True,
            "max-time": max(1, int(generation.max_time)),
            "cache": {"enabled": False},
            "suppress-health-check": ["all"],
            "base-url": generation.url,
            "request-timeout": generation.timeout,
            "max-redirects": 0,
            "warnings": False,
            "generation": {"database": "none", "no-shrink": True, **examples},
            "checks": {"enabled": False},
            "phases": {
                "examples": {"enabled": False},
                "coverage": {"enabled": True},
                "fuzzing": {"enabled": True, "generation": examples},
                "stateful": {"enabled": True, "generation": examples, "max-steps": 4},
            },
        }
    )


def _exchanges(
    recorder: Any, by_label: Mapping[str, Operation], generation: Generation
) -> Iterator[Exchange]:
    for identifier, interaction in recorder.interactions.items():
        node = recorder.cases.get(identifier)
        operation = by_label.get(node.value.operation.label) if node is not None else None
        if operation is None:
            continue
        request = _request(operation, interaction.request, generation)
        yield Exchange(operation.id, request, _response(interaction.response))


def _request(operation: Operation, sent: Any, generation: Generation) -> Request:
    parts = urlsplit(sent.uri)
    base = urlsplit(generation.url).path.rstrip("/")
    path = parts.path.removeprefix(base)
    access = generation.access(operation)
    hidden = _OWN_HEADERS | {name.lower() for name in access.headers}
    headers = {name.lower(): str(values[0]) for name, values in sent.headers.items() if values}
    query = parse_qs(parts.query, keep_blank_values=True)
    raw = sent.body or b""
    body = _body(raw)
    return Request(
        method=sent.method.upper(),
        path=path,
        path_parameters=path_parameters(operation.path, path),
        query={
            name: values if len(values) > 1 else values[0]
            for name, values in query.items()
            if name not in access.query
        },
        headers={
            name: value
            for name, value in headers.items()
            if name not in hidden and (name, value) != ("content-type", "application/json")
        },
        body=body,
        raw=raw if body is MISSING and raw else None,
    )


def _body(raw: bytes) -> Any:
    try:
        return parse(raw) if raw else MISSING
    except ReadError:
        return MISSING


def _response(got: Any) -> Response:
    if got is None:
        return Response(0)
    headers = {name.lower(): values[0] for name, values in got.headers.items() if values}
    return response_of(got.status_code, headers, got.content or b"")


def path_parameters(template: str, path: str) -> dict[str, str]:
    """Read path parameters back from a path; empty where it has another form."""
    names = re.findall(r"{([^{}]+)}", template)
    pattern = re.sub(r"\\{[^{}]+\\}", "([^/]*)", re.escape(template))
    found = re.fullmatch(pattern, path)
    if found is None:
        return {}
    return {name: unquote(text) for name, text in zip(names, found.groups(), strict=True)}
