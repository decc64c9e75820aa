"""The clauses of a contract that a deployment can be held to, and their ids."""

from collections.abc import Iterator
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Link, Operation
from orderspec.contract.nouns import leads_to_one
from orderspec.findings import Clause, ClauseKind

TRACELESS = "refuses-without-trace"
APART = "keeps-apart"


def clause_id(contract: Contract, operation: Operation, promise: str) -> str:
    """Name a clause that every operation has."""
    return f"{contract.name}.{operation.id}.{promise}"


def request_clause(contract: Contract, operation: Operation) -> str:
    """The clause that a request of an operation has its shape."""
    return f"{contract.name}.{operation.id}.request"


def response_clause(contract: Contract, operation: Operation, status: str) -> str:
    """The clause that an answer with this status has its shape."""
    return f"{contract.name}.{operation.id}.response.{status}"


def status_clause(contract: Contract, operation: Operation) -> str:
    """The clause that an operation answers with a status that the contract knows."""
    return f"{contract.name}.{operation.id}.status"


def clauses(contract: Contract) -> dict[str, Clause]:
    """List the clauses that a campaign can put to the test, by id."""
    listed = {
        clause.id: clause
        for operation in contract.operations.values()
        for clause in (*promises(contract, operation), *_shapes(contract, operation))
    }
    answered = _rules_of_answers(contract)
    for rule in contract.rules.values():
        is_told = rule.id in answered and rule.refusal != "unsure"
        if rule.reachable and (is_told or rule.refusal == "required"):
            listed[rule.id] = rule.clause
    return listed


def promises(contract: Contract, operation: Operation) -> Iterator[Clause]:
    """Give the clauses of an operation that no schema and no rule says."""
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
    if reading_of(contract, operation) or listing_of(contract, operation):
        yield Clause(
            clause_id(contract, operation, TRACELESS),
            ClauseKind.LINK,
            f"A request that {base} refuses changes nothing",
            evidence,
        )
    if operation.body and any(link.target == operation.id for link in operation.links):
        yield Clause(
            clause_id(contract, operation, APART),
            ClauseKind.LINK,
            f"What {base} makes shows nothing that only another request said",
            evidence,
        )
    yield Clause(
        clause_id(contract, operation, "discloses-nothing"),
        ClauseKind.SECURITY,
        f"An answer of {base} shows nothing of the server's inside",
    )
    if operation.is_secured:
        yield Clause(
            clause_id(contract, operation, "security"),
            ClauseKind.SECURITY,
            f"{base} refuses a request without valid credentials",
            evidence,
        )


def reading_of(contract: Contract, operation: Operation) -> Link | None:
    """Find the link that reads what an operation changes, from the answer that made it; or None."""
    if operation.body is None or not operation.may_change:
        return None
    if not leads_to_one(contract, operation):
        return None
    for source in contract.operations.values():
        leads = any(link.target == operation.id for link in source.links)
        if source.id == operation.id or not leads or not source.body:
            continue
        for link in source.links:
            if not contract.operations[link.target].may_change and not link.after:
                return link
    return None


def listing_of(contract: Contract, operation: Operation) -> Operation | None:
    """Find the operation that lists what an operation creates, or None."""
    if operation.body is None or not any(link.target == operation.id for link in operation.links):
        return None
    for link in operation.links:
        target = contract.operations[link.target]
        if not target.may_change and not leads_to_one(contract, target):
            return target
    return None


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
