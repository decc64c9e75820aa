"""Faults that a sequence shows: keys that are nearly alike, at once, later, after an error."""

import time
from copy import deepcopy
from dataclasses import replace

import pytest

from orderspec.contract.model import Operation
from orderspec.errors import ReadError
from orderspec.exchange import Request
from orderspec.findings import Verdict
from orderspec.fuzz.moves import plain_case
from orderspec.fuzz.session import Session
from orderspec.fuzz.settings import Settings
from tests.fuzz.kiosk import answer
from tests.fuzz.servers import Answer, Call, Hang, serving
from tests.fuzz.stall import (
    KEY,
    Entity,
    Stall,
    campaign,
    contract,
    findings,
    operation_of,
    request_of,
)

KEY_HEADER = "idempotency-key"


class ReadingKeys(Stall):
    """Reads keys in a way of its own."""

    def read(self, key: str) -> str:
        return key

    def create(self, request: Request) -> Answer:
        if KEY_HEADER in request.headers:
            key = self.read(request.headers[KEY_HEADER])
            headers = {**request.headers, KEY_HEADER: key}
            request = Request(request.method, request.path, headers=headers, body=request.body)
        return super().create(request)


class CuttingKeys(ReadingKeys):
    """Leaves out the last character."""

    def read(self, key: str) -> str:
        return key[:-1]


class CuttingLongKeys(ReadingKeys):
    """Keeps what a narrow column has room for."""

    def read(self, key: str) -> str:
        return key[:36]


class OverlookingCase(ReadingKeys):
    """Takes capitals for small letters."""

    def read(self, key: str) -> str:
        return key.lower()


class ComparingNotes(Stall):
    """Takes two orders with one note for the same order."""

    def create(self, request: Request) -> Answer:
        kept = self.keys.get(request.headers.get(KEY_HEADER, ""))
        if kept and kept[0].get("note") == request.body.get("note"):
            request = Request(request.method, request.path, headers=request.headers, body=kept[0])
        return super().create(request)


class Racing(Stall):
    """Looks a key up well before it stores it."""

    def create(self, request: Request) -> Answer:
        taken = request.headers.get(KEY_HEADER) in self.keys
        if not taken:
            time.sleep(0.05)
            self.keys.pop(request.headers.get(KEY_HEADER, ""), None)
        return super().create(request)


class ForgettingOldKeys(Stall):
    """Remembers the latest five keys."""

    def create(self, request: Request) -> Answer:
        for key in list(self.keys)[:-5]:
            del self.keys[key]
        return super().create(request)


class ForgettingOldOrders(Stall):
    """Keeps the latest ten orders."""

    def create(self, request: Request) -> Answer:
        del self.orders[:-9]
        return super().create(request)


class StoringWhatItRefuses(Stall):
    """Stores an order before it looks at its lines."""

    def trouble_with(self, operation: Operation, request: Request) -> str:
        trouble = super().trouble_with(operation, request)
        is_draft = operation.id == "CreateOrder" and isinstance(request.body, dict)
        if trouble and is_draft and isinstance(request.body.get("lines"), list):
            self.orders.append({"id": self.new_id(), "state": "open", "lines": []})
        return trouble


class ForgettingWhenItRefuses(Stall):
    """Forgets the latest order whenever it refuses one."""

    def trouble_with(self, operation: Operation, request: Request) -> str:
        trouble = super().trouble_with(operation, request)
        if trouble and operation.id == "CreateOrder":
            del self.orders[-1:]
        return trouble


class StoringBehindManyPages(StoringWhatItRefuses):
    """Stores what it refuses, and lists five orders a page, the oldest first."""

    def page(self, request: Request) -> Entity:
        return super().page(replace(request, query={"limit": "5", **request.query}))


class StoppingTooLate(Stall):
    """Replaces lines one by one, up to the one that it refuses."""

    def __call__(self, call: Call) -> Answer:
        given = super().__call__(call)
        operation = operation_of(call)
        if given.status == 400 and operation is not None and operation.id == "ReplaceLines":
            self.replace_some(operation, call)
        return given

    def replace_some(self, operation: Operation, call: Call) -> None:
        try:
            request = request_of(operation, call)
        except ReadError:
            return
        order = self.order(request)
        if order is not None and isinstance(request.body, list) and len(request.body) > 1:
            order["lines"] = self.lines_of([one for one in request.body if is_line(one)])


def is_line(value: object) -> bool:
    return isinstance(value, dict) and {"name", "price"} == value.keys()


class RenamingBeforeItLooks(Stall):
    """Gives a line its new name before it looks at the price."""

    def trouble_with(self, operation: Operation, request: Request) -> str:
        trouble = super().trouble_with(operation, request)
        order = self.order(request) if operation.id == "ChangeLine" else None
        if trouble and order is not None and isinstance(request.body, dict):
            named = [line for line in order["lines"] if is_line_of(line, request)]
            for line in named if str(request.body.get("name")).startswith("Plum") else ():
                line["name"] = request.body["name"]
        return trouble


def is_line_of(line: Entity, request: Request) -> bool:
    return bool(request.path_parameters["line_id"] == str(line["id"]))


class DroppingFreeLines(Stall):
    """Overlooks a third line that costs nothing, or any line after the third."""

    def create(self, request: Request) -> Answer:
        lines = request.body["lines"]
        kept = [*lines[:2], *(line for line in lines[2:3] if line["price"]), *lines[3:]]
        body = {**request.body, "lines": kept[:3]}
        return super().create(
            Request(request.method, request.path, headers=request.headers, body=body)
        )


@pytest.mark.parametrize(
    "kind,clause",
    [
        (CuttingKeys, "CreateOrder.accepts"),
        (CuttingLongKeys, "CreateOrder.accepts"),
        (OverlookingCase, "CreateOrder.accepts"),
        (ComparingNotes, "create-order.reused-key"),
        (Racing, "create-order.replay"),
        (ForgettingOldKeys, "create-order.replay"),
        (ForgettingOldOrders, "retrieve-order.reads-back"),
        (StoringWhatItRefuses, "CreateOrder.refuses-without-trace"),
        (ForgettingWhenItRefuses, "CreateOrder.refuses-without-trace"),
        (StoringBehindManyPages, "CreateOrder.refuses-without-trace"),
        (StoppingTooLate, "ReplaceLines.refuses-without-trace"),
        (RenamingBeforeItLooks, "ChangeLine.refuses-without-trace"),
        (DroppingFreeLines, "create-order.keeps-lines"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_what_only_a_sequence_shows_is_found(kind: type[Stall], clause: str) -> None:
    report = campaign(kind())
    assert report.verdict is Verdict.VIOLATIONS
    assert clause in findings(report)


@pytest.mark.parametrize(
    "kind,clause",
    [
        (Racing, "create-order.replay"),
        (StoringWhatItRefuses, "CreateOrder.refuses-without-trace"),
        (StoppingTooLate, "ReplaceLines.refuses-without-trace"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_sequence_is_gone_through_again_to_prove_what_it_showed(
    kind: type[Stall], clause: str
) -> None:
    found = findings(campaign(kind()))[clause]
    assert "not again" not in found.message
    assert "not sent again" not in found.message


class Ticking(Stall):
    """Counts how often an order was read, and shows it: that is no trace of what was refused."""

    def served(self, operation: str, request: Request) -> Answer:
        order = self.order(request) if operation == "RetrieveOrder" else None
        if order is not None:
            order["reads"] = order.get("reads", 0) + 1
        return super().served(operation, request)


class Refreshing(Stall):
    """Names the lines anew whenever they are read."""

    def order(self, request: Request) -> Entity | None:
        order = super().order(request)
        return None if order is None else {**deepcopy(order), "etag": next(self.numbers)}

    def changed(self, order: Entity, change: Entity) -> Answer:
        kept = next(one for one in self.orders if one["id"] == order["id"])
        return super().changed(kept, change)


@pytest.mark.parametrize("kind", [Stall, Ticking, Refreshing])
def test_what_changes_by_itself_is_no_trace(kind: type[Stall]) -> None:
    report = campaign(kind())
    assert findings(report) == {}
    tested = {one.clause.id for one in report.clauses if one.exercised}
    assert {f"stall.{name}.refuses-without-trace" for name in ("CreateOrder", "ReplaceLines")} <= (
        tested
    )


class AnsweringTooLate(Stall):
    """Changes a state, and does not say so in time."""

    def changed(self, order: Entity, change: Entity) -> Answer:
        super().changed(order, change)
        raise Hang


def test_what_got_no_answer_may_have_changed_something_all_the_same() -> None:
    with serving(AnsweringTooLate()) as (url, _):
        settings = Settings(url, credentials={"key": KEY}, examples_exist=True, timeout=0.5)
        session = Session(contract(), settings, lambda _: None)
        operation = session.contract.operations["CreateOrder"]
        case = plain_case(session, operation)
        first = None if case is None else session.run(case)
        [link] = [one for one in operation.links if one.target == "ChangeOrder"]
        assert first is not None
        assert session.memory.latest_change(first) == 0
        assert session.follow(first, link) is None
        assert session.memory.latest_change(first) > 0


class ChangingTheNewest(Stall):
    """Changes the newest order, whichever the path names; it says that it did as asked."""

    def changed(self, order: Entity, change: Entity) -> Answer:
        self.orders[-1].update(change)
        return answer({**order, **change})


def test_a_change_of_an_old_order_that_hits_the_newest_is_found() -> None:
    assert "retrieve-order.reads-changed" in findings(campaign(ChangingTheNewest()))


class FindingLinesAnywhere(Stall):
    """Looks for a line in every order."""

    def change_line(self, order: Entity, request: Request) -> Answer:
        for one in self.orders:
            if any(str(line["id"]) == request.path_parameters["line_id"] for line in one["lines"]):
                order = one
        return super().change_line(order, request)


def test_a_line_of_another_order_is_no_line_of_this_one() -> None:
    assert "change-line.unknown" in findings(campaign(FindingLinesAnywhere()))


class Mixing(Stall):
    """Fills in the note of the order before where an order has none."""

    note = "none yet"

    def create(self, request: Request) -> Answer:
        note = request.body.get("note", self.note)
        self.note = note
        body = {**request.body, "note": note}
        return super().create(
            Request(request.method, request.path, headers=request.headers, body=body)
        )


def test_what_only_another_order_said_is_found_in_an_order() -> None:
    found = findings(campaign(Mixing()))
    assert found.keys() >= {"CreateOrder.keeps-apart"}
    assert "not again" not in found["CreateOrder.keeps-apart"].message
