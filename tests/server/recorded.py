"""Replay recorded exchanges against a reference server in this process."""

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from starlette.testclient import TestClient

from orderspec import exact_json
from orderspec.contract.model import Contract, Operation, SecurityScheme
from orderspec.exchange import MISSING, Exchange
from orderspec.server import faults
from orderspec.server.app import create_app
from orderspec.server.provider import Behaviour
from orderspec.server.store import Store

RECORDED_AT = "2021-02-26T15:04:05.123Z"

Answer = tuple[int, Any]


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
        client: TestClient,
        identifiers: Identifiers,
    ) -> None:
        self._contract = contract
        self._behaviour = behaviour
        self._client = client
        self._identifiers = identifiers

    def send(self, recorded: Exchange) -> Answer:
        """Send a recorded request, and give the answer with the recording's identifiers."""
        status, body = self.answer(recorded)
        sent = exact_json.to_text([recorded.request.path_parameters, _body(recorded)])
        return status, self._identifiers.in_answer(body, recorded.response.body, sent)

    def answer(self, exchange: Exchange) -> Answer:
        """Send the request of an exchange, and give the answer as it is."""
        operation = self._contract.operations[exchange.operation]
        path = operation.path
        for name, value in exchange.request.path_parameters.items():
            known = self._identifiers.in_request(value)
            path = path.replace(f"{{{name}}}", quote(str(known), safe=""))
        headers = {**self._credentials(operation)["header"], **exchange.request.headers}
        content = None
        if exchange.request.body is not MISSING:
            content = exact_json.to_bytes(self._identifiers.in_request(exchange.request.body))
            headers.setdefault("content-type", "application/json")
        got = self._client.request(
            operation.method,
            path,
            params={**self._credentials(operation)["query"], **exchange.request.query},
            headers=headers,
            content=content,
        )
        return got.status_code, exact_json.from_text(got.content) if got.content else MISSING

    def _credentials(self, operation: Operation) -> dict[str, dict[str, str]]:
        return credentials(operation, self._behaviour.credentials)


def _body(exchange: Exchange) -> Any:
    return None if exchange.request.body is MISSING else exchange.request.body


@contextmanager
def replay(contract: Contract) -> Iterator[Replay]:
    """Start a server that checks its own answers, and a client of it."""
    behaviour = faults.behaviour(contract.name)
    identifiers = Identifiers()
    store = Store("sqlite://")
    app = create_app(
        {"": (contract, behaviour)},
        store,
        ids=identifiers.new,
        clock=lambda: RECORDED_AT,
        strict_self_check=True,
    )
    client = TestClient(app)
    try:
        yield Replay(contract, behaviour, client, identifiers)
    finally:
        client.close()
        store.close()


def credentials(operation: Operation, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Give the headers and the query that meet an operation's first security alternative."""
    given: dict[str, dict[str, str]] = {"header": {}, "query": {}}
    for scheme in operation.security[0] if operation.security else ():
        name = scheme.parameter.lower() if scheme.location == "header" else scheme.parameter
        given[scheme.location][name] = _credential(scheme, values[scheme.name])
    return given


def _credential(scheme: SecurityScheme, value: str) -> str:
    if scheme.type == "apiKey":
        return value
    if scheme.scheme == "basic":
        return "Basic " + base64.b64encode(value.encode()).decode()
    return f"{scheme.scheme.title()} {value}"
