"""A request and its answer for each operation: from the fixtures, else from the description."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orderspec import pointer
from orderspec.contract.build import landing
from orderspec.contract.model import Contract, Operation
from orderspec.docs.code import javascript, python
from orderspec.docs.curl import curl
from orderspec.docs.excerpt import laid_out
from orderspec.docs.sent import sent
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.fixtures import Pair, Payload, Recorded

# A refusal of credentials is left out: a command line shows none, so it would not show why.
_REFUSED = frozenset(range(400, 500)) - {401, 403}


@dataclass(frozen=True, slots=True)
class Example:
    """One request, and what came back.

    Attributes:
        curl: the request,
        python: the same as a program, and
        javascript: for another language.
        request: what is sent.
        is_ours: whether we made it up, as the contract allows; else the description has it.
        status: of the answer; 0 where there is none.
        answer: its body as JSON, or nothing.
    """

    curl: str
    python: str
    javascript: str
    request: Request
    is_ours: bool
    status: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Valid:
    """The fixtures of a contract that are as they must be."""

    payloads: tuple[Payload, ...]
    exchanges: tuple[Exchange, ...]

    @classmethod
    def of(cls, every: Iterable[Payload | Recorded | Pair]) -> "Valid":
        """Keep what is valid; a pair holds two exchanges."""
        payloads: list[Payload] = []
        exchanges: list[Exchange] = []
        for one in every:
            match one:
                case Payload(violates=()):
                    payloads.append(one)
                case Recorded(exchange=exchange, violates=()):
                    exchanges.append(exchange)
                case Pair(first=first, following=following, violates=()):
                    exchanges += [first, following]
        return cls(tuple(payloads), tuple(exchanges))


def examples(contract: Contract, operation: Operation, fixtures: Valid) -> tuple[Example, ...]:
    """Show an operation: a success and a refusal where fixtures have them, else a request."""
    own = [one for one in fixtures.exchanges if one.operation == operation.id]
    chosen = [
        _typical([one for one in own if one.response.ok]),
        _typical([one for one in own if one.response.status in _REFUSED]),
    ]
    shown = [one for one in chosen if one is not None] or [
        _described(contract, operation, fixtures)
    ]
    is_ours = bool(fixtures.payloads or fixtures.exchanges)
    return tuple(_example(contract, operation, one, is_ours=is_ours) for one in shown)


def _example(
    contract: Contract, operation: Operation, exchange: Exchange, *, is_ours: bool
) -> Example:
    taken = sent(contract, operation, exchange.request)
    body = exchange.response.body
    return Example(
        curl=curl(taken),
        python=python(taken),
        javascript=javascript(taken),
        request=exchange.request,
        is_ours=is_ours,
        status=exchange.response.status,
        answer="" if body is MISSING else laid_out(body),
    )


def _typical(exchanges: Iterable[Exchange]) -> Exchange | None:
    """Choose one that is neither the emptiest nor the longest."""
    ordered = sorted(exchanges, key=lambda one: len(repr((one.request, one.response))))
    return ordered[len(ordered) // 4] if ordered else None


def _described(contract: Contract, operation: Operation, fixtures: Valid) -> Exchange:
    """Make an exchange of the examples that the description itself has; it may lack an answer."""
    steps = ("paths", operation.path, operation.method.lower())
    written = pointer.follow(contract.document, steps)
    sent, status, answer = MISSING, 0, MISSING
    if "requestBody" in written:
        sent = _fixture(contract, operation, fixtures)
        sent = _in_media(contract, (*steps, "requestBody")) if sent is MISSING else sent
    for code in written.get("responses", {}):
        found = _in_media(contract, (*steps, "responses", code))
        if code.startswith("2") and found is not MISSING:
            status, answer = int(code.upper().replace("X", "0")), found
            break
    values = {
        one.name: _first(one.schema) for one in operation.parameters if one.location == "path"
    }
    path = {name: value for name, value in values.items() if value is not MISSING}
    request = Request(operation.method, operation.path, path_parameters=path, body=sent)
    return Exchange(operation.id, request, Response(status, body=answer))


def _fixture(contract: Contract, operation: Operation, fixtures: Valid) -> Any:
    bodies = (
        one.body
        for one in fixtures.payloads
        if operation.body and contract.schemas.get(one.schema) == operation.body
    )
    return next(bodies, MISSING)


def _in_media(contract: Contract, steps: tuple[str, ...]) -> Any:
    """Find the example of a body."""
    at = landing(contract.document, steps)
    for media, entry in pointer.follow(contract.document, at).get("content", {}).items():
        if "json" in media:
            given = [entry["example"]] if "example" in entry else []
            for name in entry.get("examples", {}):
                place = landing(contract.document, (*at, "content", media, "examples", name))
                one = pointer.follow(contract.document, place)
                given += [one["value"]] if "value" in one else []
            return given[0] if given else MISSING
    return MISSING


def _first(schema: Mapping[str, Any]) -> Any:
    listed = schema.get("examples")
    return listed[0] if isinstance(listed, list) and listed else schema.get("example", MISSING)
