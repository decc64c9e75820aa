"""The steps of a campaign: what is sent, in which order, and which links are followed."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from orderspec.contract.model import Link, Operation
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz import probes
from orderspec.fuzz.cases import Case, Intent, classified, request_to
from orderspec.fuzz.curious import curious_bodies, half_a_pair
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import blank_case, known_case
from orderspec.fuzz.mutate import Mutator
from orderspec.fuzz.refusals import refusal, refusals
from orderspec.fuzz.session import Session
from orderspec.fuzz.values import chooser

READ_BACK_AGAIN = 25
GENERATED_SHARE = 0.25
LINKS_IN_TURN = 3


def _seeds(session: Session, operation: Operation) -> list[Any]:
    """Give an operation's fixtures; where it has none, generated bodies that were accepted."""
    return fixtures_of(session.contract, operation) or session.samples[operation.id]


def _seeded(session: Session) -> None:
    """Send every valid fixture, and follow links from what it created: from the first, all."""
    for operation in _in_order(session):
        for count, seed in enumerate(fixtures_of(session.contract, operation)):
            case = _valid_case(session, operation, seed)
            if case is None:
                continue
            case = replace(case, vouched=session.settings.examples_exist)
            links = _in_turn(operation.links, count, LINKS_IN_TURN) if count else operation.links
            _run_with_links(session, case, links)
        if operation.body is None:
            case = known_case(session.contract, session.values, operation)
            if case is not None:
                session.run(case)


def _in_turn(links: tuple[Link, ...], turn: int, number: int) -> tuple[Link, ...]:
    """Choose the first link, and as many of the others as asked for, each in its turn."""
    others = links[1:]
    chosen = {(turn * number + step) % len(others) for step in range(number)} if others else set()
    return links[:1] + tuple(others[index] for index in sorted(chosen))


def _in_order(session: Session) -> list[Operation]:
    """Put operations that create, then those that link on, before those that need ids."""

    def needs(operation: Operation) -> int:
        if any(parameter.location == "path" for parameter in operation.parameters):
            return 2
        return 0 if any(link.target == operation.id for link in operation.links) else 1

    return sorted(session.contract.operations.values(), key=needs)


def _run_with_links(session: Session, case: Case, links: tuple[Link, ...]) -> None:
    exchange = session.run(case)
    if exchange is None or not exchange.response.ok:
        return
    for link in links:
        session.follow(exchange, link)


def _valid_case(session: Session, operation: Operation, body: Any) -> Case | None:
    """Repair a body, give it a fresh key, and keep it only if the contract allows it."""
    if operation.body is None:
        return None
    repaired = session.values.repaired(operation.body, body)
    repaired = session.values.keyed(operation.body, repaired)
    case = classified(session.contract, operation, request_to(operation, repaired))
    return case if case.intent is Intent.ACCEPTED else None


def _refused(session: Session) -> None:
    for operation in session.contract.operations.values():
        _refuse(session, operation)


def _refuse(session: Session, operation: Operation) -> None:
    """Send requests that break a promise: the contract's invalid fixtures, then broken seeds."""
    seen: set[tuple[str, str]] = set()
    for case in _broken(session, operation):
        if (case.breaks, case.at) not in seen:
            seen.add((case.breaks, case.at))
            session.run(case)


def _broken(session: Session, operation: Operation) -> Iterator[Case]:
    for fixture in fixtures_of(session.contract, operation, "invalid"):
        if operation.body is not None:
            body = session.values.localised(operation.body, fixture["payload"])
            case = refusal(session.contract, operation, body)
            if case is not None:
                yield case
    for seed in _seeds(session, operation):
        valid = _valid_case(session, operation, seed)
        if valid is not None:
            yield from refusals(session.contract, operation, valid.request.body)


def _probed(session: Session) -> None:
    for operation in session.contract.operations.values():
        _probe(session, operation)


def _probe(session: Session, operation: Operation) -> None:
    """Send what no client should send."""
    case = _plain_case(session, operation)
    if case is None:
        return
    request = case.request
    for probe in (
        *probes.unauthenticated(operation, request, session.settings.credentials),
        *probes.malformed(operation, request),
        *probes.odd_content(operation, request),
        *probes.odd_paths(operation, request),
    ):
        session.run(probe)
    session.run(replace(case, request=_refreshed(session, operation, request)))


def _tickled(session: Session) -> None:
    """Send curious texts and names where the contract leaves them free."""
    for operation in session.contract.operations.values():
        if operation.body is None:
            continue
        done: set[str] = set()
        for seed in _seeds(session, operation):
            case = _valid_case(session, operation, seed)
            if case is None:
                continue
            raw = half_a_pair(session.contract, operation.body, case.request.body)
            if raw is not None and not done:
                request = replace(request_to(operation), raw=raw)
                session.run(Case(operation.id, request, Intent.OPEN, why="half a surrogate pair"))
            for what, body in curious_bodies(session.contract, operation.body, case.request.body):
                if what not in done:
                    done.add(what)
                    fresh = session.values.refreshed(operation.body, body)
                    session.run(
                        Case(operation.id, request_to(operation, fresh), Intent.OPEN, why=what)
                    )


def _plain_case(session: Session, operation: Operation) -> Case | None:
    if operation.body is None:
        return known_case(session.contract, session.values, operation) or blank_case(operation)
    for seed in _seeds(session, operation):
        case = _valid_case(session, operation, seed)
        if case is not None:
            return case
    return None


def _refreshed(session: Session, operation: Operation, request: Request) -> Request:
    if operation.body is None or request.body is MISSING:
        return request
    return replace(request, body=session.values.refreshed(operation.body, request.body))


def _mutated(session: Session) -> None:
    for operation in session.contract.operations.values():
        _mutate(session, operation)


def _mutate(session: Session, operation: Operation) -> None:
    """Send valid requests made from valid requests, and follow a link or two from each."""
    for count, case in enumerate(_mutations(session, operation)):
        _run_with_links(session, case, _in_turn(operation.links, count, 1))


def _mutations(session: Session, operation: Operation) -> Iterator[Case]:
    seeds = _seeds(session, operation)
    if not seeds or operation.body is None:
        return
    creates = any(link.target == operation.id for link in operation.links)
    wanted = session.settings.max_examples if creates else session.settings.max_examples // 5
    choices = chooser(session.settings.seed, f"mutate {operation.id}")
    mutator = Mutator(session.contract, operation.body, seeds)
    made = (
        _valid_case(session, operation, mutator.mutated(choices.choice(seeds), choices))
        for _ in range(wanted * 4)
    )
    yield from islice((case for case in made if case is not None), wanted)


def _generated(session: Session) -> None:
    """Let schemathesis generate from the schemas alone, and judge what came of it.

    It is judged once all is sent: requests that follow from it would come in between, in an order
    that no seed determines.
    """
    from orderspec.fuzz.engine import Generation, generated  # noqa: PLC0415 (a second to import)

    share = min(session.seconds_left(), session.settings.max_time * GENERATED_SHARE)
    if share <= 1:
        return
    generation = Generation(
        url=session.settings.url,
        seed=session.settings.seed,
        max_examples=max(1, session.settings.max_examples // 5),
        max_time=share,
        timeout=min(session.settings.timeout, share),
        workers=session.settings.workers,
        access=session.access,
        repair=lambda operation, body: _repaired(session, operation, body),
        parameters=lambda operation: _known_parameters(session, operation),
    )
    exchanges: list[tuple[int, Exchange]] = []
    try:
        for exchange in generated(session.contract, generation):
            if exchange.response.status:
                session.count(exchange)
            exchanges.append((session.requests, exchange))
    finally:
        judged = [_judged(session, at_request, exchange) for at_request, exchange in exchanges]
        session.remarks += sorted(set(generation.troubles))
    for case in judged:
        if case is not None:
            _pursue(session, case)


def _judged(
    session: Session, at_request: int, exchange: Exchange
) -> tuple[Case, Exchange, bool] | None:
    """Judge a generated exchange; None where there is nothing to judge."""
    operation = session.contract.operations[exchange.operation]
    case = classified(session.contract, operation, exchange.request)
    if not exchange.response.status:
        return replace(case, intent=Intent.OPEN), exchange, False
    if session.is_limited(exchange):
        return None
    checked = session.judge(case, exchange, at_request)
    return case, exchange, not checked.findings


def _pursue(session: Session, judged: tuple[Case, Exchange, bool]) -> None:
    """Follow what was created; send again what got no answer."""
    case, exchange, is_right = judged
    operation = session.contract.operations[case.operation]
    if not exchange.response.status:
        session.run(case)
    elif exchange.response.ok and case.intent is Intent.ACCEPTED and is_right:
        if case.request.body is not MISSING:
            session.samples[operation.id].append(case.request.body)
        for link in operation.links[:1]:
            session.follow(exchange, link)


def _learned(session: Session) -> None:
    """Do with generated bodies what was done with fixtures, where there are none of these."""
    for operation in session.contract.operations.values():
        if session.samples[operation.id] and not fixtures_of(session.contract, operation):
            _probe(session, operation)
            _refuse(session, operation)
            _mutate(session, operation)


def _repaired(session: Session, operation: Operation, body: Any) -> Any:
    """Repair a generated body; one that is wrong on purpose stays wrong."""
    if operation.body is None:
        return body
    return session.values.repaired(operation.body, body)


def _known_parameters(session: Session, operation: Operation) -> dict[str, Any]:
    case = known_case(session.contract, session.values, operation)
    return dict(case.request.path_parameters) if case else {}


def _read_again(session: Session) -> None:
    """Read back, after all else happened, what was created before."""
    step = max(1, len(session.memory.created) // READ_BACK_AGAIN)
    for exchange in session.memory.created[::step]:
        operation = session.contract.operations[exchange.operation]
        for link in operation.links[:1]:
            session.follow(exchange, link)


STEPS = (_seeded, _probed, _tickled, _refused, _mutated, _generated, _learned, _read_again)
