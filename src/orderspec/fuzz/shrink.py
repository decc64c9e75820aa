"""Send the request of a finding again, and make it small."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from orderspec import exact_json
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.anew import anew
from orderspec.fuzz.cases import PARAMETER, Case, Intent, classified
from orderspec.fuzz.checks import check, check_link
from orderspec.fuzz.ledger import NO_ANSWER, Group, Key, key_of
from orderspec.fuzz.places import Path, drop, get
from orderspec.fuzz.runtime import UnresolvedError
from orderspec.fuzz.session import Session

TRIES = 40


def shrink(session: Session, key: Key, group: Group, others: Sequence[Any] = ()) -> None:
    """Send smaller requests that the contract allows, as long as they show a finding.

    The finding's group holds the smallest one in the end. There are at most `TRIES`.

    Args:
        session: what was sent and seen.
        key: the finding's cause.
        group: the finding.
        others: small bodies that show other findings of the operation: where one shows this one,
            too, a single cause may be behind both.

    Raises:
        Ended: there is no time left.
    """
    start = group.first.request if group.first else group.case.request
    if not _can_shrink(key, group, start):
        return
    size = len(exact_json.to_text(start.body))
    for other in others:
        is_smaller = len(exact_json.to_text(other)) <= size
        if is_smaller and _is_allowed(session, group, other) and shows(session, key, group, other):
            return
    body, tries, progress = start.body, 0, True
    while progress and tries < TRIES:
        progress = False
        for smaller in _smaller(body):
            if tries >= TRIES:
                break
            if not _is_allowed(session, group, smaller):
                continue
            tries += 1
            if shows(session, key, group, smaller):
                body, progress = smaller, True
                break


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


def shows(session: Session, key: Key, group: Group, body: Any) -> bool:
    """Send the finding's request with a body, and look for the finding.

    Where it shows, its group holds what was sent and what came back.

    Raises:
        Ended: there is no time left.
    """
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


def _smaller(body: Any) -> Iterator[Any]:
    """Give a body without parts of its lists, large parts first, then without each part of it."""
    lists = [path for path in ((), *_paths(body)) if isinstance(get(body, path), list)]
    for path in sorted(lists, key=lambda path: -len(get(body, path))):
        size = len(get(body, path))
        part = size // 2
        while part > 1:
            for start in range(0, size, part):
                smaller = deepcopy(body)
                del get(smaller, path)[start : start + part]
                yield smaller
            part //= 2
    for path in sorted(_paths(body), key=len):
        smaller = deepcopy(body)
        drop(smaller, path)
        yield smaller


def _paths(body: Any, at: Path = ()) -> Iterator[Path]:
    if isinstance(body, dict):
        for name, item in body.items():
            yield (*at, name)
            yield from _paths(item, (*at, name))
    elif isinstance(body, list):
        for index, item in enumerate(body):
            yield (*at, index)
            yield from _paths(item, (*at, index))
