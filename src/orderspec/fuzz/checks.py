"""Judge one exchange of a campaign: which clauses it exercised, and which it broke."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from orderspec.contract.clauses import clause_id, response_clause, status_clause
from orderspec.contract.model import Contract, Link, Operation
from orderspec.exchange import MISSING, Exchange
from orderspec.findings import Finding, Severity
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.checked import Checked, defect
from orderspec.fuzz.ledger import NO_ANSWER
from orderspec.fuzz.promises import SERVER_ERROR, kept
from orderspec.rules import Outcome, Status
from orderspec.validation.engine import left_open
from orderspec.validation.exchanges import judge_link, judge_response

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

NOT_IMPLEMENTED = 501
# What a server makes of a request that it had to refuse follows from that, and is no finding more.
_MUST_FAIL = (Intent.REFUSED, Intent.UNAUTHENTICATED)


def check(contract: Contract, case: Case, exchange: Exchange, *, known: bool) -> Checked:
    """Judge an exchange by what the contract says of its request and its answer.

    Args:
        contract: the contract.
        case: what was sent, and with which intent.
        exchange: what came of it.
        known: whether everything that the request refers to exists on the server.
    """
    operation = contract.operations[exchange.operation]
    parts: list[Callable[[], Checked]] = [
        lambda: _status(contract, operation, case, exchange),
        lambda: _internals(contract, operation, exchange),
    ]
    wrongly_accepted = exchange.response.ok and case.intent in _MUST_FAIL
    if (
        exchange.response.status < SERVER_ERROR
        and case.addresses_operation
        and not wrongly_accepted
    ):
        parts.append(lambda: _answer(contract, operation, case, exchange))
    parts.append(lambda: kept(contract, operation, case, exchange, known=known))
    checked = Checked()
    for part in parts:
        checked += _guarded(part)
    return checked


def _guarded(part: Callable[[], Checked]) -> Checked:
    """Run one check; where it fails, the other checks go on."""
    try:
        return part()
    except Exception as problem:  # noqa: BLE001 (whatever it is, it must not end the campaign)
        return Checked(defects=frozenset({defect(problem)}))


def check_link(contract: Contract, link: Link, first: Exchange, following: Exchange) -> Checked:
    """Judge what must hold between an exchange and the one that followed its link."""
    return _guarded(lambda: _linked(contract, link, first, following))


def unanswered(contract: Contract, case: Case, problem: str) -> Checked:
    """Judge a request that got no answer."""
    operation = contract.operations[case.operation]
    clause = status_clause(contract, operation)
    about = f" to {case.why}" if case.why else ""
    finding = Finding(
        Severity.ERROR,
        clause,
        f"{operation.id} gave no answer{about}: {problem}",
        keyword=NO_ANSWER,
        expected="an answer",
        got=problem,
        evidence=operation.evidence,
        operation=operation.id,
    )
    return Checked((finding,), Counter([clause]))


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
    # What comes back of a request that is not quite right, the server chose: it may mend it.
    is_wrong = any(contract.rules[one].refusal != "unsure" for one in case.broken)
    own = {rule.id for rule in operation.rules} if is_wrong else set()
    findings = [
        replace(one, clause=clause if "/" in one.clause else one.clause, operation=operation.id)
        for one in judgement.findings
        if one.keyword != "deprecated"
        and one.clause not in case.broken
        and one.clause not in own
        and not _is_ours(contract, operation, one, case)
    ]
    return Checked(tuple(findings), exercised, absent)


def _is_ours(contract: Contract, operation: Operation, finding: Finding, case: Case) -> bool:
    """Tell whether an answer shows what a request, open to refusal, was sent with.

    A value of a shape that no server need look at may come back, or be dropped, which breaks rules.
    """
    if case.intent is not Intent.OPEN:
        return False
    if finding.keyword is not None and finding.severity is Severity.WARNING:
        return True
    if operation.body is None or case.request.body is MISSING:
        return False
    unchecked = left_open(contract, operation.body, case.request.body)
    return any(finding.keyword is None or one.got == finding.got for one in unchecked)


def _status(contract: Contract, operation: Operation, case: Case, exchange: Exchange) -> Checked:
    clause = status_clause(contract, operation)
    status = exchange.response.status
    is_honest = status == NOT_IMPLEMENTED and not case.addresses_operation
    if status < SERVER_ERROR or is_honest:
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
