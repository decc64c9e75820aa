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

    def __init__(self, contract: Contract, client: TestClient, identifiers: Identifiers) -> None:
        self._contract = contract
        self._client = client
        self._identifiers = identifiers
        self._credentials = faults.behaviour(contract.name).credentials

    def send(self, recorded: Exchange) -> Answer:
        """Send a recorded request, and give the answer with the recording's identifiers."""
        status, body = self.answer(recorded)
        sent = repr((recorded.request.path_parameters, recorded.request.body))
        return status, self._identifiers.in_answer(body, recorded.response.body, sent)

    def answer(self, exchange: Exchange) -> Answer:
        """Send the request of an exchange, and give the answer as it is."""
        operation = self._contract.operations[exchange.operation]
        request = self._identifiers.in_request(
            {
                "path": exchange.request.path_parameters,
                "body": None if exchange.request.body is MISSING else exchange.request.body,
            }
        )
        path = operation.path
        for name, value in request["path"].items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        headers, query = credentials(operation, self._credentials)
        content = None
        if exchange.request.body is not MISSING:
            content = exact_json.to_bytes(request["body"])
            headers["content-type"] = "application/json"
        got = self._client.request(
            operation.method,
            path,
            params={**query, **exchange.request.query},
            headers={**headers, **exchange.request.headers},
            content=content,
        )
        return got.status_code, exact_json.from_text(got.content) if got.content else MISSING


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
        yield Replay(contract, client, identifiers)
    finally:
        client.close()
        store.close()


def credentials(
    operation: Operation, values: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Give the headers and the query that meet the first of an operation's security alternatives."""
    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    for scheme in operation.security[0] if operation.security else ():
        place = query if scheme.location == "query" else headers
        place[scheme.parameter.lower() if place is headers else scheme.parameter] = _credential(
            scheme, values[scheme.name]
        )
    return headers, query


def _credential(scheme: SecurityScheme, value: str) -> str:
    if scheme.type == "apiKey":
        return value
    if scheme.scheme == "basic":
        return "Basic " + base64.b64encode(value.encode()).decode()
    return f"{scheme.scheme.title()} {value}"
