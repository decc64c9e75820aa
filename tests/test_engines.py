"""Two engines of JSON Schema find the same in every fixture, or it is known why they do not."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.contract.model import Contract
from orderspec.exchange import MISSING, Exchange
from orderspec.fixtures import Pair, Payload, Recorded, exchanges, folder_of, payloads
from orderspec.validation.schemas import schemas_of

ARCHITECTURE = Path(__file__).parents[1] / "ARCHITECTURE.md"
AGREED = "No fixture divides them."

Failure = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Why the engines judge some fixtures otherwise, in one sentence, and which ones these are."""

    cause: str
    fixtures: tuple[str, ...]

    @property
    def line(self) -> str:
        """Tell it to the readers of ARCHITECTURE.md."""
        return f"- {self.cause} {', '.join(f'`{name}`' for name in self.fixtures)}"


# The only disagreements that are allowed. ARCHITECTURE.md shows them: write them there too.
DISAGREEMENTS: tuple[Disagreement, ...] = ()

LISTED = [name for one in DISAGREEMENTS for name in one.fixtures]


def fixtures() -> dict[str, tuple[Contract, Payload | Recorded | Pair]]:
    """Name every fixture, such as ``acme/Order/valid/empty-order``."""
    found = {}
    for provider in catalog.providers():
        contract = catalog.load(provider)
        for fixture in (*payloads(contract), *exchanges(contract)):
            path = fixture.path.relative_to(folder_of(contract).parent)
            found[path.with_suffix("").as_posix()] = (contract, fixture)
    return found


FIXTURES = fixtures()


def bodies(contract: Contract, fixture: Payload | Recorded | Pair) -> Iterator[tuple[str, Any]]:
    """Give every payload of a fixture with the pointer of its schema."""
    match fixture:
        case Payload(schema=schema, body=body):
            yield contract.schemas[schema], body
        case Recorded(exchange=exchange):
            yield from exchanged(contract, exchange)
        case Pair(first=first, following=following):
            yield from exchanged(contract, first)
            yield from exchanged(contract, following)


def exchanged(contract: Contract, exchange: Exchange) -> Iterator[tuple[str, Any]]:
    operation = contract.operations[exchange.operation]
    if operation.body and exchange.request.body is not MISSING:
        yield operation.body, exchange.request.body
    spec = operation.response_for(exchange.response.status)
    if spec and spec.schema and exchange.response.body is not MISSING:
        yield spec.schema, exchange.response.body


def found_by_the_first(contract: Contract, reference: str, body: Any) -> set[Failure]:
    """Judge by jsonschema-rs, as the kit does: numbers are exact."""
    errors = schemas_of(contract).validator(reference).iter_errors(body)
    return {(steps(error.instance_path), error.kind.name) for error in errors}


def found_by_the_second(contract: Contract, reference: str, body: Any) -> set[Failure]:
    """Judge by the jsonschema library, with numbers as it knows them: int and float."""
    schema = {"$ref": reference, "components": contract.document["components"]}
    judge = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    errors = judge.iter_errors(json.loads(exact_json.to_text(body)))
    return {(steps(error.absolute_path), str(error.validator)) for error in errors}


def steps(path: Any) -> tuple[str, ...]:
    return tuple(map(str, path))


@pytest.mark.parametrize("name", FIXTURES)
def test_two_engines_find_the_same_unless_it_is_listed_why_not(name: str) -> None:
    """The same keywords fail at the same places. What is listed must still divide them."""
    contract, fixture = FIXTURES[name]
    judged = list(bodies(contract, fixture))
    first = [found_by_the_first(contract, *one) for one in judged]
    second = [found_by_the_second(contract, *one) for one in judged]
    assert (first != second) is (name in LISTED), (first, second)


def test_what_is_listed_is_a_fixture_and_stands_there_once_with_a_cause() -> None:
    assert set(LISTED) <= FIXTURES.keys()
    assert len(LISTED) == len(set(LISTED))
    for one in DISAGREEMENTS:
        assert re.fullmatch(r"[A-Z].{20,}[.:]", one.cause)
        assert one.fixtures


def test_readers_find_every_disagreement_in_the_architecture() -> None:
    _, _, section = ARCHITECTURE.read_text("utf-8").partition("\n## The two engines\n")
    section = section.partition("\n## ")[0]
    shown = [line for line in section.splitlines() if line.startswith("- ")]
    assert shown == [one.line for one in DISAGREEMENTS]
    assert (AGREED in section) is not bool(DISAGREEMENTS)
