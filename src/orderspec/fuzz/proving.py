"""Prove findings: what shows each time when it is sent again alone, what does so now and then."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from orderspec.exchange import MISSING
from orderspec.findings import Severity
from orderspec.fuzz.ledger import NO_ANSWER, Group, Key, key_of
from orderspec.fuzz.session import INTERRUPTED, Ended, Session
from orderspec.fuzz.shrink import shows, shrink

TRIES = 3
MOST_SMALL = 3


def prove(session: Session, keys: Collection[Key] | None = None) -> None:
    """Send the requests of findings again, as far as there is time.

    Args:
        session: what was sent and seen.
        keys: which of its findings; None for all.
    """
    session.sender.extend()
    session.sender.step = "proving"
    groups = in_order(session.ledger.groups.items())
    wanted = [(key, group) for key, group in groups if keys is None or key in keys]
    try:
        for key, group in wanted:
            send_again(session, key, group)
        small: dict[str, list[Any]] = defaultdict(list)
        for key, group in wanted:
            settle(session, key, group, small)
    except Ended:
        if session.sender.interrupt.is_wanted:
            session.stopped = INTERRUPTED
    except KeyboardInterrupt:
        session.stopped = INTERRUPTED


def in_order(groups: Iterable[tuple[Key, Group]]) -> list[tuple[Key, Group]]:
    """Put first what matters most, should the time be short.

    Errors come before warnings, and one finding of each clause before its others. What got no
    answer comes last: the requests may bring the server down.
    """
    met: Counter[tuple[Severity, str]] = Counter()
    turns: dict[Key, tuple[bool, bool, int]] = {}
    listed = list(groups)
    for key, group in listed:
        kind = group.finding.severity, group.finding.clause
        is_warning = group.finding.severity is not Severity.ERROR
        turns[key] = (key.keyword == NO_ANSWER, is_warning, met[kind])
        met[kind] += 1
    return sorted(listed, key=lambda item: turns[item[0]])


def send_again(session: Session, key: Key, group: Group) -> None:
    """Send the request of a finding again, for the first time.

    Raises:
        Ended: there is no time left.
    """
    group.tried = group.shown = 0
    may_follow = group.case.after is not None and group.first is None and group.again is None
    if not _tried(session, key, group) and may_follow and group.case.after is not None:
        # Alone it may say nothing: what came before matters, as it does for a key that was used.
        group.tried = 0
        group.first, group.link = group.case.after
        _tried(session, key, group)


def settle(session: Session, key: Key, group: Group, small: dict[str, list[Any]]) -> None:
    """Make a request that shows a finding smaller, and send it until there were three tries.

    What got no answer is not sent a second time: each time is a wait, and may bring a server down.

    Args:
        session: what was sent and seen.
        key: the finding's cause.
        group: the finding.
        small: operation to small bodies that show findings; this one's is added.

    Raises:
        Ended: there is no time left.
    """
    if group.shown and key.keyword == NO_ANSWER:
        return
    if group.shown and group.again is None:
        operation = group.first.operation if group.first else group.case.operation
        shrink(session, key, group, small[operation])
        body = (group.first.request if group.first else group.case.request).body
        if body is not MISSING and len(small[operation]) < MOST_SMALL:
            small[operation].append(body)
    for _ in range(TRIES - group.tried):
        _tried(session, key, group)


def _tried(session: Session, key: Key, group: Group) -> bool:
    """Send what a finding was seen on once more; count it, unless the answer says nothing."""
    if group.again is not None:
        shown = any(key_of(finding) == key for finding in group.again().findings)
    else:
        request = group.first.request if group.first else group.case.request
        shown = shows(session, key, group, request.body)
    if shown or not session.sender.is_unheard:
        group.tried += 1
        group.shown += shown
    return shown
