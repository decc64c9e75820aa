"""One provider's requests from arrival to answer, in the order in which they can be refused."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from orderspec.contract.model import Contract, Operation
from orderspec.contract.routing import Match, Route, UndecodablePathError, match, routes
from orderspec.errors import ContractError
from orderspec.exchange import Exchange, Request
from orderspec.findings import Finding, Severity
from orderspec.server.arrival import Arrival
from orderspec.server.authentication import challenge, is_authentic
from orderspec.server.body import read_body
from orderspec.server.limits import Limits
from orderspec.server.provider import Behaviour, Call, Fault, Reply, Transaction, Trouble
from orderspec.server.refused import Refused
from orderspec.server.rendering import received
from orderspec.validation.exchanges import judge_request, judge_response

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, and whether what was written to the database on the way is to stay there."""

    reply: Reply
    commit: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the engine takes from the world, so that tests can give it something else.

    Attributes:
        ids: makes an identifier of the given length that was never used before.
        clock: gives the present time, RFC 3339 in UTC with milliseconds.
        strict_self_check: a broken promise of our own, or a crash, raises instead of
            becoming a 500.
    """

    ids: Callable[[int], str]
    clock: Callable[[], str]
    strict_self_check: bool = False


class Engine:
    """Answers requests by a contract and a behaviour."""

    def __init__(
        self,
        contract: Contract,
        behaviour: Behaviour,
        surroundings: Surroundings,
        *,
        fault: Fault | None = None,
        limits: Limits,
    ) -> None:
        """Join the two.

        Args:
            contract: says what is promised.
            behaviour: says what happens.
            surroundings: identifiers and time.
            fault: a seeded defect; with one, the engine does not check its own answers.
            limits: how much a request may cost.

        Raises:
            ContractError: the behaviour does not answer exactly the contract's operations.
        """
        astray = sorted(contract.operations.keys() ^ behaviour.handlers.keys())
        if astray:
            message = f"the contract and the behaviour of {contract.name} differ in operations"
            raise ContractError(f"{message}: {', '.join(astray)}")
        self.name = contract.name
        self._contract = contract
        self._behaviour = behaviour
        self._surroundings = surroundings
        self._fault = fault
        self._limits = limits
        self._routes = routes(contract.operations.values())

    def answer(self, arrival: Arrival, transaction: Transaction) -> Answer:
        """Answer a request; every refusal and every failure ends as a reply, too."""
        try:
            self._check_size_of_head(arrival)
            found = self._found(arrival)
            if arrival.method == "OPTIONS" and "OPTIONS" not in found.route.operations:
                return Answer(Reply(204, headers={"allow": _allow(found.route)}), commit=False)
            operation = _operation(found.route, arrival.method)
        except Refused as refused:
            return Answer(self.worded(refused), commit=False)
        call = self._call(operation, found, arrival, transaction)
        try:
            self._authenticate(operation, call, arrival)
            request = replace(call.request, body=read_body(operation, arrival, self._limits))
            call = replace(call, request=request)
            self._validate(operation, call)
            body = call.at("request-body", call.request.body)
            call = replace(call, request=replace(call.request, body=body))
            reply = self._behaviour.handlers[operation.id](call)
        except Refused as refused:
            reply = self.worded(refused)
        return self._self_checked(call, call.at("reply", reply), commit=_commits(reply))

    def worded(self, refused: Refused) -> Reply:
        """Let the provider word a refusal, and add what HTTP asks for."""
        reply = self._behaviour.refuse(refused.refusal)
        return replace(reply, headers={**reply.headers, **refused.headers})

    def _check_size_of_head(self, arrival: Arrival) -> None:
        target = len(arrival.path) + len(arrival.query)
        if target > self._limits.target_bytes:
            detail = f"The path and query are {target} bytes long; at most "
            detail += f"{self._limits.target_bytes} are read."
            raise Refused(Trouble.TOO_LARGE, 414, detail)
        size = sum(len(name) + len(value) for name, value in arrival.headers)
        if size > self._limits.header_bytes:
            detail = f"The headers are {size} bytes long; at most {self._limits.header_bytes} "
            raise Refused(Trouble.TOO_LARGE, 431, f"{detail}are read.")

    def _found(self, arrival: Arrival) -> Match:
        try:
            found = match(self._routes, arrival.path)
        except UndecodablePathError:
            detail = "A path parameter is not UTF-8 once its percent escapes are resolved."
            raise Refused(Trouble.MALFORMED, 400, detail) from None
        if found is None:
            raise Refused(Trouble.NO_SUCH_PATH, 404, "There is nothing at this path.")
        return found

    def _call(
        self, operation: Operation, found: Match, arrival: Arrival, transaction: Transaction
    ) -> Call:
        request = Request(
            method=arrival.method,
            path=arrival.path.decode("latin-1"),
            path_parameters=found.parameters,
            query=_query(arrival.query),
            headers=arrival.joined_headers,
            raw=arrival.body if isinstance(arrival.body, bytes) else None,
        )
        return Call(
            operation=operation.id,
            request=request,
            transaction=transaction,
            now=self._surroundings.clock(),
            new_id=self._surroundings.ids,
            fault=self._fault,
        )

    def _authenticate(self, operation: Operation, call: Call, arrival: Arrival) -> None:
        authentic = is_authentic(operation, self._behaviour, arrival)
        if not call.at("authenticated", authentic):
            raise Refused(
                Trouble.UNAUTHENTICATED,
                401,
                "The request carries no credential that is accepted here.",
                headers={"www-authenticate": challenge(operation, self._contract.name)},
            )

    def _validate(self, operation: Operation, call: Call) -> None:
        findings: tuple[Finding, ...] = call.at(
            "request-findings", judge_request(self._contract, operation, call.request).findings
        )
        errors = tuple(one for one in findings if one.severity is Severity.ERROR)
        if errors:
            detail = "; ".join(one.message for one in errors[:3])
            raise Refused(Trouble.INVALID, 400, detail, findings=errors)

    def _self_checked(self, call: Call, reply: Reply, *, commit: bool) -> Answer:
        if self._fault is not None:
            return Answer(reply, commit)
        exchange = Exchange(call.operation, call.request, received(reply))
        broken = [
            f"{one.clause} at {one.at or '/'}: {one.message}"
            for one in judge_response(self._contract, exchange).findings
            if one.severity is Severity.ERROR
        ]
        if not broken:
            return Answer(reply, commit)
        report = f"{self._contract.name}: {call.operation} broke {'; '.join(broken)}"
        if self._surroundings.strict_self_check:
            raise AssertionError(report)
        logger.error(report)
        return Answer(self.worded(internal()), commit=False)


def internal(status: int = 500) -> Refused:
    """Make the refusal for what is the server's own fault; it tells the caller nothing."""
    return Refused(Trouble.INTERNAL, status, "The server failed; its log says how.")


def _operation(route: Route, method: str) -> Operation:
    operation = route.operation(method)
    if operation is None:
        detail = f"This path answers {_allow(route)}."
        headers = {"allow": _allow(route)}
        raise Refused(Trouble.METHOD_NOT_ALLOWED, 405, detail, headers=headers)
    return operation


def _allow(route: Route) -> str:
    return ", ".join(route.methods)


def _query(query: bytes) -> Mapping[str, Any]:
    """Decode a query: a name that is repeated has the list of its values."""
    values = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    return {name: given if len(given) > 1 else given[0] for name, given in values.items()}


def _commits(reply: Reply) -> bool:
    return reply.keeps or 200 <= reply.status < 300  # noqa: PLR2004 (the class of success statuses)
