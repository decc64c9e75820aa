"""The first request of a campaign: whether an API answers there, and lets us in."""

from dataclasses import replace

from orderspec.contract.model import Operation
from orderspec.errors import TargetError
from orderspec.exchange import MISSING, Exchange, Response
from orderspec.fuzz.cases import Case, Intent
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.following import blank_case
from orderspec.fuzz.nouns import NAMES
from orderspec.fuzz.places import places
from orderspec.fuzz.session import Ended, Session
from orderspec.fuzz.values import keys_of

SERVER_ERROR = 500
UNAUTHORIZED = (401, 403)
# A page in place of these says that no API is there; a refusal that is a page is a finding.


def meet(session: Session) -> None:
    """Send a valid request, and learn from its answer what makes this campaign's keys new.

    Raises:
        TargetError: nothing answers, or what answers is not an HTTP API of JSON.
    """
    case = _first_case(session)
    operation = session.contract.operations[case.operation]
    url = session.settings.url
    exchange = _answer(session, case)
    response = exchange.response
    if response.status in UNAUTHORIZED:
        raise _unwelcome(session, operation, response.status)
    location = response.headers.get("location")
    if response.status in range(300, 400) and location:
        message = f"{url} answers {operation.method} {operation.path} with a way to {location}"
        raise TargetError(message, "Redirects are not followed: give the address that it leads to.")
    if _is_page(response):
        message = f"{url} answers {operation.method} {operation.path} with an HTML page"
        raise TargetError(message, "Give the address of the API itself, without its paths.")
    session.values.nonce = _nonce(session, exchange)


def _answer(session: Session, case: Case) -> Exchange:
    try:
        exchange = session.send(case)
    except Ended as end:
        message = f"no API answers at {session.settings.url}: {end}"
        raise TargetError(message, "Check the address, and that the server runs.") from None
    if exchange is not None:
        return exchange
    if session.limited:
        message = f"{session.settings.url} answers 429: it takes no more requests for now"
        raise TargetError(message, "Wait, or ask its operator for a higher limit.")
    group = next(iter(session.ledger.groups.values()))
    message = f"no API answers at {session.settings.url}: {group.finding.got}"
    raise TargetError(message, "Check the address, and that the server runs.")


def _unwelcome(session: Session, operation: Operation, status: int) -> TargetError:
    if session.settings.credentials:
        message = f"{operation.id} answers {status}: the credentials are refused"
        return TargetError(message, "Check the secret, and that it may use every operation.")
    names = sorted({scheme.name for one in operation.security for scheme in one})
    hint = " ".join(f"--credential {name}=…" for name in names)
    message = f"{operation.id} answers {status}: it wants credentials"
    return TargetError(message, f"Give them with {hint or '--credential NAME=…'}.")


def _is_page(response: Response) -> bool:
    """Tell a web page from an API's answer; a failing API may well send something of its own."""
    if not response.problem:
        return False
    is_labelled = "html" in response.headers.get("content-type", "")
    return is_labelled or (response.status < SERVER_ERROR and response.raw.lstrip()[:1] == b"<")


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
