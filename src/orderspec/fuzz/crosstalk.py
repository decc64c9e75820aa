"""What one request says stands in no answer to another one."""

from collections import Counter
from copy import deepcopy
from dataclasses import replace

from orderspec import exact_json
from orderspec.contract.clauses import APART, clause_id
from orderspec.contract.model import Link, Operation
from orderspec.contract.nouns import leads_to_one
from orderspec.exchange import MISSING, Exchange
from orderspec.findings import Finding, Severity
from orderspec.fuzz.anew import anew
from orderspec.fuzz.cases import Case, Intent, classified
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.following import links_of
from orderspec.fuzz.moves import creating, valid_cases
from orderspec.fuzz.mutate import MARKED
from orderspec.fuzz.places import Path, Place, places, put
from orderspec.fuzz.session import Session

MARK_LENGTH = 8
LONGEST = 100
TRIES = 5


def crosstalk(session: Session) -> None:
    """Create an order that says much, then one that says little, and look for much in that."""
    for operation in creating(session):
        _look_for_crosstalk(session, operation)
        clause = clause_id(session.contract, operation, APART)
        if not session.ledger.exercised[clause]:
            session.ledger.absent.add(clause)


def _look_for_crosstalk(session: Session, operation: Operation) -> Checked:
    cases = sorted(valid_cases(session, operation), key=_size)
    if not cases:
        return Checked()
    mark = session.values.fresh()[-MARK_LENGTH:]
    little = anew(session, cases[0])
    telling = max(cases, key=lambda case: len(_foreign(session, operation, case, little)))
    first = _told(session, operation, telling, little, mark)
    if first is None:
        return Checked()
    answer = session.run(little)
    if answer is None or not answer.response.ok:
        return Checked()
    read = [session.follow(answer, link) for link in _reading(session, operation)]
    checked = Checked()
    for one in (answer, *(exchange for exchange in read if exchange is not None)):
        found = _judged(session, operation, one, mark)
        link = next(link for link in operation.links if link.target == operation.id)
        session.ledger.enter(found, little, one, requests=session.requests, origin=(first, link))
        session.ledger.repeat_by(found, lambda: _look_for_crosstalk(session, operation))
        checked += found
    return checked


def _reading(session: Session, operation: Operation) -> tuple[Link, ...]:
    """Give the link that reads back one thing; a list holds others, too."""
    contract = session.contract
    links = links_of(contract, operation)[:1]
    return tuple(one for one in links if leads_to_one(contract, contract.operations[one.target]))


def _size(case: Case) -> int:
    return len(exact_json.to_text(case.request.body))


def _told(
    session: Session, operation: Operation, telling: Case, little: Case, mark: str
) -> Exchange | None:
    """Create an order with marked texts: with all, or where a server refuses that, with one."""
    found = _foreign(session, operation, telling, little)
    for chosen in (found, *([place] for place in found[:TRIES])):
        case = _marked(session, operation, anew(session, telling), chosen, mark)
        exchange = session.run(replace(case, intent=Intent.OPEN))
        if exchange is not None and exchange.response.ok and mark.encode() in exchange.response.raw:
            return exchange
    return None


def _foreign(session: Session, operation: Operation, case: Case, little: Case) -> list[Place]:
    """List the free texts of a request that nothing in another one speaks of."""
    return [
        place
        for place in places(session.contract, operation.body or "", case.request.body)
        if isinstance(place.value, str)
        and len(place.value) < LONGEST
        and not any(place.keyword(name) for name in MARKED)
        and not _has_holder(little, place.at)
    ]


def _marked(
    session: Session, operation: Operation, case: Case, chosen: list[Place], mark: str
) -> Case:
    """Put a mark into texts of a request, as far as the contract allows it."""
    for place in chosen:
        body = deepcopy(case.request.body)
        put(body, place.at, f"{place.value} {mark}")
        request = replace(case.request, body=body)
        if classified(session.contract, operation, request).intent is Intent.ACCEPTED:
            case = replace(case, request=request)
    return case


def _has_holder(case: Case, at: Path) -> bool:
    """Tell whether a request has the object that a member is of: a server may know more of it."""
    value = case.request.body
    for step in at[:-1]:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return False
    return at[:-1] != () or (isinstance(value, dict) and at[-1] in value)


def _judged(session: Session, operation: Operation, exchange: Exchange, mark: str) -> Checked:
    clause = clause_id(session.contract, operation, APART)
    exercised = Counter([clause])
    if exchange.response.body is MISSING or mark.encode() not in exchange.response.raw:
        return Checked(exercised=exercised)
    finding = Finding(
        Severity.ERROR,
        clause,
        f"{exchange.operation} shows what only the request before it said ({mark!r})",
        expected="nothing of another order",
        got=mark,
        evidence=operation.evidence,
        operation=operation.id,
    )
    return Checked((finding,), exercised)
