"""Campaigns against stalls that keep their contract, each in its own way."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from orderspec.contract import catalog
from orderspec.exchange import Request
from orderspec.findings import Verdict
from tests.fuzz.kiosk import SPEC, answer, refused
from tests.fuzz.servers import Answer, Call
from tests.fuzz.stall import Entity, Stall, campaign, findings

READABLE = {"state": "open|paid", "limit": "[1-9][0-9]?", "cursor": "[0-9]+", "mode": "all"}


class ChangedOnce(Stall):
    """Refuses a second change of an order."""

    def changed(self, order: Entity, change: Entity) -> Answer:
        if "changes" in order:
            return refused(409, "it was changed before")
        return super().changed(order, {**change, "changes": 1})


class DeliveringAsOrdered(Stall):
    """Refuses to change what is delivered."""

    def changed(self, order: Entity, change: Entity) -> Answer:
        if order.get("kind") == "delivery":
            return refused(409, "it is on its way")
        return super().changed(order, change)


class Overlooking(Stall):
    """Overlooks parameters of the query that it cannot read, and misses none."""

    def __call__(self, call: Call) -> Answer:
        path, _, query = call.target.partition("?")
        readable = {
            name: value
            for name, value in parse_qsl(query)
            if re.fullmatch(READABLE.get(name, ".*"), value)
        }
        target = f"{path}?{urlencode({'mode': 'all', **readable})}"
        return super().__call__(replace(call, target=target))


class Numbering(Stall):
    """Names by numbers; the first line of every order is line 1."""

    def new_id(self) -> Any:
        return next(self.numbers)

    def lines_of(self, drafts: Any) -> Any:
        return [{**draft, "id": number} for number, draft in enumerate(drafts, 1)]


class EndingWithNull(Stall):
    """Writes null where there is no next page."""

    def list(self, request: Request) -> Answer:
        return answer({"cursor": None, **self.page(request)})


class Unpaged(Stall):
    """Gives the first page only, and does not say how to get on."""

    def list(self, request: Request) -> Answer:
        return answer({"orders": self.page(request)["orders"]})


CONFORMING = (Stall, ChangedOnce, DeliveringAsOrdered, Overlooking, Numbering, EndingWithNull)


@pytest.mark.parametrize("kind", CONFORMING, ids=lambda one: one.__name__)
def test_a_stall_that_keeps_its_contract_conforms(kind: type[Stall]) -> None:
    report = campaign(kind())
    assert (report.verdict, report.findings, report.notes) == (Verdict.CONFORMS, (), ())
    assert [one.clause.id for one in report.clauses if one.status != "pass"] == []
    assert report.accepted > 10
    assert (report.accepted == report.valid) == (kind is not DeliveringAsOrdered)


def test_a_second_campaign_on_the_same_stall_conforms_too() -> None:
    """What a fixed text as a key stands for was changed by others in between."""
    stall = Stall()
    for _ in range(2):
        report = campaign(stall)
        assert (report.verdict, report.findings, report.notes) == (Verdict.CONFORMS, (), ())
        for order in stall.orders:
            order["state"] = "paid"


class Dated(Stall):
    """Says when it answers, as servers do."""

    def __call__(self, call: Call) -> Answer:
        return replace(super().__call__(call), headers={"Date": f"{next(self.numbers)}"})


def test_a_second_campaign_repeats_no_key_where_no_request_goes_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer names an old order then, or none; its date is new."""
    shutil.copytree(SPEC.parent, tmp_path / "tree", ignore=lambda *_: ["__pycache__"])
    description = tmp_path / "tree" / "spec" / "stall" / "openapi.yaml"
    text = description.read_text("utf-8").replace("in: header,", "in: header, required: true,")
    description.write_text(text, "utf-8")
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(description.parents[1]))
    stall = Dated()
    for _ in range(2):
        report = campaign(stall)
        assert (report.verdict, report.findings, report.notes) == (Verdict.CONFORMS, (), ())


@pytest.mark.usefixtures("_generating")
class Shared(Stall):
    """A stall that others use, too: there is an order of theirs, which they change meanwhile."""

    def __init__(self, *reads: int) -> None:
        """Choose before which of the times that it is read their order is changed."""
        super().__init__()
        self.create(Request("POST", "/north/orders", body={"note": "theirs", "lines": []}))
        self.theirs = self.orders[0]
        self.reads = 0
        self.changed_before = reads

    def order(self, request: Request) -> Entity | None:
        found = super().order(request)
        if found is self.theirs:
            self.reads += 1
            if self.reads in self.changed_before:
                found["note"] = f"changed before {self.reads}"
        return found


@pytest.mark.parametrize("read", [1, 2, 3])
def test_what_others_change_meanwhile_is_no_finding(read: int) -> None:
    shared = Shared(read)
    report = campaign(shared, seed=2)
    assert shared.reads >= read
    assert (report.verdict, report.findings) == (Verdict.CONFORMS, ())


def test_what_reads_otherwise_than_it_is_listed_is_a_finding_whosever_it_is() -> None:
    report = campaign(Shared(*range(100)), seed=2)
    assert "retrieve-order.reads-as-listed" in findings(report)


def test_what_generation_changed_is_not_read_back_against_its_creation() -> None:
    report = campaign(ChangedOnce(), max_examples=5)
    assert (report.verdict, report.findings, report.notes) == (Verdict.CONFORMS, (), ())


def test_a_list_without_pages_leaves_their_rule_out_and_conforms() -> None:
    report = campaign(Unpaged())
    assert (report.verdict, report.findings) == (Verdict.CONFORMS, ())
    [left_out] = [one for one in report.clauses if one.status != "pass"]
    assert left_out.clause.id == "stall.list-orders.next-page"
    assert left_out.reason == "the server never sent what it speaks of"


class Southern(Stall):
    """Has another tenant than the one in the contract's examples."""

    tenant = "south"


def test_a_tenant_that_is_not_there_is_asked_for_and_is_no_finding() -> None:
    report = campaign(Southern(), examples_exist=False)
    assert (report.verdict, report.findings, report.accepted) == (Verdict.INCONCLUSIVE, (), 0)
    assert report.valid > 3
    assert "What must exist on the server can be given: --value tenant=…" in report.notes[0]


def test_a_tenant_that_is_given_is_the_one_that_paths_lead_to() -> None:
    report = campaign(Southern(), examples_exist=False, values={"tenant": ("south",)})
    assert (report.verdict, report.findings, report.notes) == (Verdict.CONFORMS, (), ())


def test_a_tenant_that_is_given_makes_refusals_findings() -> None:
    report = campaign(Stall(), examples_exist=False, values={"tenant": ("south",)})
    assert {one.clause for one in report.findings} == {
        "stall.CreateOrder.accepts",
        "stall.ListOrders.accepts",
    }
