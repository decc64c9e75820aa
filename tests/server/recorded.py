"""Replay recorded exchanges against a reference server in this process."""

import asyncio
import base64
import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import httpx

from orderspec import exact_json
from orderspec.contract.model import Contract, Operation, SecurityScheme
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.server import faults
from orderspec.server.app import Application, create_app
from orderspec.server.provider import Behaviour, Fault
from orderspec.server.store import Store

RECORDED_AT = "2021-02-26T15:04:05.123Z"

Answer = tuple[int, Any]
Ask = Callable[[httpx.Request], httpx.Response]


class Identifiers:
    """The identifiers that a server makes, and what the recording has in their place."""

    def __init__(self) -> None:
        self._made: set[str] = set()
        self._recorded: dict[str, str] = {}

    def new(self, length: int) -> str:
        made = sha256(str(len(self._made)).encode()).hexdigest()[:length]
        self._made.add(made)
        return made

    def in_request(self, recorded: Any) -> Any:
        """Put the server's identifiers of earlier answers in the place of the recorded ones."""
        return _replaced(recorded, {name: made for made, name in self._recorded.items()})

    def in_answer(self, got: Any, recorded: Any, sent: str) -> Any:
        """Put recorded identifiers in the place of the server's.

        Args:
            got: the server's answer.
            recorded: the recorded one, in which they are found by their place.
            sent: the text of the recorded request; what stands in it the server did not make.
        """
        for made, name in self._pairs(got, recorded):
            if len(made) == len(name) and name not in sent and name not in self._recorded.values():
                self._recorded.setdefault(made, name)
        return _replaced(got, self._recorded)

    def _pairs(self, got: Any, recorded: Any) -> Iterator[tuple[str, str]]:
        match got, recorded:
            case dict(), dict():
                for name in got.keys() & recorded.keys():
                    yield from self._pairs(got[name], recorded[name])
            case list(), list():
                for one, other in zip(got, recorded, strict=False):
                    yield from self._pairs(one, other)
            case str(), str():
                made = [token for token in self._made if token in got]
                pattern = re.escape(got)
                for token in made:
                    pattern = pattern.replace(token, f"(?P<_{token}>.*)")
                match = re.fullmatch(pattern, recorded)
                if match:
                    yield from ((token, match[f"_{token}"]) for token in made)


def _replaced(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {name: _replaced(item, names) for name, item in value.items()}
        case list():
            return [_replaced(item, names) for item in value]
        case str():
            for one, other in names.items():
                value = value.replace(one, other)
            return value
        case _:
            return value


class Replay:
    """A client with a credential of a reference server that has served nobody before."""

    def __init__(
        self,
        contract: Contract,
        behaviour: Behaviour,
        ask: Ask,
        identifiers: Identifiers,
    ) -> None:
        self._contract = contract
        self._behaviour = behaviour
        self._ask = ask
        self._identifiers = identifiers

    def send(self, recorded: Exchange) -> Answer:
        """Send a recorded request, and give the answer with the recording's identifiers."""
        status, body = self.answer(recorded)
        sent = exact_json.to_text([recorded.request.path_parameters, _body(recorded)])
        return status, self._identifiers.in_answer(body, recorded.response.body, sent)

    def answer(self, exchange: Exchange) -> Answer:
        """Send the request of an exchange, and give the answer as it is."""
        content = None
        if exchange.request.body is not MISSING:
            content = exact_json.to_bytes(self._identifiers.in_request(exchange.request.body))
        got = self.raw(exchange, content, self._behaviour.credentials)
        is_json = "json" in got.headers.get("content-type", "")
        return got.status_code, exact_json.from_text(got.content) if is_json else MISSING

    def raw(
        self, exchange: Exchange, content: bytes | None, secrets: Mapping[str, str]
    ) -> httpx.Response:
        """Send other bytes, or other secrets, where the request of an exchange goes.

        Args:
            exchange: says where.
            content: the body.
            secrets: security scheme name to secret; a scheme that is not named is left out.
        """
        operation = self._contract.operations[exchange.operation]
        path = operation.path
        for name, value in exchange.request.path_parameters.items():
            known = self._identifiers.in_request(value)
            path = path.replace(f"{{{name}}}", quote(str(known), safe=""))
        access = credentials(operation, secrets, exchange.request)
        typed = {} if content is None else {"content-type": "application/json"}
        return self._ask(
            httpx.Request(
                operation.method,
                f"http://test{path}",
                params={**access["query"], **exchange.request.query},
                headers={**typed, **access["header"], **exchange.request.headers},
                content=content,
            )
        )


def _body(exchange: Exchange) -> Any:
    return None if exchange.request.body is MISSING else exchange.request.body


@contextmanager
def replay(
    contract: Contract,
    fault: Fault | None = None,
    clock: Callable[[], str] = lambda: RECORDED_AT,
) -> Iterator[Replay]:
    """Start a server, and a client of it; without a fault it checks its own answers."""
    behaviour = faults.behaviour(contract.name)
    identifiers = Identifiers()
    store = Store("sqlite://")
    app = create_app(
        {"": (contract, behaviour)},
        store,
        fault=fault,
        ids=identifiers.new,
        clock=clock,
        strict_self_check=True,
    )
    # One loop for all requests: to begin one takes longer than most requests do.
    with asyncio.Runner() as runner:
        try:
            yield Replay(
                contract, behaviour, lambda request: runner.run(_asked(app, request)), identifiers
            )
        finally:
            store.close()


async def _asked(app: Application, request: httpx.Request) -> httpx.Response:
    """Ask an application without a client between, which would take longer than the answer."""
    scope = {
        "type": "http",
        "method": request.method,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": request.content}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)
    start, *parts = said
    body = b"".join(part["body"] for part in parts)
    return httpx.Response(start["status"], headers=start["headers"], content=body)


def credentials(
    operation: Operation, values: Mapping[str, str], request: Request
) -> dict[str, dict[str, str]]:
    """Give the headers and the query that meet an alternative of an operation's security.

    It is the first one, or the one that a request brings something of its own for. A scheme
    without a value is left out.
    """
    given: dict[str, dict[str, str]] = {"header": {}, "query": {}}
    brought = {"header": request.headers, "query": request.query}
    for scheme in _chosen(operation, brought):
        if scheme.name in values:
            given[scheme.location][_place(scheme)] = _credential(scheme, values[scheme.name])
    return given


def _chosen(
    operation: Operation, brought: Mapping[str, Mapping[str, Any]]
) -> tuple[SecurityScheme, ...]:
    for alternative in operation.security:
        if any(_place(scheme) in brought[scheme.location] for scheme in alternative):
            return alternative
    return operation.security[0] if operation.security else ()


def _place(scheme: SecurityScheme) -> str:
    return scheme.parameter.lower() if scheme.location == "header" else scheme.parameter


def _credential(scheme: SecurityScheme, value: str) -> str:
    if scheme.type == "apiKey":
        return value
    if scheme.scheme == "basic":
        return "Basic " + base64.b64encode(value.encode()).decode()
    return f"{scheme.scheme.title()} {value}"
