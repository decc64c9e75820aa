"""Make the request of a finding small, and prove the finding on the final request."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.cases import Case, Intent, classified
from orderspec.fuzz.checks import check, check_link
from orderspec.fuzz.following import next_case
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
        return False
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
        case = next_case(session.contract, session.values, first, group.link)
    except UnresolvedError:
        case = None
    if case is None:
        # The two came together by what they hold, not by the link.
        fresh = _fresh(session, group.case, group.case.request.body)
        case = replace(group.case, request=replace(group.case.request, body=fresh))
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
        case = replace(case, request=replace(case.request, body=_fresh(session, case, body)))
    exchange = session.send(case)
    if exchange is None:
        return key.keyword == NO_ANSWER and session.is_silent
    known = case.vouched or session.memory.knows(case)
    for finding in check(session.contract, case, exchange, known=known).findings:
        if key_of(finding) == key:
            group.finding, group.case, group.exchange = finding, case, exchange
            return True
    return False


def _again(session: Session, first: Exchange, body: Any) -> Exchange | None:
    case = Case(first.operation, first.request, Intent.OPEN)
    request = replace(first.request, body=_fresh(session, case, body))
    exchange = session.send(replace(case, request=request))
    return exchange if exchange is not None and exchange.response.ok else None


def _fresh(session: Session, case: Case, body: Any) -> Any:
    """Give the same body with fresh keys; a body that is wrong on purpose stays as it is."""
    operation = session.contract.operations[case.operation]
    if case.intent in (Intent.ACCEPTED, Intent.OPEN) and operation.body and body is not MISSING:
        return session.values.refreshed(operation.body, body)
    return body


def _paths(body: Any, at: Path = ()) -> Iterator[Path]:
    if isinstance(body, dict):
        for name, item in body.items():
            yield (*at, name)
            yield from _paths(item, (*at, name))
    elif isinstance(body, list):
        for index, item in enumerate(body):
            yield (*at, index)
            yield from _paths(item, (*at, index))
