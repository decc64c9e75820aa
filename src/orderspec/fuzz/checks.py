"""Judge one exchange of a campaign: which clauses it exercised, and which it broke."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract, Link, Operation
from orderspec.exchange import Exchange
from orderspec.findings import Clause, ClauseKind, Evidence, Finding, Severity
from orderspec.fuzz.cases import Case, Intent
from orderspec.rules import Outcome, Status
from orderspec.validation.exchanges import (
    judge_link,
    judge_response,
    response_clause,
    status_clause,
)

SERVER_ERROR = 500
CLIENT_ERROR = 400
_INTERNALS = re.compile(
    r"Traceback \(most recent call last\)"
    r"|File \"[^\"]+\", line \d+"
    r"|\bat [\w.$]+\([\w]+\.(?:java|kt|scala):\d+\)"
    r"|\bat .{1,80}\((?:/|file:|node:)[^)]*:\d+:\d+\)"
    r"|goroutine \d+ \[running\]"
    r"|\b(?:sqlite3|psycopg2?|sqlalchemy|java\.sql|org\.postgresql)\.[\w.]*(?:Error|Exception)"
    r"|SQLSTATE\[?\w{5}"
    r"|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) \w[^\"]{0,80}\b(?:WHERE|VALUES|SET)\b"
    r"|/(?:usr|home|opt|var|app|srv)/[\w./-]+\.(?:py|js|ts|rb|php|go|java)\b"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one exchange.

    Attributes:
        findings: broken clauses.
        exercised: clause id to how often it was put to the test.
        absent: rules whose members the answer did not hold.
        defects: where the kit itself failed: such a check says nothing, and hides no other.
    """

    findings: tuple[Finding, ...] = ()
    exercised: Counter[str] = field(default_factory=Counter)
    absent: frozenset[str] = frozenset()
    defects: frozenset[str] = frozenset()

    def __add__(self, other: "Checked") -> "Checked":
        """Join two checks."""
        return Checked(
            self.findings + other.findings,
            self.exercised + other.exercised,
            self.absent | other.absent,
            self.defects | other.defects,
        )


def clause_id(contract: Contract, operation: Operation, promise: str) -> str:
    """Name a clause that every operation has."""
    return f"{contract.name}.{operation.id}.{promise}"


def clauses(contract: Contract, credentials: Iterable[str]) -> dict[str, Clause]:
    """List the clauses that a campaign can put to the test.

    Args:
        contract: the contract.
        credentials: names of the credentials at hand: access is tested only with one.
    """
    listed: dict[str, Clause] = {}

    def add(identifier: str, kind: ClauseKind, summary: str, evidence: Evidence | None) -> None:
        listed[identifier] = Clause(identifier, kind, summary, evidence)

    for operation in contract.operations.values():
        base, evidence = operation.id, operation.evidence
        add(
            status_clause(contract, operation),
            ClauseKind.STATUS,
            f"{base} answers with a status that the contract has, and never with 5xx",
            evidence,
        )
        add(
            clause_id(contract, operation, "accepts"),
            ClauseKind.STATUS,
            f"{base} accepts a request that the contract allows",
            evidence,
        )
        if operation.body:
            add(
                clause_id(contract, operation, "refuses"),
                ClauseKind.STATUS,
                f"{base} refuses a request that breaks the contract",
                evidence,
            )
        add(
            clause_id(contract, operation, "discloses-nothing"),
            ClauseKind.SECURITY,
            f"An answer of {base} shows nothing of the server's inside",
            None,
        )
        named = {scheme.name for schemes in operation.security for scheme in schemes}
        if named & set(credentials):
            add(
                clause_id(contract, operation, "security"),
                ClauseKind.SECURITY,
                f"{base} refuses a request without valid credentials",
                evidence,
            )
        for status, spec in operation.responses.items():
            if spec.schema and not status.startswith("5"):
                add(
                    response_clause(contract, operation, status),
                    ClauseKind.SCHEMA,
                    f"An answer {status} of {base} has its shape",
                    spec.evidence,
                )
    answered = _rules_of_answers(contract)
    for rule in contract.rules.values():
        if rule.reachable and (rule.id in answered or rule.refusal == "required"):
            listed[rule.id] = rule.clause
    return listed


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


def check(contract: Contract, case: Case, exchange: Exchange, *, known: bool) -> Checked:
    """Judge an exchange by what the contract says of its request and its answer.

    Args:
        contract: the contract.
        case: what was sent, and with which intent.
        exchange: what came of it.
        known: whether everything that the request refers to exists on the server.
    """
    operation = contract.operations[exchange.operation]
    spoken = case.breaks not in ("method", "path")
    parts: list[Callable[[], Checked]] = [
        lambda: _status(contract, operation, case, exchange),
        lambda: _internals(contract, operation, exchange),
    ]
    if exchange.response.status < SERVER_ERROR and spoken:
        parts.append(lambda: _answer(contract, operation, case, exchange))
    match case.intent:
        case Intent.ACCEPTED:
            parts.append(lambda: _acceptance(contract, operation, exchange, known=known))
        case Intent.REFUSED:
            parts.append(lambda: _refusal(contract, operation, case, exchange))
        case Intent.UNAUTHENTICATED:
            parts.append(lambda: _access(contract, operation, case, exchange))
    checked = Checked()
    for part in parts:
        checked += _guarded(part)
    return checked


def _guarded(part: Callable[[], Checked]) -> Checked:
    """Run one check; its failure is the kit's defect, and the other checks go on."""
    try:
        return part()
    except Exception as problem:  # noqa: BLE001 (whatever it is, it must not end the campaign)
        return Checked(defects=frozenset({f"{type(problem).__name__}: {problem}"[:300]}))


def check_link(contract: Contract, link: Link, first: Exchange, following: Exchange) -> Checked:
    """Judge what must hold between an exchange and the one that followed its link."""
    return _guarded(lambda: _linked(contract, link, first, following))


def _linked(contract: Contract, link: Link, first: Exchange, following: Exchange) -> Checked:
    judgement = judge_link(contract, link, first, following)
    findings = tuple(replace(one, operation=link.target) for one in judgement.findings)
    return Checked(findings, *_counted(judgement.outcomes))


def _counted(outcomes: Iterable[Outcome]) -> tuple[Counter[str], frozenset[str]]:
    exercised: Counter[str] = Counter()
    absent = set()
    for outcome in outcomes:
        if outcome.status in (Status.PASS, Status.FAIL):
            exercised[outcome.rule.id] += 1
        elif outcome.status is Status.ABSENT:
            absent.add(outcome.rule.id)
    return exercised, frozenset(absent)


def _answer(contract: Contract, operation: Operation, case: Case, exchange: Exchange) -> Checked:
    judgement = judge_response(contract, exchange)
    spec = operation.response_for(exchange.response.status)
    clause = response_clause(contract, operation, spec.status) if spec else ""
    exercised, absent = _counted(judgement.outcomes)
    if spec and spec.schema:
        exercised[clause] += 1
    findings = [
        replace(one, clause=clause if "/" in one.clause else one.clause, operation=operation.id)
        for one in judgement.findings
        if one.keyword != "deprecated" and one.clause not in case.broken
    ]
    return Checked(tuple(findings), exercised, absent)


def _status(contract: Contract, operation: Operation, case: Case, exchange: Exchange) -> Checked:
    clause = status_clause(contract, operation)
    status = exchange.response.status
    if status < SERVER_ERROR:
        return Checked(exercised=Counter([clause]))
    about = f" to {case.why}" if case.why else ""
    finding = Finding(
        Severity.ERROR,
        clause,
        f"{operation.id} answered {status}{about}",
        keyword=f"{status // 100}xx",
        expected="a status below 500",
        got=status,
        evidence=operation.evidence,
        operation=operation.id,
    )
    return Checked((finding,), Counter([clause]))


def _internals(contract: Contract, operation: Operation, exchange: Exchange) -> Checked:
    clause = clause_id(contract, operation, "discloses-nothing")
    if exchange.response.ok:
        return Checked()
    found = _INTERNALS.search(exchange.response.raw[:100_000].decode("utf-8", "replace"))
    if found is None:
        return Checked(exercised=Counter([clause]))
    finding = Finding(
        Severity.ERROR,
        clause,
        f"{operation.id} shows the server's inside in an error: {found[0][:60]!r}",
        expected="an error that speaks of the request",
        got=found[0][:60],
        operation=operation.id,
    )
    return Checked((finding,), Counter([clause]))


def _acceptance(
    contract: Contract, operation: Operation, exchange: Exchange, *, known: bool
) -> Checked:
    clause = clause_id(contract, operation, "accepts")
    if exchange.response.ok:
        return Checked(exercised=Counter([clause]))
    if not known or exchange.response.status >= SERVER_ERROR:
        return Checked()
    finding = Finding(
        Severity.ERROR,
        clause,
        f"{operation.id} refused a request that the contract allows, with "
        f"{exchange.response.status}",
        expected="a success",
        got=exchange.response.status,
        evidence=operation.evidence,
        operation=operation.id,
    )
    return Checked((finding,), Counter([clause]))


def _refusal(contract: Contract, operation: Operation, case: Case, exchange: Exchange) -> Checked:
    clause = clause_id(contract, operation, "refuses")
    exercised = Counter([clause])
    if case.breaks in contract.rules:
        exercised[case.breaks] += 1
    if not exchange.response.ok:
        return Checked(exercised=exercised)
    finding = Finding(
        case.evidence.severity if case.evidence else Severity.ERROR,
        case.breaks if case.breaks in contract.rules else clause,
        f"{operation.id} accepted a request that it must refuse: {case.why}",
        at=case.at,
        keyword=None if case.breaks in contract.rules else case.breaks,
        expected="a refusal, 400 to 499",
        got=exchange.response.status,
        evidence=case.evidence or operation.evidence,
        operation=operation.id,
    )
    return Checked((finding,), exercised)


def _access(contract: Contract, operation: Operation, case: Case, exchange: Exchange) -> Checked:
    clause = clause_id(contract, operation, "security")
    if CLIENT_ERROR <= exchange.response.status < SERVER_ERROR:
        return Checked(exercised=Counter([clause]))
    finding = Finding(
        Severity.ERROR,
        clause,
        f"{operation.id} answered {exchange.response.status} to a request with {case.why}",
        keyword=case.why,
        expected="a refusal, 401",
        got=exchange.response.status,
        evidence=operation.evidence,
        operation=operation.id,
    )
    return Checked((finding,), Counter([clause]))
