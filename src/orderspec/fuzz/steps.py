"""The steps of a campaign: what is sent, in which order, and which links are followed."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from orderspec.contract.model import Link, Operation, Parameter
from orderspec.exchange import MISSING, Request
from orderspec.fuzz import probes
from orderspec.fuzz.anew import anew, unchanged_frame
from orderspec.fuzz.cases import Case, Intent, classified
from orderspec.fuzz.curious import curious_bodies, half_a_pair
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import blank_case, links_of
from orderspec.fuzz.generation import generate
from orderspec.fuzz.mutate import Mutator
from orderspec.fuzz.refusals import promise, refusal, refusals
from orderspec.fuzz.session import Session
from orderspec.fuzz.values import FRESH, chooser

READ_BACK_AGAIN = 25
LINKS_IN_TURN = 3


def _seeds(session: Session, operation: Operation) -> list[Any]:
    """Give an operation's fixtures; where it has none, generated bodies that were accepted."""
    return fixtures_of(session.contract, operation) or session.samples[operation.id]


def _guessed(session: Session) -> None:
    """Try fixtures that refer to what nothing is known of: what is accepted exists.

    A refusal proves nothing. Without a guess, references that can be left out never get tested.
    """
    for operation in _in_order(session):
        tried: set[frozenset[str]] = set()
        for seed in fixtures_of(session.contract, operation):
            frame = session.frames.frame(operation)
            if operation.body is None or frame is None:
                continue
            unknown = session.values.unknown(operation.body, seed)
            if unknown and unknown not in tried:
                tried.add(unknown)
                body = session.values.localised(operation.body, seed)
                body = session.values.keyed(operation.body, body)
                guess = replace(frame, body=session.values.refreshed(operation.body, body))
                session.run(classified(session.contract, operation, guess))


def _seeded(session: Session) -> None:
    """Send every valid fixture, and follow links from what it created: from the first, all."""
    for operation in _in_order(session):
        for count, seed in enumerate(fixtures_of(session.contract, operation)):
            case = _valid_case(session, operation, seed)
            if case is None:
                continue
            case = replace(case, vouched=session.settings.examples_exist)
            links = links_of(session.contract, operation)
            links = _in_turn(links, count, LINKS_IN_TURN) if count else links
            _run_with_links(session, case, links)
        if operation.body is None:
            for case in _asked(session, operation):
                _run_with_links(session, case, operation.links)


def _asked(session: Session, operation: Operation) -> Iterator[Case]:
    """Ask as the contract allows: plainly, then with each value of each parameter that is free."""
    frame = session.frames.frame(operation)
    if frame is None:
        return
    yield classified(session.contract, operation, frame)
    for parameter in operation.parameters:
        if parameter.location in ("query", "header") and parameter.schema.get(FRESH) is not True:
            for value in session.frames.choices(parameter):
                asked = _with_parameter(frame, parameter, value)
                case = classified(session.contract, operation, asked)
                if case.intent is Intent.ACCEPTED and asked != frame:
                    yield case


def _with_parameter(request: Request, parameter: Parameter, value: Any) -> Request:
    if parameter.location == "header":
        return replace(request, headers={**request.headers, parameter.name.lower(): value})
    return replace(request, query={**request.query, parameter.name: value})


def _in_turn(links: tuple[Link, ...], turn: int, number: int) -> tuple[Link, ...]:
    """Choose the first link, and as many of the others as asked for, each in its turn."""
    others = links[1:]
    chosen = {(turn * number + step) % len(others) for step in range(number)} if others else set()
    return links[:1] + tuple(others[index] for index in sorted(chosen))


def _in_order(session: Session) -> list[Operation]:
    """Put operations that create before those that need what was created."""

    def needs(operation: Operation) -> int:
        if operation.body and any(link.target == operation.id for link in operation.links):
            return 0
        return 2 if any(one.location == "path" for one in operation.parameters) else 1

    return sorted(session.contract.operations.values(), key=needs)


def _run_with_links(session: Session, case: Case, links: tuple[Link, ...]) -> None:
    """Run a case and follow links; once one changed what the answer is about, start anew."""
    exchange = session.run(case)
    if exchange is None or not exchange.response.ok:
        return
    change = session.memory.latest_change(exchange)
    for count, link in enumerate(links, 1):
        session.follow(exchange, link)
        if links[count:] and session.memory.latest_change(exchange) != change:
            _run_with_links(session, anew(session, case), links[count:])
            return


def _valid_case(session: Session, operation: Operation, body: Any) -> Case | None:
    """Repair a body, give it a fresh key, and keep it only if the contract allows it."""
    frame = unchanged_frame(session, operation)
    if operation.body is None or frame is None:
        return None
    repaired = session.values.repaired(operation.body, body)
    repaired = session.values.keyed(operation.body, repaired)
    case = classified(session.contract, operation, replace(frame, body=repaired))
    return case if case.intent is Intent.ACCEPTED else None


def _refused(session: Session) -> None:
    for operation in session.contract.operations.values():
        _refuse(session, operation)


def _refuse(session: Session, operation: Operation) -> None:
    """Send requests that break a promise: the contract's invalid fixtures, then broken seeds.

    First come those that a server may refuse or not: where it takes one, its answer is held to all
    that the request did not break.
    """
    for case in _doubtful(session, operation):
        _run_with_links(session, case, links_of(session.contract, operation)[:1])
    seen: set[tuple[str, str, str]] = set()
    for case in _broken(session, operation):
        if promise(case) not in seen:
            seen.add(promise(case))
            session.run(case)


def _doubtful(session: Session, operation: Operation) -> Iterator[Case]:
    for request in _wrong_requests(session, operation):
        if refusal(session.contract, operation, request) is None:
            case = classified(session.contract, operation, request)
            if case.broken:
                yield case


def _wrong_requests(session: Session, operation: Operation) -> Iterator[Request]:
    """Give the contract's fixtures that are invalid, or that a server may refuse, as requests."""
    invalid = fixtures_of(session.contract, operation, "invalid")
    for payload in (
        *fixtures_of(session.contract, operation, "unsure"),
        *(fixture["payload"] for fixture in invalid),
    ):
        frame = unchanged_frame(session, operation)
        if operation.body is not None and frame is not None:
            body = session.values.localised(operation.body, payload)
            yield replace(frame, body=body)


def _broken(session: Session, operation: Operation) -> Iterator[Case]:
    for request in _wrong_requests(session, operation):
        case = refusal(session.contract, operation, request)
        if case is not None:
            yield case
    for seed in _seeds(session, operation):
        valid = _valid_case(session, operation, seed)
        if valid is not None:
            yield from refusals(session.contract, operation, valid.request)


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
        *probes.odd_parameters(operation, request),
    ):
        session.run(probe)
    for other in (*probes.other_access(case, operation, session.settings.credentials), case):
        session.run(anew(session, other))


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
                request = replace(case.request, body=MISSING, raw=raw)
                session.run(Case(operation.id, request, Intent.OPEN, why="half a surrogate pair"))
            for what, body in curious_bodies(session.contract, operation.body, case.request.body):
                if what not in done:
                    done.add(what)
                    request = replace(case.request, body=body)
                    fresh = session.frames.renewed(operation, request)
                    session.run(Case(operation.id, fresh, Intent.OPEN, why=what))


def _plain_case(session: Session, operation: Operation) -> Case | None:
    if operation.body is None:
        frame = session.frames.frame(operation)
        if frame is None:
            return blank_case(operation)
        return classified(session.contract, operation, frame)
    for seed in _seeds(session, operation):
        case = _valid_case(session, operation, seed)
        if case is not None:
            return case
    return None


def _mutated(session: Session) -> None:
    for operation in session.contract.operations.values():
        _mutate(session, operation)


def _mutate(session: Session, operation: Operation) -> None:
    """Send valid requests made from valid requests, and follow a link or two from each."""
    links = links_of(session.contract, operation)
    for count, case in enumerate(_mutations(session, operation)):
        _run_with_links(session, case, _in_turn(links, count, 1))


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


def _learned(session: Session) -> None:
    """Do with generated bodies what was done with fixtures, where there are none of these."""
    for operation in session.contract.operations.values():
        if session.samples[operation.id] and not fixtures_of(session.contract, operation):
            _probe(session, operation)
            _refuse(session, operation)
            _mutate(session, operation)


def _read_again(session: Session) -> None:
    """Read back, after all else happened, what was created before and not changed since."""
    unchanged = [one for one in session.memory.created if not session.memory.latest_change(one)]
    for exchange in unchanged[:: max(1, len(unchanged) // READ_BACK_AGAIN)]:
        session.follow_first(exchange)


STEPS = (
    _guessed, _seeded, _probed, _tickled, _refused, _mutated, generate, _learned, _read_again,
)  # fmt: skip
