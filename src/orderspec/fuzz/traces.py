"""A request that was refused leaves no trace: what was there before reads the same after it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any

from orderspec import pointer
from orderspec.contract.clauses import TRACELESS, clause_id, listing_of, reading_of
from orderspec.contract.model import Link, Operation
from orderspec.contract.nouns import NAMES, given_nouns
from orderspec.exchange import MISSING, Exchange
from orderspec.findings import Finding, Severity
from orderspec.fuzz.anew import anew
from orderspec.fuzz.cases import Case, Intent, classified
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.moves import plain_case
from orderspec.fuzz.mutate import MARKED
from orderspec.fuzz.places import Path, Place, places, put
from orderspec.fuzz.refusals import promise, refusal, refusals
from orderspec.fuzz.runtime import UnresolvedError
from orderspec.fuzz.session import Session

MOST_REFUSED = 10
MOST_PAGES = 10

Facts = Mapping[Path, Any]
"""What an answer says: the values at its ends by their places; times are left out."""


@dataclass(frozen=True, slots=True)
class _View:
    """A way to look at what requests may have changed, and what it showed.

    Attributes:
        link: leads to the answer that shows the thing; None for a list.
        answer: that answer.
        facts: what it says of the thing, or which names it lists.
        steady: the places that read the same twice when nothing was sent in between.
    """

    link: Link | None
    answer: Exchange
    facts: Facts
    steady: frozenset[Path] = frozenset()


def traces(session: Session) -> None:
    """Send requests that must be refused; read what they could have changed before and after."""
    for operation in session.contract.operations.values():
        look = reading_of(session.contract, operation), listing_of(session.contract, operation)
        if look == (None, None):
            continue
        clause = clause_id(session.contract, operation, TRACELESS)
        _look_for_traces(session, operation)
        if not session.ledger.exercised[clause]:
            session.ledger.absent.add(clause)


def _look_for_traces(session: Session, operation: Operation) -> Checked:
    """Send one refused request after the other, as long as what they left can be told."""
    valid = plain_case(session, operation)
    if valid is None:
        return Checked()
    valid = anew(session, valid)
    before, again = _view(session, operation, valid), _view(session, operation, valid)
    if before is None or again is None:
        return Checked()
    before = replace(before, steady=_alike(before.facts, again.facts))
    valid = _unlike(session, operation, valid, before.facts)
    checked = Checked()
    for case in islice(_refused(session, operation, valid), MOST_REFUSED):
        exchange = session.run(case)
        if exchange is None or exchange.response.ok:
            break
        after = _view(session, operation, valid)
        if after is None:
            break
        found = _compared(session, case, before, after)
        origin = None if after.link is None else (exchange, after.link)
        session.ledger.enter(found, case, after.answer, requests=session.requests, origin=origin)
        session.ledger.repeat_by(found, lambda: _look_for_traces(session, operation))
        checked += found
        if found.findings:
            break
    return checked


def _unlike(session: Session, operation: Operation, valid: Case, facts: Facts) -> Case:
    """Change what a valid request says just as it is there already: the same leaves no trace."""
    there: dict[Path, list[Any]] = defaultdict(list)
    for at, value in facts.items():
        there[at[-1:]].append(value)
    for place in places(session.contract, operation.body or "", valid.request.body):
        same = there[place.at[-1:]]
        if place.value not in same:
            continue
        body = deepcopy(valid.request.body)
        put(body, place.at, _another(place, same))
        request = replace(valid.request, body=body)
        case = classified(session.contract, operation, request)
        if case.intent is Intent.ACCEPTED:
            valid = case
    return valid


def _another(place: Place, values: list[Any]) -> Any:
    """Give a value of the same kind that is none of those; what refers to something stays."""
    match place.value:
        case bool():
            return not place.value
        case int() | Decimal():
            return max(value for value in values if isinstance(value, int | Decimal)) + 1
        case str() if not any(place.keyword(name) for name in MARKED):
            return f"{place.value}2"
        case _:
            return place.value


def _refused(session: Session, operation: Operation, valid: Case) -> Iterator[Case]:
    """Break a valid request in one way after the other; first where its beginning is right.

    What is broken as a whole comes last: there is little in it that a server could keep.
    """
    plain = list(refusals(session.contract, operation, valid.request, set()))
    plain.sort(key=lambda case: not case.at and case.breaks == "type")
    late = (_late(session, operation, case, valid.request.body) for case in plain)
    seen = set()
    for case in (*(case for case in late if case is not None), *plain):
        if promise(case) not in seen:
            seen.add(promise(case))
            yield replace(case, request=session.frames.renewed(operation, case.request))


def _late(session: Session, operation: Operation, case: Case, valid: Any) -> Case | None:
    """Put the element that is right before the one that is broken: a server may stop too late."""
    body = deepcopy(case.request.body)
    steps = pointer.parse(case.at)
    for end in range(len(steps)):
        try:
            elements, right = (pointer.follow(one, steps[:end]) for one in (body, valid))
        except KeyError:
            return None
        if isinstance(elements, list) and isinstance(right, list):
            elements[:0] = deepcopy(right[:1])
            body = session.values.repaired(operation.body or "", body)
            return refusal(session.contract, operation, replace(case.request, body=body))
    return None


def _view(session: Session, operation: Operation, valid: Case) -> _View | None:
    """Read what a request to an operation would change; None where that cannot be read."""
    listing = listing_of(session.contract, operation)
    if listing is not None:
        return _listed(session, listing)
    origin = session.memory.origin(operation, valid.request.path_parameters)
    link = reading_of(session.contract, operation)
    if origin is None or link is None:
        return None
    if session.settings.workers > 1 and "{" not in session.contract.operations[link.target].path:
        return None  # a list: other processes add to it
    first, _ = origin
    try:
        case = session.next_case(first, link)
    except UnresolvedError:
        return None
    answer = None if case is None else session.send(case)
    facts = {} if answer is None else _facts(session, first, answer)
    return _View(link, answer, facts) if answer is not None and facts else None


def _listed(session: Session, listing: Operation) -> _View | None:
    """Read the names that a list holds; other processes of a campaign would add to them."""
    if session.settings.workers > 1:
        return None
    pages = list(islice(_pages(session, listing), MOST_PAGES))
    if not pages:
        return None
    given = given_nouns(session.contract)
    names: Facts = {
        (str(place.keyword(NAMES)), str(place.value)): True
        for page in pages
        for place in _places(session, page)
        if place.keyword(NAMES) in given
    }
    return _View(None, pages[-1], names)


def _pages(session: Session, listing: Operation) -> Iterator[Exchange]:
    """Ask for a list, then for what its pages lead on to: where the oldest come first, all."""
    frame = session.frames.frame(listing)
    case = None if frame is None else Case(listing.id, frame, Intent.OPEN)
    onward = [link for link in listing.links if link.target == listing.id]
    while case is not None:
        answer = session.send(case)
        if answer is None or not answer.response.ok:
            return
        yield answer
        case = _next_page(session, answer, onward)


def _next_page(session: Session, answer: Exchange, onward: list[Link]) -> Case | None:
    """Follow the first link that leads on; what the request did not ask for, the next does not."""
    asked = {f"$request.query.{name}" for name in answer.request.query}
    for link in onward:
        parameters = {
            name: value
            for name, value in link.parameters.items()
            if not str(value).startswith("$request.query.") or value in asked
        }
        try:
            return session.next_case(answer, replace(link, parameters=parameters))
        except UnresolvedError:
            continue
    return None


def _alike(one: Facts, other: Facts) -> frozenset[Path]:
    """Find the places that read the same twice."""
    return frozenset(at for at, value in one.items() if other.get(at, MISSING) == value)


def _facts(session: Session, first: Exchange, answer: Exchange) -> Facts:
    """Give what an answer says of the thing that an exchange made; in a list, its elements."""
    found = _places(session, answer)
    names = session.memory.names_in(first)
    own = [place for place in found if (place.keyword(NAMES), str(place.value)) in names]
    outermost = min((len(place.at) for place in own), default=0)
    holders = {_element(place.at): str(place.value) for place in own if len(place.at) == outermost}
    return {
        (*((name,) if len(holders) > 1 else ()), *place.at[len(holder) :]): place.value
        for holder, name in (holders or {(): ""}).items()
        for place in found
        if place.at[: len(holder)] == holder
        and not isinstance(place.value, dict | list)
        and place.keyword("format") != "date-time"
    }


def _element(at: Path) -> Path:
    """Find the outermost element of a list around a place, or the whole."""
    ends = [end for end, step in enumerate(at, 1) if isinstance(step, int)]
    return at[: min(ends, default=0)]


def _places(session: Session, answer: Exchange) -> list[Place]:
    operation = session.contract.operations[answer.operation]
    spec = operation.response_for(answer.response.status)
    if not answer.response.ok or spec is None or spec.schema is None:
        return []
    if answer.response.body is MISSING:
        return []
    return places(session.contract, spec.schema, answer.response.body)


def _compared(session: Session, case: Case, before: _View, after: _View) -> Checked:
    """Hold what reads otherwise than before against the request that was refused."""
    operation = session.contract.operations[case.operation]
    clause = clause_id(session.contract, operation, TRACELESS)
    exercised = Counter([clause])
    changed = [at for at in before.steady if after.facts.get(at, MISSING) != before.facts[at]]
    new = [at for at in after.facts if at not in before.facts]
    is_list = after.link is None
    is_steady = len(before.steady) == len(before.facts)
    found = (new or changed) if is_list else changed or (new if is_steady else [])
    if not found:
        return Checked(exercised=exercised)
    at = min(found, key=len)
    finding = Finding(
        Severity.ERROR,
        clause,
        f"{operation.id} refused a request ({case.why}), and left a trace of it",
        at="" if is_list else pointer.join(at),
        expected="the same names in the list" if is_list else before.facts.get(at, "nothing there"),
        got=f"{' '.join(map(str, at))}, {'new' if new else 'gone'}"
        if is_list
        else after.facts.get(at, "nothing there"),
        evidence=operation.evidence,
        operation=operation.id,
    )
    return Checked((finding,), exercised)
