"""An exchange against its operation: the request, the answer, and the rules between them."""

from dataclasses import replace
from typing import Any

from orderspec.contract.clauses import request_clause, response_clause, status_clause
from orderspec.contract.model import Contract, Link, Operation
from orderspec.exchange import MISSING, Exchange, Request, as_variables
from orderspec.findings import Finding, Severity
from orderspec.rules import Outcome, Scope, evaluate
from orderspec.rules.view import to_cel
from orderspec.validation.engine import Direction, Judgement, Options, judge, rule_findings
from orderspec.validation.parameters import parameter_findings, read_query
from orderspec.validation.writable import named, writable

# The variables of rules that hold the answer which a finding is about.
_ANSWERS = ("response", "next")
_MOST_VIEWS = 4
_REQUEST = Options(direction=Direction.REQUEST)
_RESPONSE = Options(direction=Direction.RESPONSE)


def judge_request(contract: Contract, operation: Operation, request: Request) -> Judgement:
    """Judge a request's parameters and body by shape and rules."""
    lowered = {name.lower(): value for name, value in request.headers.items()}
    clause = request_clause(contract, operation)
    findings = list(
        parameter_findings(contract, operation, replace(request, headers=lowered), clause)
    )
    if request.body is MISSING:
        if operation.body_required:
            findings.append(
                Finding(
                    Severity.ERROR,
                    request_clause(contract, operation),
                    "the body is missing",
                    keyword="required",
                    expected="a JSON body",
                    got="nothing",
                    evidence=operation.evidence,
                )
            )
        return Judgement(tuple(findings))
    if operation.body is None:
        return Judgement(tuple(findings))
    return Judgement(tuple(findings)) + judge(contract, operation.body, request.body, _REQUEST)


def judge_response(contract: Contract, exchange: Exchange) -> Judgement:
    """Judge an answer: its status, its body by shape and rules, and the operation's rules."""
    operation = contract.operations[exchange.operation]
    spec = operation.response_for(exchange.response.status)
    if spec is None:
        return Judgement((undocumented(contract, operation, exchange),))
    if spec.schema is None:
        return Judgement()
    if exchange.response.body is MISSING:
        if _media_type(exchange) in spec.others and _asks_for_others(exchange):
            return Judgement()
        return Judgement((_not_json(contract, operation, exchange),))
    judgement = Judgement(_labels(contract, operation, exchange))
    judgement += judge(contract, spec.schema, exchange.response.body, _RESPONSE)
    if not (exchange.response.ok and operation.rules):
        return judgement
    scope = Scope({})
    scope.start(dict(_VIEWS.of(contract, exchange)))
    whole = not judgement.findings
    for rule in operation.rules:
        for outcome in evaluate(rule, scope):
            found = tuple(rule_findings(outcome, "", whole=whole))
            placed = tuple(replace(one, at=_place(one.at, outcome, "/body")) for one in found)
            judgement += Judgement(placed, (outcome,))
    return judgement


def judge_link(contract: Contract, link: Link, first: Exchange, following: Exchange) -> Judgement:
    """Judge what must hold between an exchange and the one that followed its link."""
    if not link.rules:
        return Judgement()
    scope = Scope({})
    scope.start({"first": _VIEWS.of(contract, first), "next": _VIEWS.of(contract, following)})
    judgement = Judgement()
    for rule in link.rules:
        for outcome in evaluate(rule, scope):
            found = tuple(rule_findings(outcome, "", whole=False))
            placed = tuple(
                replace(one, at=_place(one.at, outcome, "/response/body")) for one in found
            )
            judgement += Judgement(placed, (outcome,))
    return judgement


def _place(at: str, outcome: Outcome, body: str) -> str:
    """Give the place in the answer's body; what is about another part is about all of it."""
    is_below = at == body or at.startswith(f"{body}/")
    return at.removeprefix(body) if is_below and outcome.variable in _ANSWERS else ""


def _variables(contract: Contract, exchange: Exchange) -> dict[str, Any]:
    """Give rules their view of an exchange: what the contract names, of a request what binds."""
    variables = as_variables(exchange)
    operation = contract.operations[exchange.operation]
    request, response = variables["request"], variables["response"]
    request["query"] = read_query(contract, operation, request["query"])
    if operation.body and "body" in request:
        body = writable(contract, operation.body, request["body"])
        request["body"] = named(contract, operation.body, body)
    spec = operation.response_for(exchange.response.status)
    if spec is not None and spec.schema and "body" in response:
        response["body"] = named(contract, spec.schema, response["body"])
    return variables


class _Views:
    """Views of the latest exchanges: links lead from one to several, and lists are long."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[Contract, Exchange, Any], ...] = ()

    def of(self, contract: Contract, exchange: Exchange) -> Any:
        for holder, known, view in self._kept:
            if known is exchange and holder is contract:
                return view
        view = to_cel(_variables(contract, exchange))
        self._kept = ((contract, exchange, view), *self._kept[: _MOST_VIEWS - 1])
        return view


_VIEWS = _Views()


def undocumented(contract: Contract, operation: Operation, exchange: Exchange) -> Finding:
    """Word an answer whose status the contract does not have."""
    return Finding(
        Severity.ERROR,
        status_clause(contract, operation),
        f"{operation.id} answered {exchange.response.status}, a status that it does not have",
        expected=", ".join(operation.responses),
        got=exchange.response.status,
        evidence=operation.evidence,
        operation=operation.id,
    )


def _media_type(exchange: Exchange) -> str:
    kind = exchange.response.headers.get("content-type", "application/json")
    return kind.partition(";")[0].strip().lower()


def _asks_for_others(exchange: Exchange) -> bool:
    """Tell whether the type of an answer was its client's choice: it asked for this, or for any."""
    asked = exchange.request.headers.get("accept", "").lower()
    return _media_type(exchange) in asked or "*/*" in asked


def _labels(contract: Contract, operation: Operation, exchange: Exchange) -> tuple[Finding, ...]:
    """Hold the content type of a JSON body to what it is; clients choose their reader by it."""
    media_type = _media_type(exchange)
    spec = operation.response_for(exchange.response.status)
    if media_type == "application/json" or media_type.endswith("+json") or spec is None:
        return ()
    finding = Finding(
        Severity.ERROR,
        response_clause(contract, operation, spec.status),
        f"a JSON body is sent as {media_type!r}",
        keyword="content-type",
        expected="application/json",
        got=exchange.response.headers["content-type"],
        evidence=spec.evidence,
        operation=operation.id,
    )
    return (finding,)


def _not_json(contract: Contract, operation: Operation, exchange: Exchange) -> Finding:
    spec = operation.response_for(exchange.response.status)
    problem = exchange.response.problem or "the body is empty"
    return Finding(
        Severity.ERROR,
        response_clause(contract, operation, spec.status if spec else "default"),
        f"The body of an answer {exchange.response.status} is not JSON: {problem}",
        keyword="type",
        expected="a JSON body",
        got=problem,
        evidence=spec.evidence if spec else None,
        operation=operation.id,
    )
