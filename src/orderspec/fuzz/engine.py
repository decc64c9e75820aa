"""Schemathesis: generation, coverage and state. The only module that imports it.

Its events are copied into exchanges of our own; its checks are off, because the campaign judges
every exchange itself, and a check that raises there would hide others.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import schemathesis
from schemathesis import hooks
from schemathesis.engine import events, from_schema
from schemathesis.engine.errors import ServerUnavailable
from schemathesis.engine.run import PhaseName

from orderspec.contract.model import Contract, Operation
from orderspec.errors import ReadError
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.fuzz.access import Access
from orderspec.fuzz.generation_document import generation_document
from orderspec.fuzz.oversight import Oversight
from orderspec.fuzz.reproducible import unaffected_by_modules
from orderspec.fuzz.sending import Ended
from orderspec.fuzz.transport import JSON
from orderspec.validation.answers import response_of
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
        oversight: is asked before each request, and told of each answer.
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
    oversight: Oversight
    access: Callable[[Operation], Access]
    repair: Callable[[Operation, Any], Any]
    parameters: Callable[[Operation], Mapping[str, Any]]
    new_keys: Callable[[Operation, str, Mapping[str, Any]], Mapping[str, Any]]
    troubles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sent:
    """An exchange, when it began (seconds since the epoch) and the seconds until its answer."""

    exchange: Exchange
    started: float
    seconds: float


def generated(contract: Contract, generation: Generation) -> Iterator[Sent]:
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
    stream = from_schema(schema).execute()
    overseen = _overseen(schema, generation.oversight, stream.stop)
    with unaffected_by_modules(), closing(stream.generator), overseen:
        for event in stream:
            match event:
                case events.PhaseStarted() if event.phase.name is PhaseName.FUZZING:
                    fuzzed += 1
                    if fuzzed > 1:  # it would go on and on until the time is over
                        return
                case events.Interrupted() if not generation.oversight.ended:
                    raise KeyboardInterrupt
                case events.FatalError():
                    generation.troubles.append(_told(event.exception))
                case events.NonFatalError() if not _is_ours(event.value):
                    generation.troubles.append(f"{event.label}: {_told(event.value)}")
                case events.ScenarioFinished():
                    yield from _exchanges(event.recorder, by_label, generation)


@contextmanager
def _overseen(schema: Any, oversight: Oversight, stop: Callable[[], None]) -> Iterator[None]:
    """Ask and tell the oversight; once no request may follow, stop."""

    def before(context: Any, case: Any, kwargs: Any) -> None:
        del context, case
        try:
            oversight.before(kwargs)
        except Ended:
            stop()
            raise

    def after(context: Any, case: Any, response: Any) -> None:
        del context, case
        oversight.after(_response(response))

    def failed(context: Any, case: Any, request: Any) -> None:
        del context, case, request
        oversight.after(Response(0))

    schema.hooks.register_hook_with_name(after, "after_call")
    schema.hooks.register_hook_with_name(failed, "after_network_error")
    hooks.GLOBAL_HOOK_DISPATCHER.register_hook_with_name(before, "before_call")
    try:
        yield
    finally:
        hooks.unregister(before)


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


def _is_ours(problem: Exception) -> bool:
    """Tell what the campaign knows: an end of its own, and answers that did not come."""
    return isinstance(problem, OSError | ServerUnavailable) or isinstance(problem.__cause__, Ended)


def _told(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}".splitlines()[0][:300]


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
            "continue-on-failure": True,
            "max-time": max(1, int(generation.max_time)),
            "cache": {"enabled": False},
            "suppress-health-check": ["all"],
            "base-url": generation.url,
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
) -> Iterator[Sent]:
    for identifier, interaction in recorder.interactions.items():
        node = recorder.cases.get(identifier)
        operation = by_label.get(node.value.operation.label) if node is not None else None
        if operation is None:
            continue
        request = _request(operation, interaction.request, generation)
        exchange = Exchange(operation.id, request, _response(interaction.response))
        seconds = 0.0 if interaction.response is None else interaction.response.elapsed
        yield Sent(exchange, interaction.timestamp - seconds, seconds)


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
