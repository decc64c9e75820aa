"""A campaign from its first request to its report."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from orderspec.contract.model import Contract
from orderspec.findings import CampaignReport, Clause, ClauseResult, Finding, Severity, Verdict
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.checked import defect
from orderspec.fuzz.curl import curl
from orderspec.fuzz.ledger import NO_ANSWER, Group
from orderspec.fuzz.meeting import meet
from orderspec.fuzz.redact import redacted
from orderspec.fuzz.session import TIME_OVER, Ended, Session
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.shrink import confirm
from orderspec.fuzz.steps import STEPS

INTERRUPTED = "interrupted"
_MOST_NAMED = 5
_DOUBTS = {
    True: "",
    False: " (seen, but not again when the request was repeated)",
    None: " (seen, and not sent again to prove it)",
}


def run(
    contract: Contract, settings: Settings, progress: Callable[[Progress], None]
) -> CampaignReport:
    """Run a campaign.

    Args:
        contract: the contract that the deployment is held to.
        settings: where, and how much.
        progress: called after every request.

    Raises:
        TargetError: nothing answers, or what answers is not an HTTP API of JSON.
        UsageError: the address or a credential cannot be used.
    """
    session = Session(contract, settings, progress)
    try:
        meet(session)
        for step in STEPS:
            _take(session, step)
    except Ended as end:
        session.stopped = str(end)
    except KeyboardInterrupt:
        session.stopped = INTERRUPTED
    return _report(session, _confirmed(session))


def _take(session: Session, step: Callable[[Session], None]) -> None:
    """Take one step; where it fails, the others go on."""
    try:
        step(session)
    except (Ended, KeyboardInterrupt):
        raise
    except Exception as problem:  # noqa: BLE001 (whatever it is, it must not hide what was found)
        session.ledger.defects.add(defect(problem))


def _confirmed(session: Session) -> dict[int, bool]:
    """Prove findings on their final requests; tell by group whether each showed again.

    Those that got no answer come last: what they are made with may bring the server down.
    """
    confirmed: dict[int, bool] = {}
    if session.stopped == INTERRUPTED:
        return confirmed
    session.extend()
    groups = sorted(session.ledger.groups.items(), key=lambda item: item[0].keyword == NO_ANSWER)
    for key, group in groups:
        try:
            confirmed[id(group)] = confirm(session, key, group)
        except (Ended, KeyboardInterrupt):
            break
    return confirmed


def _report(session: Session, confirmed: dict[int, bool]) -> CampaignReport:
    ledger = session.ledger
    findings = tuple(
        _proven(session, group, _DOUBTS[confirmed.get(id(group))])
        for group in ledger.groups.values()
    )
    results = tuple(
        ClauseResult(
            clause,
            ledger.exercised[clause.id],
            ledger.violations[clause.id],
            _status(ledger.exercised[clause.id], ledger.violations[clause.id]),
            "the server never sent what it speaks of" if clause.id in ledger.absent else "",
        )
        for clause in _listed(session)
    )
    return CampaignReport(
        provider=session.contract.name,
        url=session.settings.url,
        seed=session.settings.seed,
        verdict=_verdict(session, findings),
        requests=session.requests,
        responses=dict(sorted(session.responses.items())),
        seconds=session.seconds,
        clauses=results,
        findings=findings,
        valid=session.valid,
        accepted=session.accepted,
        first_finding=min((group.at_request for group in ledger.groups.values()), default=None),
        notes=tuple(_notes(session)),
        stopped=session.stopped,
    )


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


def _verdict(session: Session, findings: tuple[Finding, ...]) -> Verdict:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Verdict.VIOLATIONS
    nothing_accepted = session.valid and not session.accepted
    if nothing_accepted or session.ledger.unreached() or session.ledger.defects:
        return Verdict.INCONCLUSIVE
    return Verdict.CONFORMS


def _notes(session: Session) -> Iterator[str]:
    if session.stopped == TIME_OVER:
        yield "The time was over before all was sent; --max-time gives more."
    elif session.stopped:
        yield f"Ended early: {session.stopped}."
    has_bodies = any(operation.body for operation in session.contract.operations.values())
    if has_bodies and not session.accepted:
        nouns = sorted(set(session.values.examples) - set(session.settings.values))
        given = " ".join(f"--value {noun}=…" for noun in nouns)
        said = f"None of {session.valid} valid requests was accepted, so little can be said."
        yield said + (f" What must exist on the server can be given: {given}" if given else "")
    if session.limited:
        yield f"The server asked for patience {session.limited} times (429): those say nothing."
    for remark in session.remarks:
        yield f"Not all could be generated: {remark}"
    for defect_found in sorted(session.ledger.defects):
        yield f"A check could not be done, and says nothing: {defect_found}"
    unreached = session.ledger.unreached()
    if unreached:
        named = ", ".join(clause.id for clause in unreached[:_MOST_NAMED])
        more = ", …" if len(unreached) > _MOST_NAMED else ""
        yield f"{len(unreached)} clauses were never put to the test: {named}{more}"


def _proven(session: Session, group: Group, doubt: str) -> Finding:
    """Complete a finding with its command line, its seed and its count."""
    cases = [group.case]
    if group.first is not None:
        cases.insert(0, Case(group.first.operation, group.first.request, Intent.OPEN))
    lines = [
        curl(
            session.settings.url,
            case.request,
            session.schemes(case.operation, case.alternative),
            case.spoils,
        )
        for case in cases
    ]
    finding = replace(
        group.finding,
        message=group.finding.message + doubt,
        operation=group.finding.operation or group.case.operation,
        curl=" && ".join(lines),
        seed=session.settings.seed,
        count=group.count,
    )
    return redacted(finding, session.settings.credentials)
