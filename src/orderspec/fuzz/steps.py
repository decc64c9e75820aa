"""The steps of a campaign: what is sent, in which order, and which links are followed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from orderspec.contract.model import Link, Operation, Parameter
from orderspec.contract.nouns import leads_to_one
from orderspec.exchange import MISSING, Request
from orderspec.fuzz import probes
from orderspec.fuzz.anew import anew, unchanged_frame
from orderspec.fuzz.boundaries import edges
from orderspec.fuzz.cases import Case, Intent, classified
from orderspec.fuzz.crosstalk import crosstalk
from orderspec.fuzz.curious import curious_bodies, half_a_pair
from orderspec.fuzz.elsewhere import changing, elsewhere
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import links_of
from orderspec.fuzz.generation import generate
from orderspec.fuzz.moves import in_order, in_turn, plain_case, run_with_links, seeds_of, valid_case
from orderspec.fuzz.mutate import Mutator
from orderspec.fuzz.refusals import promise, refusal, refusals
from orderspec.fuzz.sequences import at_once, later, near_keys, put_aside
from orderspec.fuzz.session import Session
from orderspec.fuzz.traces import traces
from orderspec.fuzz.values import FRESH, chooser

EDGES = 4
LINKS_IN_TURN = 3
LISTED_EACH = 4
FEW_LISTED = 40
TRIED_AGAIN = 3


def _guessed(session: Session) -> None:
    """Try fixtures that refer to what nothing is known of: what is accepted exists.

    A refusal proves nothing. Without a guess, references that can be left out never get tested.
    """
    for operation in in_order(session):
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
    for operation in in_order(session):
        for count, seed in enumerate(fixtures_of(session.contract, operation)):
            case = valid_case(session, operation, seed)
            if case is None:
                continue
            case = replace(case, vouched=session.settings.examples_exist)
            links = links_of(session.contract, operation)
            links = in_turn(links, count, LINKS_IN_TURN) if count else links
            run_with_links(session, case, links)
        if operation.body is None:
            for case in _asked(session, operation):
                run_with_links(session, case, operation.links)


def _persisted(session: Session) -> None:
    """Follow links that changed nothing yet from other things: a state may have been in the way."""
    for operation in session.contract.operations.values():
        for link in changing(session, operation):
            for seed in seeds_of(session, operation)[:TRIED_AGAIN]:
                is_done = link.name in session.memory.proven[operation.id]
                case = None if is_done else valid_case(session, operation, seed)
                exchange = None if case is None else session.run(case)
                if exchange is not None and exchange.response.ok:
                    session.follow(exchange, link)


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


def _refused(session: Session) -> None:
    for operation in session.contract.operations.values():
        _refuse(session, operation)


def _refuse(session: Session, operation: Operation) -> None:
    """Send requests that break a promise: the contract's invalid fixtures, then broken seeds.

    First come those that a server may refuse or not: where it takes one, its answer is held to all
    that the request did not break.
    """
    for case in _doubtful(session, operation):
        run_with_links(session, case, links_of(session.contract, operation)[:1])
    for case in session.mine(_once_each(_broken(session, operation))):
        session.run(case)


def _once_each(cases: Iterable[Case]) -> Iterator[Case]:
    """Leave out what tests the same promise as one before."""
    seen: set[tuple[str, str, str]] = set()
    for case in cases:
        if promise(case) not in seen:
            seen.add(promise(case))
            yield case


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
    tested: set[Any] = set()
    for seed in seeds_of(session, operation):
        valid = valid_case(session, operation, seed)
        if valid is not None:
            yield from refusals(session.contract, operation, valid.request, tested)


def _probed(session: Session) -> None:
    for operation in session.contract.operations.values():
        _probe(session, operation)


def _probe(session: Session, operation: Operation) -> None:
    """Send what no client should send."""
    case = plain_case(session, operation)
    if case is None:
        return
    request = case.request
    wrong = (
        *probes.unauthenticated(operation, request, session.settings.credentials),
        *probes.malformed(operation, request),
        *probes.odd_content(operation, request),
        *probes.odd_paths(operation, request),
        *probes.odd_parameters(operation, request),
    )
    for probe in session.mine(wrong):
        session.run(probe)
    for other in (*probes.other_access(case, operation, session.settings.credentials), case):
        session.run(anew(session, other))


def _tickled(session: Session) -> None:
    """Send curious texts and names where the contract leaves them free."""
    for operation in session.contract.operations.values():
        if operation.body is None:
            continue
        done: set[str] = set()
        for seed in seeds_of(session, operation):
            case = valid_case(session, operation, seed)
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


def _mutated(session: Session) -> None:
    for operation in session.contract.operations.values():
        _mutate(session, operation)


def _mutate(session: Session, operation: Operation) -> None:
    """Send valid requests made from valid requests, and follow a link or two from each."""
    links = links_of(session.contract, operation)
    for count, case in enumerate(_mutations(session, operation)):
        run_with_links(session, case, _short(session, in_turn(links, count, 1), count))


def _mutations(session: Session, operation: Operation) -> Iterator[Case]:
    seeds = seeds_of(session, operation)
    if not seeds or operation.body is None:
        return
    creates = any(link.target == operation.id for link in operation.links)
    wanted = session.settings.max_examples if creates else session.settings.max_examples // 5
    choices = chooser(session.settings.seed, f"mutate {operation.id}")
    mutator = Mutator(session.contract, operation.body, seeds)
    made = (
        valid_case(session, operation, mutator.mutated(choices.choice(seeds), choices))
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


def _bounded(session: Session) -> None:
    """Send valid requests at the edges of what the contract allows, and read them back."""
    for operation in session.contract.operations.values():
        if operation.body is None:
            continue
        wanted = EDGES * session.settings.max_examples
        found = edges(session.contract, operation.body, seeds_of(session, operation))
        cases = (valid_case(session, operation, edge.body) for edge in found)
        links = links_of(session.contract, operation)[:1]
        for count, case in enumerate(islice((one for one in cases if one is not None), wanted)):
            run_with_links(session, case, _short(session, links, count))


def _short(session: Session, links: tuple[Link, ...], count: int) -> tuple[Link, ...]:
    """Leave out links to whole lists but for every fourth time, and later less and less often.

    Lists grow with each order: to read one after each would be all that a campaign does.
    """
    if count % (LISTED_EACH * (1 + count // FEW_LISTED)) == 0:
        return links
    contract = session.contract
    return tuple(
        link
        for link in links
        if contract.operations[link.target].may_change
        or leads_to_one(contract, contract.operations[link.target])
    )


STEPS = (
    _guessed, _seeded, _persisted, put_aside, crosstalk, near_keys, _probed, traces, _tickled,
    _refused, _bounded, _mutated, generate, _learned, later, elsewhere, at_once,
)  # fmt: skip
