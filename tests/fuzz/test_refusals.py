"""Requests that break one promise on purpose."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.contract import catalog
from orderspec.contract.model import Contract, Operation
from orderspec.exchange import Request
from orderspec.findings import Finding, Level
from orderspec.fuzz.cases import Case, Intent, request_to
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.frames import Frames
from orderspec.fuzz.ledger import Ledger
from orderspec.fuzz.memory import Memory
from orderspec.fuzz.refusals import promise, refusal, refusals
from orderspec.fuzz.values import Values
from orderspec.validation.exchanges import judge_request
from tests.fuzz.kiosk import SPEC, contract

# Collected before the fixture that shows the tests the kiosk only.
PROVIDERS = catalog.providers()


@pytest.fixture(params=["kiosk", *PROVIDERS])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Contract:
    """Give every contract there is: the kiosk's, and the published ones."""
    monkeypatch.delenv(catalog.SPEC_VARIABLE, raising=False)
    if request.param == "kiosk":
        monkeypatch.setenv(catalog.SPEC_VARIABLE, str(SPEC))
    return catalog.load(request.param)


def every_refusal(some: Contract, seeds: int = 3) -> Iterator[tuple[Operation, Case]]:
    values = Values(some, 1, {})
    frames = Frames(some, values, Memory(some, values, Ledger({})))
    for operation in some.operations.values():
        frame = frames.frame(operation)
        if frame is None:
            continue
        for seed in fixtures_of(some, operation)[:seeds]:
            body = values.repaired(operation.body or "", seed)
            for case in refusals(some, operation, replace(frame, body=body), set()):
                yield operation, case


def reasons(some: Contract, operation: Operation, request: Request) -> list[Finding]:
    found = judge_request(some, operation, request).findings
    return [one for one in found if one.keyword not in ("readOnly", "deprecated")]


def test_every_refusal_breaks_the_contract_for_the_reason_that_it_names(either: Contract) -> None:
    some = list(every_refusal(either))
    assert len(some) > 10
    for operation, case in some:
        found = reasons(either, operation, case.request)
        assert case.intent is Intent.REFUSED
        assert (case.breaks, case.at) in {(one.keyword or one.clause, one.at) for one in found}


def test_no_refusal_rests_on_what_is_open(either: Contract) -> None:
    """Neither on evidence that is inferred nor on a rule that a server may be lenient about."""
    allowed = {rule.id for rule in either.rules.values() if rule.refusal == "allowed"}
    for operation, case in every_refusal(either):
        named = [
            one
            for one in reasons(either, operation, case.request)
            if (one.keyword or one.clause, one.at) == (case.breaks, case.at)
        ]
        assert any(
            one.clause not in allowed
            and (one.evidence is None or one.evidence.level is not Level.INFERRED)
            for one in named
        )


def broken() -> set[tuple[str, str]]:
    return {(case.breaks, case.at) for _, case in every_refusal(contract())}


def test_shapes_are_broken_in_every_kind_of_place() -> None:
    assert {
        ("required", ""),
        ("type", ""),
        ("required", "/order/lines/0"),
        ("type", "/order/lines/0/price"),
        ("type", "/order/lines/0/weight"),
        ("maxLength", "/order/note"),
        ("enum", "/order/state"),
        ("enum", "/order/lines/0/currency"),
        ("maxItems", "/order/lines"),
        ("minimum", "/order/lines/0/price"),
        ("type", "/order/deals/0/percent"),
    } <= broken()


def test_a_reference_is_led_to_a_name_that_is_not_there() -> None:
    assert any(clause == "kiosk.order.deals-resolve" for clause, _ in broken())


def test_each_missing_member_is_a_promise_of_its_own() -> None:
    tested = {promise(case) for _, case in every_refusal(contract()) if case.at == "/order/lines/0"}
    assert sum(breaks == "required" for breaks, _, _ in tested) == 3


@pytest.mark.parametrize(
    "line",
    [
        {"uid": "a", "price": [], "weight": [], "currency": "EUR"},
        {"uid": "a", "weight": [], "currency": "EUR"},
    ],
)
def test_a_request_that_breaks_several_promises_stands_for_none_of_them(line: Any) -> None:
    operation = contract().operations["CreateOrder"]
    request = request_to(operation, {"order": {"lines": [line]}})
    case = refusal(contract(), operation, request)
    assert case
    assert case.others == 1
    assert promise(case) not in {promise(one) for _, one in every_refusal(contract())}


def test_a_body_may_be_null_as_a_whole() -> None:
    assert any(case.request.body is None for _, case in every_refusal(contract()))


def test_what_is_only_inferred_is_left_alone() -> None:
    assert not any(at == "/order/kind" for _, at in broken())


def test_a_number_as_text_is_left_out_since_a_lenient_server_may_read_it() -> None:
    for _, case in every_refusal(contract()):
        text = exact_json.to_text(case.request.body)
        assert '"price":"1' not in text


@pytest.mark.parametrize(
    "body",
    [
        {"order": {"lines": [{"uid": 7, "price": 150, "currency": "EUR"}]}},
        {"order": {"lines": [{"uid": "a", "price": "150", "currency": "EUR"}]}},
    ],
)
def test_what_a_lenient_server_reads_all_the_same_need_not_be_refused(body: Any) -> None:
    operation = contract().operations["CreateOrder"]
    assert refusal(contract(), operation, request_to(operation, body)) is None


def test_a_text_that_is_no_number_must_be_refused_for_one() -> None:
    operation = contract().operations["CreateOrder"]
    body = {"order": {"lines": [{"uid": "a", "price": "150 euros", "currency": "EUR"}]}}
    case = refusal(contract(), operation, request_to(operation, body))
    assert case is not None
    assert (case.at, case.breaks) == ("/order/lines/0/price", "type")
