"""What was generated is judged by when it was sent, and followed while it is still so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from orderspec.contract.model import Contract
from orderspec.exchange import Exchange, Response
from orderspec.fuzz import engine, generation
from orderspec.fuzz.cases import Intent, classified, request_to
from orderspec.fuzz.engine import Generation, Sent
from orderspec.fuzz.session import Session
from orderspec.fuzz.settings import Settings
from tests.fuzz.kiosk import answer
from tests.fuzz.servers import Answer, serving
from tests.fuzz.stall import contract

DRAFT = {"lines": [{"name": "Pear", "price": 1}]}
ORDER = {"id": "n1", "state": "open", "lines": [{"id": "n2", "name": "Pear", "price": 1}]}
PATH = {"tenant": "north", "id": "n1"}


def open_session(url: str, **settings: Any) -> Session:
    return Session(contract(), Settings(url, **settings), lambda _: None)


def exchange(name: str, body: Any, path: dict[str, str], key: str = "") -> Exchange:
    headers = {"idempotency-key": key} if key else {}
    request = request_to(contract().operations[name], body, path, headers=headers)
    return Exchange(name, request, Response(200, body={**body, **ORDER}))


def created() -> Exchange:
    return exchange("CreateOrder", DRAFT, {"tenant": "north"}, key="k")


def changed() -> Exchange:
    return exchange("ChangeOrder", {"state": "open"}, PATH)


def test_a_refusal_of_a_key_that_was_sent_before_is_no_finding() -> None:
    refusing = answer({"trouble": "taken"}, 409)
    settings = {"values": {"tenant": ("north",)}, "credentials": {"key": "k"}}
    operation = contract().operations["CreateOrder"]
    case = classified(contract(), operation, created().request)
    assert case.intent is Intent.ACCEPTED
    with serving(lambda _: refusing) as (url, _):
        session = open_session(url, **settings)
        session.memory.repeats_a_key(case)
        session.run(case)
        assert not session.ledger.groups
        session.run(replace(case, request=session.frames.renewed(operation, case.request)))
        assert [key.clause for key in session.ledger.groups] == ["stall.CreateOrder.accepts"]


def followed(*exchanges: Exchange) -> list[str]:
    """Judge exchanges as if they had been generated, pursue them; name what was asked for."""
    with serving(lambda _: Answer(404, b'{"trouble": "no"}')) as (url, calls):
        session = open_session(url)
        judged = [generation._judged(session, 1, one) for one in exchanges]  # noqa: SLF001 (its steps)
        for one in judged:
            assert one is not None
            generation._pursue(session, one)  # noqa: SLF001 (the other one)
    return [f"{call.method} {call.target}" for call in calls]


def test_what_was_generated_is_read_back_as_long_as_it_is_the_same() -> None:
    """Once, where it was changed later, and where an answer may be the one of before."""
    reading = "GET /north/orders/n1"
    assert followed(created()) == followed(changed()) == [reading]
    assert followed(created(), changed()) == [reading]
    assert followed(created(), created()) == [reading]


def test_what_was_handed_to_schemathesis_may_have_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its time is over, it does not tell of all that it sent."""

    def hurried(some: Contract, given: Generation) -> Iterator[Sent]:
        for operation in some.operations.values():
            given.parameters(operation)
        yield from ()

    monkeypatch.setattr(engine, "generated", hurried)
    monkeypatch.setattr(generation, "SHARE", 0.5)
    with serving(lambda _: answer(ORDER)) as (url, _):
        session = open_session(url, credentials={"key": "k"}, values={"tenant": ("north",)})
        first = created()
        session.memory.remember(first, 1)
        assert session.memory.latest_change(first) == 0
        generation.generate(session)
        assert session.memory.latest_change(first) > 0


def test_where_nothing_else_can_start_generation_has_more_of_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[float] = []

    def noted(_: Contract, asked: Generation) -> Iterator[Sent]:
        given.append(asked.max_time)
        yield from ()

    monkeypatch.setattr(engine, "generated", noted)
    monkeypatch.setattr(generation, "SHARE", 0.25)
    for seeds in ([DRAFT], []):
        monkeypatch.setattr(generation, "seeds_of", lambda *_, seeds=seeds: seeds)
        generation.generate(open_session("http://127.0.0.1:9", max_time=100))
    assert given == [25, 60]
