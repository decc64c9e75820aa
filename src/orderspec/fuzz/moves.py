"""What the steps of a campaign are made of: valid requests, and links followed from them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from orderspec.contract.model import Link, Operation
from orderspec.fuzz.anew import anew, unchanged_frame
from orderspec.fuzz.cases import Case, Intent, classified
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import blank_case
from orderspec.fuzz.session import Session

SEVERAL = 4


def seeds_of(session: Session, operation: Operation) -> list[Any]:
    """Give an operation's fixtures; where it has none, generated bodies that were accepted."""
    return fixtures_of(session.contract, operation) or session.samples[operation.id]


def in_turn(links: tuple[Link, ...], turn: int, number: int) -> tuple[Link, ...]:
    """Choose the first link, and as many of the others as asked for, each in its turn."""
    others = links[1:]
    chosen = {(turn * number + step) % len(others) for step in range(number)} if others else set()
    return links[:1] + tuple(others[index] for index in sorted(chosen))


def run_with_links(session: Session, case: Case, links: tuple[Link, ...]) -> None:
    """Run a case and follow links; once one changed what the answer is about, start anew."""
    exchange = session.run(case)
    if exchange is None or not exchange.response.ok:
        return
    change = session.memory.latest_change(exchange)
    for count, link in enumerate(links, 1):
        session.follow(exchange, link)
        if session.memory.latest_change(exchange) != change:
            if links[count:]:
                run_with_links(session, anew(session, case), links[count:])
            return
    if len(links) > SEVERAL:
        session.follow_first(exchange)


def valid_case(session: Session, operation: Operation, body: Any) -> Case | None:
    """Repair a body, give it a fresh key, and keep it only if the contract allows it."""
    frame = unchanged_frame(session, operation)
    if operation.body is None or frame is None:
        return None
    repaired = session.values.repaired(operation.body, body)
    repaired = session.values.keyed(operation.body, repaired)
    case = classified(session.contract, operation, replace(frame, body=repaired))
    return case if case.intent is Intent.ACCEPTED else None


def plain_case(session: Session, operation: Operation) -> Case | None:
    """Build a valid request to an operation, or one to nothing; None where no fixture is right."""
    if operation.body is None:
        frame = session.frames.frame(operation)
        if frame is None:
            return blank_case(operation)
        return classified(session.contract, operation, frame)
    for seed in seeds_of(session, operation):
        case = valid_case(session, operation, seed)
        if case is not None:
            return case
    return None


def in_order(session: Session) -> list[Operation]:
    """Put operations that create before those that need what was created."""

    def needs(operation: Operation) -> int:
        if operation.body and any(link.target == operation.id for link in operation.links):
            return 0
        return 2 if any(one.location == "path" for one in operation.parameters) else 1

    return sorted(session.contract.operations.values(), key=needs)


def creating(session: Session) -> Iterator[Operation]:
    """Give the operations that create something."""
    for operation in session.contract.operations.values():
        if operation.body and any(link.target == operation.id for link in operation.links):
            yield operation


def valid_cases(session: Session, operation: Operation) -> Iterator[Case]:
    """Make valid requests of an operation's fixtures."""
    for seed in seeds_of(session, operation):
        case = valid_case(session, operation, seed)
        if case is not None:
            yield case
