"""A campaign from its first request to its report."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from orderspec.contract.model import Contract, Operation
from orderspec.errors import TargetError
from orderspec.exchange import Exchange, Request
from orderspec.findings import (
    CampaignReport,
    ClauseResult,
    Finding,
    Severity,
    Verdict,
)
from orderspec.fuzz.cases import Case, Intent, request_to
from orderspec.fuzz.curl import curl
from orderspec.fuzz.ledger import Group
from orderspec.fuzz.places import places
from orderspec.fuzz.session import Ended, Session
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.shrink import confirm
from orderspec.fuzz.steps import STEPS, seeds_of

UNAUTHORIZED = (401, 403)


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
    """
    session = Session(contract, settings, progress)
    try:
        _meet(session)
        for step in STEPS:
            step(session)
    except Ended as end:
        session.stopped = str(end)
    except KeyboardInterrupt:
        session.stopped = "interrupted"
    unconfirmed = _confirm_all(session)
    return _report(session, unconfirmed)


def _meet(session: Session) -> None:
    """Find out with one request whether an API answers there, and lets us in."""
    operation, request = _first_request(session)
    case = Case(operation.id, request, Intent.OPEN)
    exchange = session.send(case)
    if exchange is None:
        group = next(iter(session.ledger.groups.values()))
        message = f"no API answers at {session.settings.url}: {group.finding.got}"
        raise TargetError(message, "Check the address, and that the server runs.")
    kind = exchange.response.headers.get("content-type", "")
    if exchange.response.problem and "html" in kind:
        message = (
            f"{session.settings.url} answers {operation.method} {operation.path} with an HTML page"
        )
        raise TargetError(message, "Give the address of the API itself, without its paths.")
    if exchange.response.status in UNAUTHORIZED and not session.settings.credentials:
        names = sorted({scheme.name for one in operation.security for scheme in one})
        hint = " ".join(f"--credential {name}=…" for name in names)
        message = f"{operation.id} answers {exchange.response.status}: it wants credentials"
        raise TargetError(message, f"Give them with {hint or '--credential NAME=…'}.")
    if exchange.response.status in UNAUTHORIZED:
        message = f"{operation.id} answers {exchange.response.status}: the credentials are refused"
        raise TargetError(message, "Check the secret, and that it may use every operation.")
    session.values.nonce = _nonce(session, exchange)


def _first_request(session: Session) -> tuple[Operation, Request]:
    for operation in session.contract.operations.values():
        for seed in seeds_of(session.contract, operation):
            if operation.body:
                body = session.values.repaired(operation.body, seed)
                return operation, request_to(operation, body)
    if not session.contract.operations:
        message = f"the contract {session.contract.name!r} has no operation"
        raise TargetError(message)
    operation = next(iter(session.contract.operations.values()))
    blanks = {one.name: "none" for one in operation.parameters if one.location == "path"}
    return operation, request_to(operation, path_parameters=blanks)


def _nonce(session: Session, exchange: Exchange) -> str:
    """Take from the first answer what no other run has: a new order's id."""
    operation = session.contract.operations[exchange.operation]
    spec = operation.response_for(exchange.response.status)
    if exchange.response.ok and spec and spec.schema:
        for place in places(session.contract, spec.schema, exchange.response.body):
            if place.keyword("x-names") and place.keyword("readOnly") is True:
                return str(place.value)
    return ""


def _confirm_all(session: Session) -> set[int]:
    """Prove every finding on its final request; name those that did not show again."""
    unconfirmed: set[int] = set()
    session.extend()
    for key, group in list(session.ledger.groups.items()):
        if session.stopped == "interrupted" or group.exchange.response.status == 0:
            continue
        try:
            if not confirm(session, key, group):
                unconfirmed.add(id(group))
        except (Ended, KeyboardInterrupt):
            break
    return unconfirmed


def _report(session: Session, unconfirmed: set[int]) -> CampaignReport:
    ledger = session.ledger
    findings = tuple(
        _proven(session, group, confirmed=id(group) not in unconfirmed)
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
        for clause in ledger.clauses.values()
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


def _status(exercised: int, violations: int) -> str:
    if violations:
        return "fail"
    return "pass" if exercised else "not-exercised"


def _verdict(session: Session, findings: tuple[Finding, ...]) -> Verdict:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Verdict.VIOLATIONS
    if not session.accepted or session.ledger.unreached() or session.ledger.defects:
        return Verdict.INCONCLUSIVE
    return Verdict.CONFORMS


def _notes(session: Session) -> Iterator[str]:
    if session.stopped:
        yield f"Ended early: {session.stopped}."
    if not session.accepted:
        nouns = sorted(set(session.values.examples) - set(session.settings.values))
        given = " ".join(f"--value {noun}=…" for noun in nouns)
        yield (
            f"None of {session.valid} valid requests was accepted, so nothing can be said. "
            f"What must exist on the server can be given: {given}"
        )
    for defect in sorted(session.ledger.defects):
        yield f"A check of orderspec itself failed, which is a defect of the kit: {defect}"
    for clause in session.ledger.unreached():
        yield f"Never put to the test: {clause.id}"


def _proven(session: Session, group: Group, *, confirmed: bool) -> Finding:
    """Complete a finding with its command line, its seed and its count."""
    url, operations = session.settings.url, session.contract.operations
    lines = []
    if group.first is not None:
        lines.append(curl(url, operations[group.first.operation], group.first.request))
    known = group.case.intent is not Intent.UNAUTHENTICATED
    request = group.case.request
    if not known:
        request = replace(request, headers={**request.headers, **group.case.headers})
    lines.append(curl(url, operations[group.case.operation], request, known=known))
    message = group.finding.message
    if not confirmed:
        message += " (seen, but not again when the request was repeated)"
    return replace(
        group.finding,
        message=message,
        operation=group.finding.operation or group.case.operation,
        curl=" && ".join(lines),
        seed=session.settings.seed,
        count=group.count,
    )
