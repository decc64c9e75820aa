"""A campaign's report: what a session saw, put into words and counts."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import replace

from orderspec import exact_json
from orderspec.campaigns import CampaignReport, ClauseResult, Proof, verdict_of
from orderspec.contract.clauses import clause_id
from orderspec.contract.places import operation_of, place_of
from orderspec.exchange import MISSING
from orderspec.findings import Clause, Finding, Severity, Verdict
from orderspec.fuzz.advice import notes
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.curl import VARIABLE_PREFIX, curl
from orderspec.fuzz.ledger import Group
from orderspec.fuzz.places import drop, places
from orderspec.fuzz.redact import cleaned_exchange, cleaned_request, redacted, redacted_text
from orderspec.fuzz.session import Session
from orderspec.fuzz.values import FRESH

_MOST_NAMED = 5


def report_of(session: Session) -> CampaignReport:
    """Tell a campaign."""
    ledger = session.ledger
    groups = sorted(
        ledger.groups.values(), key=lambda group: group.finding.severity is not Severity.ERROR
    )
    errors = [group for group in groups if group.finding.severity is Severity.ERROR]
    telling = errors or groups
    gaps = {clause.id for clause in ledger.unreached()}
    findings = tuple(_proven(session, group) for group in groups)
    results = tuple(
        ClauseResult(
            clause,
            ledger.exercised[clause.id],
            ledger.violations[clause.id],
            _status(ledger.exercised[clause.id], ledger.violations[clause.id]),
            "the server never sent what it speaks of" if clause.id in ledger.absent else "",
            operation_of(session.contract, clause.id),
            place_of(session.contract, clause.id),
            clause.id in gaps,
        )
        for clause in _listed(session)
    )
    report = CampaignReport(
        provider=session.contract.name,
        url=session.settings.url,
        seed=session.settings.seed,
        verdict=Verdict.INCONCLUSIVE,
        requests=session.requests,
        responses=dict(sorted(session.sender.responses.items())),
        seconds=session.sender.seconds,
        clauses=results,
        findings=findings,
        valid=session.valid,
        accepted=session.accepted,
        first_finding=min((group.at_request for group in telling), default=None),
        seconds_to_first=min((group.at_second for group in telling), default=None),
        notes=(*notes(session), *_on_variables(findings)),
        stopped=redacted_text(session.stopped, session.settings.credentials),
        proofs=tuple(_proof(session, group) for group in groups),
        recorded=tuple(
            replace(one, exchange=cleaned_exchange(one.exchange, session.settings.credentials))
            for one in session.sender.recorded
        ),
        defects=tuple(
            redacted_text(one, session.settings.credentials) for one in sorted(ledger.defects)
        ),
    )
    return replace(report, verdict=verdict_of(report))


def _on_variables(findings: Iterable[Finding]) -> Iterator[str]:
    """Name what must be set before the lines that repeat findings are run."""
    named = re.compile(rf"{VARIABLE_PREFIX}\w+")
    names = sorted({name for one in findings for name in named.findall(one.curl or "")})
    if names:
        settings = " ".join(f"{name}=…" for name in names)
        yield f"The lines that repeat findings read credentials: export {settings}"


def _listed(session: Session) -> Iterator[Clause]:
    """Give the clauses that a campaign tests, and those that only this server let it test."""
    ledger, rules = session.ledger, session.contract.rules
    yield from ledger.clauses.values()
    for identifier in sorted(+ledger.exercised):
        if identifier in rules and identifier not in ledger.clauses:
            yield rules[identifier].clause


def _status(exercised: int, violations: int) -> str:
    if violations:
        return "fail"
    return "pass" if exercised else "not-exercised"


def _doubt(group: Group) -> str:
    """Say how sure a finding is, where it is not."""
    if not group.tried:
        return " (seen, and not sent again to prove it)"
    if not group.shown:
        seen = "once" if group.count == 1 else f"{group.count} times"
        return f" (seen {seen}, but not again in {group.tried} tries alone)"
    if group.shown < group.tried:
        return f" (flaky: sent again alone, it shows {group.shown} of {group.tried} times)"
    return ""


def _elsewhere(group: Group) -> str:
    """Name the other operations that show the same cause."""
    operation = group.finding.operation or group.case.operation
    others = [one for one in dict.fromkeys(group.clauses.values()) if one != operation]
    if not others:
        return ""
    more = ", …" if len(others) > _MOST_NAMED else ""
    return f" (the same in {', '.join(others[:_MOST_NAMED])}{more})"


def _proof(session: Session, group: Group) -> Proof:
    exchanges = (group.exchange,) if group.first is None else (group.first, group.exchange)
    credentials = session.settings.credentials
    finding, case = group.finding, group.case
    refused = {clause_id(session.contract, session.contract.operations[case.operation], "refuses")}
    return Proof(
        tuple(cleaned_exchange(one, credentials) for one in exchanges),
        in_request=finding.clause in refused | {case.breaks},
        tried=group.tried,
        shown=group.shown,
        asked=_asked(session, group),
    )


def _asked(session: Session, group: Group) -> str:
    """Digest what a request asks for: one that shows several findings hints at one cause."""
    name = group.first.operation if group.first else group.case.operation
    request = group.first.request if group.first else group.case.request
    reference = session.contract.operations[name].body
    if reference is None or request.body is MISSING:
        return ""
    body = deepcopy(request.body)
    for place in reversed(places(session.contract, reference, body)):
        if place.at and place.keyword(FRESH) is True:
            drop(body, place.at)
    return hashlib.sha256(exact_json.to_bytes(body)).hexdigest()


def _proven(session: Session, group: Group) -> Finding:
    """Complete a finding with its command line, its seed, its count and its doubts."""
    cases = [group.case]
    if group.first is not None:
        cases.insert(0, Case(group.first.operation, group.first.request, Intent.OPEN))
    lines = [
        curl(
            session.settings.url,
            cleaned_request(case.request, session.settings.credentials),
            session.schemes(case.operation, case.alternative),
            case.spoils,
        )
        for case in cases
    ]
    finding = replace(
        group.finding,
        message=group.finding.message + _elsewhere(group) + _doubt(group),
        operation=group.finding.operation or group.case.operation,
        curl=" && ".join(lines),
        seed=group.seed,
        count=group.count,
        also=tuple(one for one in group.clauses if one != group.finding.clause),
        spec=place_of(session.contract, group.finding.clause, group.finding.where),
    )
    return redacted(finding, session.settings.credentials)
