"""The reference servers answer every recorded request as recorded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.contract.model import Contract, Operation, Parameter
from orderspec.exchange import Exchange, Response
from orderspec.findings import Severity
from orderspec.fuzz.cases import request_to
from orderspec.validation.exchanges import judge_request
from tests.fixture_files import (
    EXCHANGED,
    INVALID,
    PAIRS,
    VALID,
    Fixture,
    Pair,
    load_exchange,
    name_of,
    provider_of,
    schema_of,
)
from tests.server.recorded import replay


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=name_of)


def takers(path: Path) -> list[Operation]:
    """Find the operations that a payload can be the body of without more being known."""
    contract = catalog.load(provider_of(path))
    reference = contract.schemas.get(schema_of(path))
    return [
        operation
        for operation in contract.operations.values()
        if operation.body is not None
        and operation.body == reference
        and all(parameter.schema.get("examples") for parameter in needed(operation))
    ]


def needed(operation: Operation) -> list[Parameter]:
    return [parameter for parameter in operation.parameters if parameter.required]


def bodies(paths: list[Path]) -> list[Path]:
    return [path for path in paths if takers(path)]


def requests_with(path: Path) -> Iterator[tuple[Contract, Exchange]]:
    fixture = Fixture.load(path)
    for operation in takers(path):
        given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
        for parameter in needed(operation):
            given[parameter.location][parameter.name] = parameter.schema["examples"][0]
        request = request_to(operation, fixture.payload, *given.values())
        yield fixture.contract, Exchange(operation.id, request, Response(0))


def must_be_refused(contract: Contract, exchange: Exchange) -> bool:
    """Tell whether a request breaks something that leaves a server no choice."""
    operation = contract.operations[exchange.operation]
    return any(
        finding.severity is Severity.ERROR
        and not (
            finding.clause in contract.rules and contract.rules[finding.clause].refusal == "allowed"
        )
        for finding in judge_request(contract, operation, exchange.request).findings
    )


@each(EXCHANGED)
def test_a_recorded_request_gets_exactly_its_response(path: Path) -> None:
    contract, recorded = load_exchange(path)
    with replay(contract) as server:
        assert server.send(recorded) == (recorded.response.status, recorded.response.body)


@each(PAIRS)
def test_a_recorded_pair_goes_exactly_as_recorded(path: Path) -> None:
    pair = Pair.load(path)
    with replay(pair.contract) as server:
        for recorded in (*pair.before, pair.first, pair.following):
            assert server.send(recorded) == (recorded.response.status, recorded.response.body)


@each(bodies(VALID))
def test_a_valid_body_is_accepted(path: Path) -> None:
    for contract, exchange in requests_with(path):
        with replay(contract) as server:
            status, body = server.answer(exchange)
        assert 200 <= status < 300, body


@each(bodies(INVALID))
def test_a_body_that_must_be_refused_is_refused(path: Path) -> None:
    for contract, exchange in requests_with(path):
        with replay(contract) as server:
            status, body = server.answer(exchange)
        refused = 400 <= status < 500
        assert refused or not must_be_refused(contract, exchange), body
