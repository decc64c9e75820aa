"""Changes to what is old, and to parts of something else: a server may hit what is nearest."""

from collections.abc import Iterator
from dataclasses import replace

from orderspec.contract.model import Link, Operation
from orderspec.contract.nouns import REFERS_TO, given_nouns, leads_to_one
from orderspec.exchange import Exchange
from orderspec.fuzz.runtime import UnresolvedError, is_made_up, is_taken
from orderspec.fuzz.session import Session


def elsewhere(session: Session) -> None:
    """Change old orders, and read them and the newest one back; ask for parts of other orders."""
    for operation in session.contract.operations.values():
        made = _unchanged(session, operation)
        for link, old in zip(changing(session, operation), made[:-1], strict=False):
            newest = made[-1]
            changed = session.follow(old, link)
            if changed is not None and changed.response.ok:
                session.follow_first(changed)
                if not session.memory.latest_change(newest):
                    session.follow_first(newest)
        for link in operation.links:
            _ask_for_foreign_parts(session, link, made)


def _unchanged(session: Session, operation: Operation) -> list[Exchange]:
    """List what an operation made and no request changed, each thing once."""
    made = {
        frozenset(session.memory.names_in(one)): one
        for one in session.memory.created
        if one.operation == operation.id and not session.memory.latest_change(one)
    }
    return list(made.values())


def changing(session: Session, operation: Operation) -> Iterator[Link]:
    """Give the links that change what an operation made, as far as they need no other before."""
    for link in operation.links:
        target = session.contract.operations[link.target]
        is_plain = not link.after and not is_made_up([*link.parameters.values()])
        if is_plain and target.may_change and leads_to_one(session.contract, target):
            yield link


def _ask_for_foreign_parts(session: Session, link: Link, made: list[Exchange]) -> None:
    """Follow a link to a part that nothing has, with a part that something else has instead."""
    target = session.contract.operations[link.target]
    given = given_nouns(session.contract)
    nouns = {
        one.name: str(one.schema[REFERS_TO])
        for one in target.parameters
        if one.location == "path" and one.schema.get(REFERS_TO) in given
    }
    unknown = [
        name
        for name, value in link.parameters.items()
        if name.split(".")[-1] in nouns and not is_taken(value)
    ]
    if len(nouns) <= 1 or len(unknown) != 1 or len(made) <= 1:
        return
    [name] = unknown
    first, other = made[0], made[-1]
    foreign = session.memory.names_in(other) - session.memory.names_in(first)
    values = sorted(value for noun, value in foreign if noun == nouns[name.split(".")[-1]])
    if not values:
        return
    elsewhere_link = replace(link, parameters={**link.parameters, name: values[-1]})
    try:
        case = session.next_case(first, elsewhere_link)
    except UnresolvedError:
        return
    exchange = None if case is None else session.run(case)
    if case is not None and exchange is not None:
        session.judge_link(first, elsewhere_link, case, exchange)
