"""The parts of fixtures: payloads, and the bodies and parameters of exchanges, judged in place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import chain
from typing import Any

from orderspec import pointer
from orderspec.contract.model import Contract
from orderspec.exchange import MISSING, Exchange
from orderspec.findings import Finding
from orderspec.fixtures import Pair, Payload, Recorded, Violation, exchanges, folder_of, payloads
from orderspec.validation.engine import Options, judge
from orderspec.validation.exchanges import judge_link, judge_request, judge_response
from orderspec.validation.parameters import parameter_findings
from orderspec.validation.target import direction_of

Steps = tuple[str, ...]

# What fixtures call the parts of a request, with what `Request` calls them.
_FIELDS = {"body": "body", "path": "path_parameters", "query": "query", "headers": "headers"}
# Where a parameter is, with what fixtures call that.
_PLACES = {"path": "path", "query": "query", "header": "headers"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a fixture that the contract says something of.

    Attributes:
        fixture: the fixture.
        file: its name, below the fixtures of the provider.
        at: where the part stands in the fixture: nowhere below for a payload, else such as
            ``("response", "body")`` or ``("next", "request", "query")``.
        value: the part.
        reference: JSON Pointer of its schema, for a payload or a body.
        operation: the operation that it is sent to, for parameters.
        violates: what is wrong, with pointers into the fixture.
    """

    fixture: Payload | Recorded | Pair
    file: str
    at: Steps
    value: Any
    reference: str = ""
    operation: str = ""
    violates: tuple[Violation, ...] = ()


def parts(contract: Contract) -> Iterator[Part]:
    """Read the parts of every fixture.

    Of an invalid exchange only the answer is one, since that is what is wrong there. The body of a
    refused request is none, since it may break the contract; its parameters say what they break.

    Raises:
        ReadError: a file is no fixture.
    """
    folder = folder_of(contract)
    for payload in payloads(contract):
        reference = contract.schemas.get(payload.schema)
        if reference:
            file = payload.path.relative_to(folder).as_posix()
            yield Part(payload, file, (), payload.body, reference, violates=payload.violates)
    for recording in exchanges(contract):
        file = recording.path.relative_to(folder).as_posix()
        for at, exchange in _exchanges(recording):
            if not recording.violates:
                yield from _sent(contract, recording, file, at, exchange)
            yield from _answered(contract, recording, file, at, exchange)


def _exchanges(recording: Recorded | Pair) -> Sequence[tuple[Steps, Exchange]]:
    """Give the exchanges of a recording that count: of an invalid one the last."""
    if isinstance(recording, Recorded):
        return [((), recording.exchange)]
    both = [(("first",), recording.first), (("next",), recording.following)]
    return both[1:] if recording.violates else both


def _sent(
    contract: Contract, recording: Recorded | Pair, file: str, at: Steps, exchange: Exchange
) -> Iterator[Part]:
    operation, request = contract.operations[exchange.operation], exchange.request
    if request.body is not MISSING and operation.body and exchange.response.ok:
        yield Part(recording, file, (*at, "request", "body"), request.body, operation.body)
    wrong: tuple[Violation, ...] = ()
    if not exchange.response.ok:
        wrong = (*_misfits(contract, at, exchange), *_refused_credentials(contract, at, exchange))
    for place in _PLACES.values():
        value, where = getattr(request, _FIELDS[place]), (*at, "request", place)
        yield Part(recording, file, where, value, operation=operation.id, violates=wrong)


def _answered(
    contract: Contract, recording: Recorded | Pair, file: str, at: Steps, exchange: Exchange
) -> Iterator[Part]:
    spec = contract.operations[exchange.operation].response_for(exchange.response.status)
    body = exchange.response.body
    if spec and spec.schema and body is not MISSING:
        where = (*at, "response", "body")
        wrong = tuple(_placed(where, one.at, one.clause) for one in recording.violates)
        yield Part(recording, file, where, body, spec.schema, violates=wrong)


def _misfits(contract: Contract, at: Steps, exchange: Exchange) -> Iterator[Violation]:
    """Find the parameters of a request that break their schema, each under its own place."""
    operation = contract.operations[exchange.operation]
    for parameter in operation.parameters:
        alone = replace(operation, parameters=(parameter,))
        for finding in parameter_findings(contract, alone, exchange.request, ""):
            where = (*at, "request", *_named(parameter.location, parameter.name))
            yield _placed(where, "", finding.keyword or "")


def _refused_credentials(contract: Contract, at: Steps, exchange: Exchange) -> Iterator[Violation]:
    """Find the recorded credentials of a request that was refused for them."""
    if exchange.response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        for scheme in chain.from_iterable(contract.operations[exchange.operation].security):
            place, name = _named(scheme.location, scheme.parameter)
            if name in getattr(exchange.request, _FIELDS[place]):
                yield _placed((*at, "request", place, name), "", "security")


def credentials(contract: Contract, part: Part) -> set[str]:
    """Name those of the parameters beside a part that show who calls; fixtures leave them out."""
    alternatives = contract.operations[part.operation].security[:1]
    named = (_named(scheme.location, scheme.parameter) for scheme in chain(*alternatives))
    return {name for place, name in named if place == part.at[-1]}


def _named(location: str, name: str) -> tuple[str, str]:
    """Say where in a recorded request a parameter stands: names of headers are in lower case."""
    return _PLACES[location], name.lower() if location == "header" else name


def violations(contract: Contract, part: Part, value: Any) -> Iterator[Violation]:
    """Judge the fixture of a part with another value in its place; pointers lead into the fixture.

    Raises:
        RuleError: a rule's CEL fails on a payload of the right shape.
    """
    match part.fixture:
        case Payload():
            options = Options(direction=direction_of(contract, part.reference))
            yield from _found((), judge(contract, part.reference, value, options).findings)
        case Recorded(exchange=exchange):
            yield from _exchanged(contract, (), _changed(exchange, part.at, value))
        case Pair(link=link, first=first, following=following):
            role, *at = part.at
            if role == "first":
                first = changed = _changed(first, tuple(at), value)
            else:
                following = changed = _changed(following, tuple(at), value)
            yield from _exchanged(contract, (role,), changed)
            findings = judge_link(contract, link, first, following).findings
            yield from _found(("next", "response", "body"), findings)


def _exchanged(contract: Contract, at: Steps, exchange: Exchange) -> Iterator[Violation]:
    operation = contract.operations[exchange.operation]
    yield from _misfits(contract, at, exchange)
    sent = judge_request(contract, operation, exchange.request).findings
    yield from _found((*at, "request", "body"), sent)
    yield from _found((*at, "response", "body"), judge_response(contract, exchange).findings)


def _changed(exchange: Exchange, at: Steps, value: Any) -> Exchange:
    match at:
        case ("request", name):
            changed: dict[str, Any] = {_FIELDS[name]: value}
            return replace(exchange, request=replace(exchange.request, **changed))
        case _:
            return replace(exchange, response=replace(exchange.response, body=value))


def _found(at: Steps, findings: tuple[Finding, ...]) -> Iterator[Violation]:
    for finding in findings:
        yield _placed(at, finding.at, finding.keyword or finding.clause)


def _placed(at: Steps, below: str, clause: str) -> Violation:
    return Violation(pointer.join(at) + below, clause)
