"""The clauses that a campaign can put to the test."""

from collections.abc import Iterator
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Operation
from orderspec.findings import Clause, ClauseKind
from orderspec.fuzz.access import is_secured
from orderspec.validation.exchanges import response_clause, status_clause


def clause_id(contract: Contract, operation: Operation, promise: str) -> str:
    """Name a clause that every operation has."""
    return f"{contract.name}.{operation.id}.{promise}"


def clauses(contract: Contract) -> dict[str, Clause]:
    """List the clauses that a campaign can put to the test, by id."""
    listed = {
        clause.id: clause
        for operation in contract.operations.values()
        for clause in (*_promises(contract, operation), *_shapes(contract, operation))
    }
    answered = _rules_of_answers(contract)
    for rule in contract.rules.values():
        is_told = rule.id in answered and rule.refusal != "unsure"
        if rule.reachable and (is_told or rule.refusal == "required"):
            listed[rule.id] = rule.clause
    return listed


def _promises(contract: Contract, operation: Operation) -> Iterator[Clause]:
    base, evidence = operation.id, operation.evidence
    yield Clause(
        status_clause(contract, operation),
        ClauseKind.STATUS,
        f"{base} answers with a status that the contract has, and never with 5xx",
        evidence,
    )
    yield Clause(
        clause_id(contract, operation, "accepts"),
        ClauseKind.STATUS,
        f"{base} accepts a request that the contract allows",
        evidence,
    )
    if operation.body:
        yield Clause(
            clause_id(contract, operation, "refuses"),
            ClauseKind.STATUS,
            f"{base} refuses a request that breaks the contract",
            evidence,
        )
    yield Clause(
        clause_id(contract, operation, "discloses-nothing"),
        ClauseKind.SECURITY,
        f"An answer of {base} shows nothing of the server's inside",
    )
    if is_secured(operation):
        yield Clause(
            clause_id(contract, operation, "security"),
            ClauseKind.SECURITY,
            f"{base} refuses a request without valid credentials",
            evidence,
        )


def _shapes(contract: Contract, operation: Operation) -> Iterator[Clause]:
    for status, spec in operation.responses.items():
        if spec.schema and not status.startswith("5"):
            yield Clause(
                response_clause(contract, operation, status),
                ClauseKind.SCHEMA,
                f"An answer {status} of {operation.id} has its shape",
                spec.evidence,
            )


def _rules_of_answers(contract: Contract) -> set[str]:
    """Name the rules that an answer can be held to, by following the schemas of all answers."""
    seen: set[str] = set()
    todo = [
        spec.schema
        for operation in contract.operations.values()
        for spec in operation.responses.values()
        if spec.schema
    ]
    while todo:
        reference = todo.pop()
        if reference not in seen:
            seen.add(reference)
            todo.extend(_references(pointer.follow(contract.document, pointer.parse(reference))))
    return {
        rule.id
        for rule in contract.rules.values()
        if any(rule.where.startswith(reference.removeprefix("#") + "/") for reference in seen)
    }


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
