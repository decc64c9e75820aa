"""The first request of a campaign: whether an API answers there, and lets us in."""

from dataclasses import replace
from itertools import chain

from orderspec.contract.model import Operation
from orderspec.contract.nouns import NAMES
from orderspec.errors import TargetError
from orderspec.exchange import MISSING, Exchange
from orderspec.fuzz.cases import PATH, Case, Intent
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import blank_case
from orderspec.fuzz.heard import UNAUTHORIZED
from orderspec.fuzz.places import places
from orderspec.fuzz.redact import redacted_text
from orderspec.fuzz.session import Ended, Session
from orderspec.fuzz.strangers import (
    check_forms,
    not_found,
    of_the_web,
    page,
    redirecting,
    silent,
    unwelcome,
)
from orderspec.fuzz.values import keys_of

NOT_FOUND = 404
NOWHERE = "/orderspec-asks-for-a-path-that-is-not-there"
MOST_TRIED = 5


def meet(session: Session) -> None:
    """Send a valid request, and learn from its answer what makes this campaign's keys new.

    Raises:
        UsageError: a credential cannot be one of its scheme; nothing is sent.
        TargetError: nothing answers, what answers is not an HTTP API of JSON, or lets nobody in.
    """
    for operation in session.contract.operations.values():
        check_forms(chain.from_iterable(operation.security), session.settings.credentials)
    try:
        exchange = _met(session)
    except TargetError as problem:
        words = (problem.message, problem.hint)
        cleaned = (redacted_text(one, session.settings.credentials) for one in words)
        raise TargetError(*cleaned) from None
    session.values.nonce = _nonce(session, exchange)


def _met(session: Session) -> Exchange:
    case = _first_case(session)
    operation = session.contract.operations[case.operation]
    exchange = _answer(session, case)
    response = exchange.response
    if response.status in UNAUTHORIZED and not _is_let_in(session, operation, response.status):
        raise unwelcome(operation, session.settings.credentials, response)
    url = session.settings.url
    if response.status in range(300, 400) and "location" in response.headers:
        raise redirecting(url, operation, response)
    if of_the_web(response):
        raise page(url, operation)
    if _is_nowhere(session, case, exchange):
        raise not_found(url, operation)
    return exchange


def _answer(session: Session, case: Case) -> Exchange:
    """Send the first request.

    Raises:
        TargetError: there is no answer, or none but a plea for patience.
    """
    url = session.settings.url
    try:
        exchange = session.send(case)
    except Ended as end:
        if session.sender.interrupt.is_wanted:
            raise
        raise silent(url, str(end)) from None
    if exchange is not None:
        return exchange
    if session.limited:
        message = f"{url} answers 429: it takes no more requests for now"
        raise TargetError(message, "Wait, or ask its operator for a higher limit.")
    if session.sender.seconds_left() <= 0:
        message = f"{url} did not answer within --max-time ({session.settings.max_time:g} s)"
        raise TargetError(message, "Give it more time, or check the address.")
    group = next(iter(session.ledger.groups.values()))
    raise silent(url, str(group.finding.got))


def _is_let_in(session: Session, refused: Operation, status: int) -> bool:
    """Tell whether credentials that may not use one operation may use another."""
    if status != max(UNAUTHORIZED) or not session.settings.credentials:
        return False
    return any(
        exchange is not None and exchange.response.status not in UNAUTHORIZED
        for exchange in map(session.send, _others(session, refused))
    )


def _is_nowhere(session: Session, case: Case, exchange: Exchange) -> bool:
    """Tell whether the contract's paths are answered as one is that no API has."""
    operation = session.contract.operations[case.operation]
    if exchange.response.status != NOT_FOUND or operation.path.count("{"):
        return False
    request = replace(case.request, path=NOWHERE, path_parameters={})
    nowhere = session.send(replace(case, request=request, intent=Intent.OPEN, breaks=PATH))
    if nowhere is None or _words(nowhere) != _words(exchange):
        return False
    return all(
        other is not None and _words(other) == _words(nowhere)
        for other in map(session.send, _others(session, operation))
    )


def _others(session: Session, operation: Operation) -> list[Case]:
    """List requests that read, at paths that are likely to be there."""
    others = [one for one in session.contract.operations.values() if one.id != operation.id]
    frames = [(one.id, session.frames.frame(one)) for one in others if one.method == "GET"]
    found = [Case(name, request, Intent.OPEN) for name, request in frames if request is not None]
    return found[:MOST_TRIED]


def _words(exchange: Exchange) -> tuple[int, str]:
    """Give what an answer says, without the path that it was asked for."""
    text = exchange.response.raw.decode(errors="replace")
    return exchange.response.status, text.replace(exchange.request.path, "").replace(
        exchange.request.method, ""
    )


def _first_case(session: Session) -> Case:
    """Choose a valid request, without a key if that is allowed: a key could repeat a campaign."""
    for operation in session.contract.operations.values():
        frame = session.frames.frame(operation)
        for seed in fixtures_of(session.contract, operation):
            if operation.body and frame:
                body = session.values.repaired(operation.body, seed)
                request = session.frames.keyless(operation, replace(frame, body=body))
                return Case(operation.id, request, Intent.OPEN)
    if not session.contract.operations:
        message = f"the contract {session.contract.name!r} has no operation"
        raise TargetError(message)
    return blank_case(next(iter(session.contract.operations.values())))


def _nonce(session: Session, exchange: Exchange) -> str:
    """Take from the first answer what no other run has: a new order's id.

    Under a key that an earlier run sent, an order is an old one, or refused; its date is new.
    """
    operation = session.contract.operations[exchange.operation]
    made = _made(session, operation, exchange)
    if made and not keys_of(session.contract, operation, exchange.request):
        return made
    return made + exchange.response.headers.get("date", "")


def _made(session: Session, operation: Operation, exchange: Exchange) -> str:
    """Find the first name that an answer gives, or nothing."""
    spec = operation.response_for(exchange.response.status)
    body = exchange.response.body
    if exchange.response.ok and spec and spec.schema and body is not MISSING:
        for place in places(session.contract, spec.schema, body):
            if place.keyword(NAMES) and place.keyword("readOnly") is True:
                return str(place.value)
    return ""
