"""Requests whose order matters: keys that are nearly alike, at the same time, again much later."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from orderspec import exact_json
from orderspec.contract.model import Link, Operation
from orderspec.contract.nouns import leads_to_one
from orderspec.exchange import MISSING, Exchange, Request
from orderspec.fuzz.anew import anew
from orderspec.fuzz.cases import Case, Intent, classified
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.following import links_of
from orderspec.fuzz.moves import creating, in_turn, valid_cases
from orderspec.fuzz.mutate import MARKED
from orderspec.fuzz.places import places, put
from orderspec.fuzz.runtime import UnresolvedError, is_made_up
from orderspec.fuzz.session import Session
from orderspec.fuzz.values import FRESH, keys_of

READ_BACK_AGAIN = 25
ASIDE = 3
AT_ONCE = 4
TWICE = 2
_LONGEST_KEY = 255


def put_aside(session: Session) -> None:
    """Create what nothing changes from now on, so that it can be read and replayed much later.

    What says most has most to lose.
    """
    for operation in creating(session):
        cases = sorted(valid_cases(session, operation), key=_size, reverse=True)
        for case in cases[:ASIDE]:
            exchange = session.run(case)
            if exchange is not None and exchange.response.ok:
                session.memory.aside.append(exchange)


def _size(case: Case) -> int:
    return len(exact_json.to_text(case.request.body))


def near_keys(session: Session) -> None:
    """Try keys that are nearly one another's, and one key for orders that are nearly the same."""
    for operation in creating(session):
        bodies = _two_bodies(session, operation)
        if bodies is None:
            continue
        for key, other in _near_keys(session, operation, bodies[0].request):
            for case, value in zip(bodies, (key, other), strict=True):
                request = _with_key(session, operation, case.request, value)
                session.run(classified(session.contract, operation, request))
        _reuse(session, operation, bodies[0])


def at_once(session: Session) -> None:
    """Send one request with one key several times at once, then several requests at once.

    They arrive in an order that no seed determines, so this comes last, and what was created is
    read back in the order of its ids.
    """
    for operation in creating(session):
        case = next(valid_cases(session, operation), None)
        if case is None:
            continue
        if keys_of(session.contract, operation, case.request):
            _replay_together(session, operation, case)
        others = [anew(session, case) for _ in range(AT_ONCE)]
        answered = session.send_together(others)
        for one, exchange in answered:
            session.judge(session.doubted(one), exchange)
        for _, exchange in sorted(answered, key=lambda pair: pair[1].response.raw):
            if exchange.response.ok:
                session.follow_first(exchange)


def later(session: Session) -> None:
    """Read back and send again, after all else happened, what was created and not changed since.

    Lists are left aside: what was created since may have pushed an order off their first page.
    """
    unchanged = [
        one
        for one in session.memory.created
        if not session.memory.latest_change(one) and one.request.raw is None
    ]
    sample = unchanged[:: max(1, len(unchanged) // READ_BACK_AGAIN)]
    for count, exchange in enumerate([*session.memory.aside, *sample]):
        operation = session.contract.operations[exchange.operation]
        links = tuple(
            link for link in links_of(session.contract, operation) if _lasts(session, link)
        )
        is_aside = count < len(session.memory.aside)
        for link in links if is_aside else in_turn(links, count, 1):
            is_reused = link.target == operation.id and session.memory.reused_a_key(exchange)
            if not session.memory.latest_change(exchange) and not is_reused:
                session.follow(exchange, link)


def _lasts(session: Session, link: Link) -> bool:
    """Tell whether what a link promises still holds when much else happened.

    An id that is made up from another one may be somebody's by now.
    """
    if is_made_up([*link.parameters.values(), link.request_body]):
        return False
    target = session.contract.operations[link.target]
    if leads_to_one(session.contract, target):
        return not target.may_change
    return target.body is not None


def _two_bodies(session: Session, operation: Operation) -> tuple[Case, Case] | None:
    """Choose two valid requests that nobody could take for one another."""
    cases = valid_cases(session, operation)
    first = next(cases, None)
    if first is None:
        return None
    keyless = session.frames.keyless(operation, first.request).body
    for other in cases:
        if session.frames.keyless(operation, other.request).body != keyless:
            return first, other
    return None


def _near_keys(
    session: Session, operation: Operation, request: Request
) -> Iterator[tuple[str, str]]:
    """Make pairs of different keys that a careless server takes for one."""
    schema = _key_schema(session, operation, request)
    if schema is None:
        return
    longest = schema.get("maxLength")
    form = schema.get("format")

    def fresh() -> str:
        return session.values.fresh(longest, form)

    key = fresh()
    yield key, key[:-1] + _another_digit(key[-1])
    key = fresh()
    yield key, _another_digit(key[0]) + key[1:]
    if form is not None or schema.get("pattern"):
        return
    key = fresh()
    yield key, key.swapcase()
    key = fresh()
    yield key, key[:-1]
    size = min(longest or _LONGEST_KEY, _LONGEST_KEY)
    key = fresh().ljust(size, "x")
    yield key, f"{key[:-1]}y"


def _another_digit(character: str) -> str:
    return "0" if character != "0" else "1"


def _key_schema(session: Session, operation: Operation, request: Request) -> Any:
    """Find the schema of a request's one key, or None."""
    for parameter in operation.parameters:
        if parameter.schema.get(FRESH) is True and parameter.location in ("header", "query"):
            return parameter.schema
    if operation.body is not None and request.body is not MISSING:
        for place in places(session.contract, operation.body, request.body):
            if place.keyword(FRESH) is True:
                return {name: place.keyword(name) for name in ("maxLength", "format", "pattern")}
    return None


def _with_key(session: Session, operation: Operation, request: Request, key: str) -> Request:
    for parameter in operation.parameters:
        if parameter.schema.get(FRESH) is not True:
            continue
        if parameter.location == "header":
            headers = {**request.headers, parameter.name.lower(): key}
            return replace(request, headers=headers)
        if parameter.location == "query":
            return replace(request, query={**request.query, parameter.name: key})
    body = session.values.refreshed(operation.body or "", request.body)
    for place in places(session.contract, operation.body or "", body):
        if place.keyword(FRESH) is True:
            put(body, place.at, key)
    return replace(request, body=body)


def _reuse(session: Session, operation: Operation, case: Case) -> None:
    """Send an order again with its key, one member changed: what holds for a key that is reused."""
    case = anew(session, case)
    first = session.run(case)
    if first is None or not first.response.ok:
        return
    for link, kind in _keyed_links(session, operation, first):
        if kind != "reuse":
            continue
        for body in _slightly_changed(session, operation, first):
            request = replace(first.request, body=body)
            if classified(session.contract, operation, request).intent is Intent.ACCEPTED:
                again = Case(operation.id, request, Intent.OPEN, after=(first, link))
                exchange = session.run(again)
                if exchange is not None:
                    session.judge_link(first, link, again, exchange)
    session.follow_first(first)


def _keyed_links(
    session: Session, operation: Operation, first: Exchange
) -> Iterator[tuple[Link, str]]:
    """Find the links that send the key of a request again: with its body, or with another."""
    keys = keys_of(session.contract, operation, first.request)
    for link in operation.links:
        if link.target != operation.id or not keys:
            continue
        try:
            case = session.next_case(first, link)
        except UnresolvedError:
            continue
        if case is not None and keys_of(session.contract, operation, case.request) == keys:
            yield link, "replay" if case.request.body == first.request.body else "reuse"


def _slightly_changed(session: Session, operation: Operation, first: Exchange) -> Iterator[Any]:
    """Change one text, then one number: of those that the answer shows, so that they matter."""
    reference, body = operation.body or "", first.request.body
    shown = _leaves(first.response.body)
    done: set[type] = set()
    for place in places(session.contract, reference, body):
        value = place.value
        name = next((step for step in reversed(place.at) if isinstance(step, str)), "")
        if (name, str(value)) not in shown or type(value) in done:
            continue
        if isinstance(value, bool) or any(place.keyword(mark) is not None for mark in MARKED):
            continue
        if isinstance(value, str) and not value.isdigit():
            changed: Any = f"{value}, another"
        elif isinstance(value, str):
            changed = str(int(value) + 1)
        elif isinstance(value, int):
            changed = value + 1
        else:
            continue
        done.add(type(value))
        whole = session.values.repaired(reference, body)
        put(whole, place.at, changed)
        yield _same_key(session, reference, whole, body)


def _same_key(session: Session, reference: str, changed: Any, body: Any) -> Any:
    for place in places(session.contract, reference, body):
        if place.keyword(FRESH) is True:
            put(changed, place.at, place.value)
    return changed


def _leaves(value: Any, name: str = "") -> set[tuple[str, str]]:
    if isinstance(value, dict):
        return {leaf for key, item in value.items() for leaf in _leaves(item, key)}
    if isinstance(value, list):
        return {leaf for item in value for leaf in _leaves(item, name)}
    return {(name, str(value))}


def _replay_together(session: Session, operation: Operation, case: Case) -> Checked:
    """Send one request several times at once; hold its answers against one another."""
    checked = Checked()
    case = replace(anew(session, case), intent=Intent.OPEN)
    answered = session.send_together([case] * TWICE)
    for _, exchange in answered:
        checked += session.judge(case, exchange)
    exchanges = [exchange for _, exchange in answered if exchange.response.ok]
    if len(exchanges) < TWICE:
        return checked
    first, *rest = exchanges
    for link, kind in _keyed_links(session, operation, first):
        for following in rest if kind == "replay" else ():
            found = session.judge_link(first, link, replace(case, after=(first, link)), following)
            session.ledger.repeat_by(found, lambda: _replay_together(session, operation, case))
            checked += found
    return checked
