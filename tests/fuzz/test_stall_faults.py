"""Campaigns against stalls that do one thing wrong: each is found as what it is."""

from copy import deepcopy
from dataclasses import replace

import pytest

from orderspec.contract.model import Operation
from orderspec.errors import ReadError
from orderspec.exchange import Request
from orderspec.findings import Verdict
from orderspec.fuzz.curl import variable
from orderspec.validation.json_text import parse
from tests.fuzz.kiosk import answer, refused
from tests.fuzz.servers import Answer, Call, serving
from tests.fuzz.stall import (
    KEY,
    TOKEN,
    Entity,
    Stall,
    campaign,
    campaign_at,
    findings,
    operation_of,
)
from tests.fuzz.test_curl import needs_curl, run_in_a_shell


class ForgettingAnswers(Stall):
    """Makes a second order when the first one's request comes again."""

    def create(self, request: Request) -> Answer:
        key = request.headers.get("idempotency-key")
        if key in self.keys and self.keys[key][0] == request.body:
            del self.keys[key]
        return super().create(request)


class SharingKeys(Stall):
    """Serves another order under a key that is taken."""

    def create(self, request: Request) -> Answer:
        key = request.headers.get("idempotency-key")
        if key in self.keys and self.keys[key][0] != request.body:
            del self.keys[key]
        return super().create(request)


class TakingKeysOnly(Stall):
    """Refuses the second alternative of its security."""

    def admits(self, call: Call) -> bool:
        return super().admits(replace(call, headers={}))


class TakingAnyToken(Stall):
    """Does not look at the second alternative's secret."""

    def admits(self, call: Call) -> bool:
        return super().admits(call) or call.headers.get("authorization", "").startswith("Bearer")


class ListingAll(Stall):
    """Overlooks which state was asked for."""

    def page(self, request: Request) -> Entity:
        return super().page(without(request, "state"))


class ListingTooMany(Stall):
    """Overlooks how many orders were asked for."""

    def page(self, request: Request) -> Entity:
        return super().page(without(request, "limit"))


class ListingFromTheFirst(Stall):
    """Begins every page with the first order."""

    def page(self, request: Request) -> Entity:
        return super().page(without(request, "cursor"))


class Crashing(Stall):
    """Fails on what it cannot read as a number."""

    def trouble_with(self, operation: Operation, request: Request) -> str:
        int(request.query.get("limit", "1"))
        return super().trouble_with(operation, request)

    def __call__(self, call: Call) -> Answer:
        try:
            return super().__call__(call)
        except ValueError:
            return refused(500, "oh")


class CrashingOnKeys(Crashing):
    """Fails on a key that holds a quote."""

    def trouble_with(self, operation: Operation, request: Request) -> str:
        if "'" in request.headers.get("idempotency-key", ""):
            raise ValueError
        return super().trouble_with(operation, request)


class ChangingMore(Stall):
    """Forgets the note of an order whose state changes, and does not say so."""

    def changed(self, order: Entity, change: Entity) -> Answer:
        given = super().changed(order, change)
        if "state" in change:
            order.pop("note", None)
        return given


class ChangingAnother(Stall):
    """Stores the change of a line with the order before the one that the path names."""

    def change_line(self, order: Entity, request: Request) -> Answer:
        before = self.orders[self.orders.index(order) - 1]
        for line in before["lines"]:
            line.update(request.body)
        return super().change_line(deepcopy(order), request)


class KeepingLines(Stall):
    """Refuses to change a line."""

    def change_line(self, order: Entity, request: Request) -> Answer:
        del order, request
        return refused(409, "prices are final")


class TakingAnyLines(Stall):
    """Takes lines in any form."""

    def __call__(self, call: Call) -> Answer:
        given = super().__call__(call)
        is_taken = call.method == "PUT" and given.status == 400 and is_json(call.body)
        return answer({"id": "n1", "state": "open", "lines": []}) if is_taken else given


def is_json(text: bytes) -> bool:
    try:
        parse(text)
    except ReadError:
        return False
    return True


def without(request: Request, name: str) -> Request:
    """Take a parameter out of a query."""
    query = {one: value for one, value in request.query.items() if one != name}
    return Request(request.method, request.path, request.path_parameters, query)


EVERYTHING = (
    "CreateOrder", "ListOrders", "RetrieveOrder", "ChangeOrder", "ReplaceLines", "ChangeLine",
)  # fmt: skip


@pytest.mark.parametrize(
    "kind,clauses",
    [
        (ForgettingAnswers, {"create-order.replay"}),
        (SharingKeys, {"create-order.reused-key"}),
        (TakingKeysOnly, {f"{name}.accepts" for name in EVERYTHING}),
        (TakingAnyToken, {f"{name}.security" for name in EVERYTHING}),
        (ListingAll, {"list-orders.filter"}),
        (ListingTooMany, {"list-orders.limit"}),
        (ListingFromTheFirst, {"list-orders.next-page"}),
        (Crashing, {"ListOrders.status"}),
        (CrashingOnKeys, {"ListOrders.status", "CreateOrder.status"}),
        (ChangingMore, {"retrieve-order.reads-changed"}),
        (KeepingLines, {"ChangeLine.accepts"}),
        (TakingAnyLines, {"ReplaceLines.refuses"}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_fault_is_found_as_what_it_is(kind: type[Stall], clauses: set[str]) -> None:
    report = campaign(kind())
    assert findings(report).keys() == clauses
    assert report.verdict is Verdict.VIOLATIONS
    for found in report.findings:
        assert "not again" not in found.message
        assert found.curl is not None
        assert found.curl.count("/north/orders") == found.curl.count("curl ")


def test_a_change_that_hits_another_order_is_found_there_and_where_it_belongs() -> None:
    found = findings(campaign(ChangingAnother()))
    assert found.keys() == {"retrieve-order.reads-changed", "retrieve-order.reads-back"}
    assert "not again" not in found["retrieve-order.reads-changed"].message
    assert "not again" in found["retrieve-order.reads-back"].message  # it takes both orders


def test_an_array_is_broken_as_a_whole_and_in_its_elements() -> None:
    found = [one for one in campaign(TakingAnyLines()).findings if one.keyword != "required"]
    assert {(one.keyword, one.at) for one in found} >= {
        ("type", ""),
        ("minItems", ""),
        ("maxItems", ""),
        ("minLength", "/0/name"),
    }


@needs_curl
def test_the_lines_of_findings_use_the_alternative_that_showed_them() -> None:
    with serving(TakingKeysOnly()) as (url, calls):
        report = campaign_at(url)
        for found in report.findings:
            sent = len(calls)
            assert found.curl is not None
            run_in_a_shell(found.curl, {variable("bearer"): TOKEN, variable("key"): KEY})
            [call] = calls[sent:]
            assert call.headers["authorization"] == f"Bearer {TOKEN}"
            assert KEY not in call.target
            operation = operation_of(call)
            assert operation is not None
            assert found.clause == f"stall.{operation.id}.accepts"


def test_a_wrong_secret_is_told_with_the_alternative_that_it_opened() -> None:
    report = campaign(TakingAnyToken())
    assert {one.keyword for one in report.findings} >= {"a wrong secret as bearer"}
    for found in report.findings:
        assert str(found.keyword).endswith("as bearer")
        assert "Authorization: Bearer" in str(found.curl)
        assert "stall_key" not in str(found.curl)
