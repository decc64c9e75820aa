"""Make the request of a finding small, and prove the finding on the final request."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.anew import anew
from orderspec.fuzz.cases import PARAMETER, Case, Intent, classified
from orderspec.fuzz.checks import check, check_link
from orderspec.fuzz.ledger import NO_ANSWER, Group, Key, key_of
from orderspec.fuzz.places import Path, drop
from orderspec.fuzz.runtime import UnresolvedError
from orderspec.fuzz.session import Session

TRIES = 30


def confirm(session: Session, key: Key, group: Group) -> bool:
    """Send the request of a finding again, then smaller ones; keep the smallest that shows it.

    Returns:
        Whether the finding showed again.

    Raises:
        Ended: there is no time left.
    """
    start = group.first.request if group.first else group.case.request
    if not _shows(session, key, group, start.body):
        if group.case.after is None or group.first is not None:
            return False
        # Alone it may say nothing: what came before matters, as it does for a key that was used.
        group.first, group.link = group.case.after
        return confirm(session, key, group)
    if not _can_shrink(key, group, start):
        return True
    body, tries, progress = start.body, 0, True
    while progress and tries < TRIES:
        progress = False
        for path in sorted(_paths(body), key=len):
            if tries >= TRIES:
                break
            smaller = deepcopy(body)
            drop(smaller, path)
            if not _is_allowed(session, group, smaller):
                continue
            tries += 1
            if _shows(session, key, group, smaller):
                body, progress = smaller, True
                break
    return True


def _can_shrink(key: Key, group: Group, start: Request) -> bool:
    """Tell whether a smaller request may show the same; each one that gets no answer is a wait."""
    decoded = start.body is not MISSING and group.case.request.raw is None
    loose = group.case.intent in (Intent.ACCEPTED, Intent.OPEN)
    return decoded and loose and key.keyword != NO_ANSWER


def _is_allowed(session: Session, group: Group, body: Any) -> bool:
    """Only requests that the contract allows may show a fault of the server."""
    name = group.first.operation if group.first else group.case.operation
    request = group.first.request if group.first else group.case.request
    operation = session.contract.operations[name]
    case = classified(session.contract, operation, replace(request, body=body))
    return case.intent is Intent.ACCEPTED


def _shows(session: Session, key: Key, group: Group, body: Any) -> bool:
    """Send the finding's request with another body, and look for the finding."""
    if group.link is None or group.first is None:
        return _shows_alone(session, key, group, body)
    first = _again(session, group.first, body)
    if first is None:
        return False
    try:
        if not session.lead(first, group.link):
            return False
        case = session.next_case(first, group.link, group.case.request.body)
    except UnresolvedError:
        case = None
    if case is None:
        # The two came together by what they hold, not by the link.
        case = _fresh(session, group.case)
    following = session.send(case)
    if following is None:
        return False
    checked = check_link(session.contract, group.link, first, following)
    checked += check(session.contract, case, following, known=False)
    for finding in checked.findings:
        if key_of(finding) == key:
            group.finding, group.case = finding, case
            group.first, group.exchange = first, following
            return True
    return False


def _shows_alone(session: Session, key: Key, group: Group, body: Any) -> bool:
    case = group.case
    if body is not MISSING and case.request.raw is None:
        case = _fresh(session, replace(case, request=replace(case.request, body=body)))
    exchange = session.send(case)
    if exchange is None:
        return key.keyword == NO_ANSWER and session.is_silent
    known = session.knows(case)
    for finding in check(session.contract, case, exchange, known=known).findings:
        if key_of(finding) == key:
            group.finding, group.case, group.exchange = finding, case, exchange
            return True
    return False


def _again(session: Session, first: Exchange, body: Any) -> Exchange | None:
    case = Case(first.operation, replace(first.request, body=body), Intent.ACCEPTED)
    exchange = session.send(_fresh(session, case))
    return exchange if exchange is not None and exchange.response.ok else None


def _fresh(session: Session, case: Case) -> Case:
    """Give the same case with fresh keys; a request that is wrong on purpose stays as it is.

    One that is right changes something that no request changed yet: a state may forbid a change.
    """
    if case.intent is Intent.ACCEPTED:
        return anew(session, case)
    if case.intent is Intent.OPEN and case.breaks != PARAMETER:
        operation = session.contract.operations[case.operation]
        return replace(case, request=session.frames.renewed(operation, case.request))
    return case


def _paths(body: Any, at: Path = ()) -> Iterator[Path]:
    if isinstance(body, dict):
        for name, item in body.items():
            yield (*at, name)
            yield from _paths(item, (*at, name))
    elif isinstance(body, list):
        for index, item in enumerate(body):
            yield (*at, index)
            yield from _paths(item, (*at, index))
