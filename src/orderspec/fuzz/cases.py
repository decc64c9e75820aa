"""A case: one request to send, with what the contract lets a server do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from orderspec.contract.model import Contract, Operation
from orderspec.exchange import MISSING, Request
from orderspec.findings import Evidence
from orderspec.fuzz.transport import fill_path
from orderspec.rules import Status
from orderspec.validation.exchanges import judge_request


class Intent(StrEnum):
    """What the contract says of a request."""

    ACCEPTED = "accepted"
    OPEN = "open"
    REFUSED = "refused"
    UNAUTHENTICATED = "unauthenticated"


@dataclass(frozen=True, slots=True)
class Case:
    """One request to send.

    Attributes:
        operation: the operation's id.
        request: the request, credentials apart.
        intent: what a server may do with it.
        why: what is wrong with it, in words; empty for a request that is right.
        breaks: keyword or rule id that it breaks on purpose.
        at: where it breaks it.
        evidence: the document behind what it breaks.
        vouched: the contract's own fixtures hold this request, so its references exist together.
        broken: ids of the rules that the request breaks, where a server may accept it.
        headers: headers that replace the credentials, for UNAUTHENTICATED.
    """

    operation: str
    request: Request
    intent: Intent
    why: str = ""
    breaks: str = ""
    at: str = ""
    evidence: Evidence | None = None
    vouched: bool = False
    broken: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)


def request_to(
    operation: Operation,
    body: Any = MISSING,
    path_parameters: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
) -> Request:
    """Build a request to an operation."""
    parameters = path_parameters or {}
    return Request(
        method=operation.method,
        path=fill_path(operation.path, parameters),
        path_parameters=parameters,
        query=query or {},
        body=body,
    )


def body_title(contract: Contract, operation: Operation) -> str | None:
    """Name the schema of an operation's request body, where it is a component."""
    for title, reference in contract.schemas.items():
        if reference == operation.body:
            return title
    return None


def classified(contract: Contract, operation: Operation, request: Request) -> Case:
    """Ask the contract what a server may do with a request."""
    judgement = judge_request(contract, operation, request)
    reasons = [one for one in judgement.findings if one.keyword not in ("readOnly", "deprecated")]
    if not reasons:
        return Case(operation.id, request, Intent.ACCEPTED)
    broken = frozenset(
        outcome.rule.id for outcome in judgement.outcomes if outcome.status is Status.FAIL
    )
    return Case(operation.id, request, Intent.OPEN, reasons[0].message, broken=broken)
