"""The step of a campaign that schemathesis takes: generate, judge, and pursue what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orderspec.contract.model import Operation
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.fuzz.cases import Case, Intent, classified
from orderspec.fuzz.moves import seeds_of
from orderspec.fuzz.oversight import Oversight
from orderspec.fuzz.session import TIME_OVER, Ended, Session

SHARE = 0.25
# Where there is no body that the other steps could start from, this one has to find it.
TIMES_WITHOUT_SEEDS = 2.4


def generate(session: Session) -> None:
    """Let schemathesis generate from the schemas alone, and judge what came of it.

    It is judged once all is sent: requests that follow from it would come in between, in an order
    that no seed determines.
    """
    from orderspec.fuzz.engine import Generation, generated  # noqa: PLC0415 (a second to import)

    share = min(session.seconds_left(), session.settings.max_time * _share(session))
    if share <= 1:
        return
    oversight = Oversight(session.sender, share)
    frames: dict[tuple[str, str], tuple[Operation, Request]] = {}

    def handed(operation: Operation) -> dict[str, Any]:
        frame = session.frames.frame(operation)
        if frame is None:
            return {}
        frames[operation.id, frame.path] = operation, frame
        return dict(frame.path_parameters)

    generation = Generation(
        url=session.settings.url,
        seed=session.settings.seed,
        max_examples=max(1, session.settings.max_examples // 5),
        max_time=share,
        oversight=oversight,
        access=session.access,
        repair=lambda operation, body: _repaired(session, operation, body),
        parameters=handed,
        new_keys=session.frames.new_keys,
    )
    exchanges: list[tuple[int, Exchange]] = []
    try:
        for sent in generated(session.contract, generation):
            exchange = sent.exchange
            session.sender.record(exchange, sent.started, sent.seconds)
            if exchange.response.status:
                session.sender.count(exchange)
                session.show_progress()
            exchanges.append((session.requests, exchange))
    finally:
        judged = [_judged(session, at_request, exchange) for at_request, exchange in exchanges]
        _doubt(session, frames)
        session.remarks += sorted(set(generation.troubles))
    if oversight.ended not in ("", TIME_OVER):
        raise Ended(oversight.ended)
    for one in judged:
        if one is not None:
            _pursue(session, one)


def _share(session: Session) -> float:
    with_bodies = (one for one in session.contract.operations.values() if one.body)
    has_seeds = all(seeds_of(session, one) for one in with_bodies)
    return SHARE if has_seeds else SHARE * TIMES_WITHOUT_SEEDS


@dataclass(frozen=True, slots=True)
class _Judged:
    """A generated exchange: whether it is as it must be, and what was changed until then."""

    case: Case
    exchange: Exchange
    is_right: bool
    change: int = 0


def _judged(session: Session, at_request: int, exchange: Exchange) -> _Judged | None:
    """Judge a generated exchange; None where there is nothing to judge."""
    operation = session.contract.operations[exchange.operation]
    case = classified(session.contract, operation, exchange.request)
    if not exchange.response.status:
        session.memory.note_change(exchange)
        return _Judged(replace(case, intent=Intent.OPEN), exchange, is_right=False)
    if session.sender.is_limited(exchange):
        return None
    case = session.doubted(case)
    checked = session.judge(case, exchange, at_request)
    change = session.memory.latest_change(exchange)
    return _Judged(case, exchange, not checked.findings, change)


def _doubt(session: Session, frames: Mapping[Any, tuple[Operation, Request]]) -> None:
    """Take what was handed to schemathesis for changed: where it stops early, it does not tell all.

    Args:
        session: the campaign.
        frames: operations and the requests to them whose path parameters it was given.
    """
    for operation, frame in frames.values():
        session.memory.note_change(Exchange(operation.id, frame, Response(0)))


def _pursue(session: Session, judged: _Judged) -> None:
    """Follow what was created and not changed since; send again what got no answer.

    A list is not followed: much was created since, so that its next page may be another.
    """
    case, exchange = judged.case, judged.exchange
    operation = session.contract.operations[case.operation]
    if not exchange.response.status:
        session.run(case)
    elif exchange.response.ok and case.intent is Intent.ACCEPTED and judged.is_right:
        if case.request.body is MISSING:
            return
        session.samples[operation.id].append(case.request.body)
        if session.memory.latest_change(exchange) == judged.change:
            session.follow_first(exchange)


def _repaired(session: Session, operation: Operation, body: Any) -> Any:
    """Repair a generated body; one that is wrong on purpose stays wrong."""
    if operation.body is None:
        return body
    return session.values.repaired(operation.body, body)
