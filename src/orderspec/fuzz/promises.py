"""What an operation promises of a request as a whole: to accept, to refuse, to let nobody in."""

from collections import Counter

from orderspec.contract.clauses import clause_id
from orderspec.contract.model import Contract, Operation
from orderspec.exchange import Exchange
from orderspec.findings import Finding, Severity
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.checked import Checked

SERVER_ERROR = 500
CLIENT_ERROR = 400


def kept(
    contract: Contract, operation: Operation, case: Case, exchange: Exchange, *, known: bool
) -> Checked:
    """Hold the status of an answer against what the request was sent for."""
    match case.intent:
        case Intent.ACCEPTED:
            return _acceptance(contract, operation, exchange, known=known)
        case Intent.REFUSED:
            return _refusal(contract, operation, case, exchange)
        case Intent.UNAUTHENTICATED:
            return _access(contract, operation, case, exchange)
        case Intent.OPEN:
            return Checked()


def _acceptance(
    contract: Contract, operation: Operation, exchange: Exchange, *, known: bool
) -> Checked:
    clause = clause_id(contract, operation, "accepts")
    if exchange.response.ok:
        return Checked(exercised=Counter([clause]))
    if not (known and operation.offered) or exchange.response.status >= SERVER_ERROR:
        return Checked()
    finding = Finding(
        operation.evidence.severity if operation.evidence else Severity.ERROR,
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
        where=case.where,
    )
    return Checked((finding,), exercised)


def _access(contract: Contract, operation: Operation, case: Case, exchange: Exchange) -> Checked:
    clause = clause_id(contract, operation, "security")
    if exchange.response.status >= SERVER_ERROR:
        return Checked()
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
