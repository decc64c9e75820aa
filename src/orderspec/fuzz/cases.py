"""A case: one request to send, with what the contract lets a server do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from orderspec.contract.model import Contract, Link, Operation
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.findings import Evidence
from orderspec.fuzz.access import Spoils
from orderspec.fuzz.transport import fill_path, written
from orderspec.rules import Status
from orderspec.validation.exchanges import judge_request

METHOD, PATH, MEDIA, PARAMETER = "method", "path", "media", "parameter"


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
        where: JSON Pointer of what it breaks, in the contract's document.
        evidence: the document behind what it breaks.
        vouched: the contract's own fixtures hold this request, so its references exist together.
        others: how many other promises it breaks, beside that one.
        broken: ids of the rules that the request breaks, where a server may accept it.
        spoils: for UNAUTHENTICATED: what of the credentials is wrong.
        alternative: which of the operation's alternatives of security is used, of those that the
            credentials cover.
        after: the exchange and the link that it follows from.
    """

    operation: str
    request: Request
    intent: Intent
    why: str = ""
    breaks: str = ""
    at: str = ""
    where: str | None = None
    evidence: Evidence | None = None
    others: int = 0
    vouched: bool = False
    broken: frozenset[str] = frozenset()
    spoils: Spoils = field(default_factory=dict)
    alternative: int = 0
    after: tuple[Exchange, Link] | None = None

    @property
    def addresses_operation(self) -> bool:
        """Whether its answer is the operation's.

        Another method or path is answered elsewhere, and of a parameter that cannot be read, a
        server may make what it likes.
        """
        return self.breaks not in (METHOD, PATH, PARAMETER)


def request_to(
    operation: Operation,
    body: Any = MISSING,
    path_parameters: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, Any] | None = None,
) -> Request:
    """Build a request to an operation; its parameters travel as text."""
    parameters = {name: written(value) for name, value in (path_parameters or {}).items()}
    return Request(
        method=operation.method,
        path=fill_path(operation.path, parameters),
        path_parameters=parameters,
        query={name: _all_written(value) for name, value in (query or {}).items()},
        headers={name.lower(): written(value) for name, value in (headers or {}).items()},
        body=body,
    )


def _all_written(value: Any) -> str | list[str]:
    """Write the value of a query's parameter; a list stands there once for each element."""
    return [written(one) for one in value] if isinstance(value, list) else written(value)


def body_title(contract: Contract, operation: Operation) -> str | None:
    """Name the schema of an operation's request body, where it is a component."""
    for title, reference in contract.schemas.items():
        if reference == operation.body:
            return title
    return None


def classified(contract: Contract, operation: Operation, request: Request) -> Case:
    """Ask the contract what a server may do with a request."""
    case = Case(operation.id, request, Intent.OPEN)
    if request.method != operation.method:
        return replace(case, why=f"the method {request.method}", breaks=METHOD)
    if operation.path.count("{") != len(request.path_parameters):
        return replace(case, why="a path of another form", breaks=PATH)
    if not _is_json(request):
        return replace(case, why="another type of content", breaks=MEDIA)
    if request.raw is not None or (operation.body is None and request.body is not MISSING):
        return replace(case, why="a body that the contract does not know")
    judgement = judge_request(contract, operation, request)
    reasons = [one for one in judgement.findings if one.keyword not in ("readOnly", "deprecated")]
    broken = [one.rule for one in judgement.outcomes if one.status is Status.FAIL]
    if not reasons and not broken:
        return replace(case, intent=Intent.ACCEPTED)
    why = reasons[0].message if reasons else f"what no document speaks of ({broken[0].id})"
    odd = PARAMETER if any(one.keyword == PARAMETER for one in reasons) else ""
    return replace(case, why=why, broken=frozenset(rule.id for rule in broken), breaks=odd)


def _is_json(request: Request) -> bool:
    return "json" in request.headers.get("content-type", "application/json").lower()
