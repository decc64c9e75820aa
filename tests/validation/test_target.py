"""Which schemas a payload may be of when nobody names one."""

from collections.abc import Iterator

import pytest

from orderspec import fixtures
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.fixtures import Payload
from orderspec.validation.detect import Choice, detect
from orderspec.validation.engine import Options
from orderspec.validation.target import Target, body_targets


@pytest.fixture(name="targets", scope="module")
def _targets() -> list[Target]:
    return [target for name in catalog.providers() for target in body_targets(catalog.load(name))]


def sent_or_answered(contract: Contract) -> set[str | None]:
    return {
        reference
        for operation in contract.operations.values()
        for reference in (operation.body, *(one.schema for one in operation.responses.values()))
    }


def payloads_of_no_operation() -> Iterator[tuple[Contract, Payload]]:
    """Give the valid fixtures of schemas that are a payload's, and no operation's body."""
    for contract in map(catalog.load, catalog.providers()):
        bodies = sent_or_answered(contract)
        own = {target.name for target in body_targets(contract) if target.reference not in bodies}
        for payload in fixtures.payloads(contract):
            if not payload.violates and f"{contract.name}/{payload.schema}" in own:
                yield contract, payload


def test_a_payload_that_no_operation_sends_or_answers_is_recognised(targets: list[Target]) -> None:
    found = list(payloads_of_no_operation())
    assert found
    for contract, payload in found:
        choice = detect(payload.body, targets, Options())
        assert isinstance(choice, Choice), payload.path
        assert choice.target.name == f"{contract.name}/{payload.schema}"
