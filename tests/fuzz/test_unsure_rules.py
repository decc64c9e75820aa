"""What is usual and no document speaks of: rules with `refusal: unsure`."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import catalog
from orderspec.contract.clauses import clauses
from orderspec.contract.model import Contract
from orderspec.findings import Verdict
from orderspec.fuzz.cases import Case, Intent, classified, request_to
from orderspec.fuzz.fixtures import fixtures_of
from orderspec.fuzz.refusals import refusal
from orderspec.rules import Status
from orderspec.validation.engine import Direction, Options, judge
from tests.fuzz.kiosk import SPEC, Kiosk, campaign, contract, refused
from tests.fuzz.servers import Answer, Call

SMALL = "kiosk.order.small"


def order(price: int) -> dict[str, Any]:
    return {"order": {"lines": [{"uid": "a", "price": price, "currency": "EUR"}]}}


USUAL, LARGE = order(100), order(100001)


@pytest.fixture(name="unsure")
def _unsure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contract:
    """Give the kiosk's contract where no document speaks of a largest price."""
    shutil.copytree(SPEC.parent, tmp_path / "copy", ignore=lambda *_: ["__pycache__"])
    schema = tmp_path / "copy" / "spec" / "kiosk" / "schemas" / "order-as-sent.yaml"
    text = schema.read_text("utf-8")
    schema.write_text(text.replace("refusal: allowed", "refusal: unsure"), "utf-8")
    valid = tmp_path / "copy" / "fixtures" / "kiosk" / "CreateOrderRequest" / "valid"
    (valid / "large-price.json").write_text(json.dumps(LARGE), "utf-8")
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(tmp_path / "copy" / "spec"))
    return contract()


def case_of(some: Contract, body: Any) -> Case:
    operation = some.operations["CreateOrder"]
    return classified(some, operation, request_to(operation, body))


def test_to_break_it_is_no_finding_and_its_outcome_is_kept(unsure: Contract) -> None:
    reference = unsure.operations["CreateOrder"].body or ""
    found = judge(unsure, reference, LARGE, Options(direction=Direction.REQUEST))
    assert found.findings == ()
    assert {one.rule.id for one in found.outcomes if one.status is Status.FAIL} == {SMALL}


def test_a_request_that_breaks_it_is_open(unsure: Contract) -> None:
    assert case_of(unsure, USUAL).intent is Intent.ACCEPTED
    case = case_of(unsure, LARGE)
    assert (case.intent, case.broken) == (Intent.OPEN, frozenset({SMALL}))
    assert SMALL in case.why


def test_no_refusal_is_asked_for(unsure: Contract) -> None:
    operation = unsure.operations["CreateOrder"]
    assert refusal(unsure, operation, request_to(operation, LARGE)) is None
    case = refusal(unsure, operation, request_to(operation, order(price=-100001)))
    assert case is not None
    assert (case.breaks, case.others) == ("minimum", 0)


def test_it_is_no_clause_of_a_campaign(unsure: Contract) -> None:
    assert SMALL in unsure.rules
    assert SMALL not in clauses(unsure)


def test_a_fixture_that_breaks_it_is_no_seed(unsure: Contract) -> None:
    operation = unsure.operations["CreateOrder"]
    assert LARGE not in fixtures_of(unsure, operation)
    assert len(fixtures_of(unsure, operation)) == 2
    assert fixtures_of(unsure, operation, "unsure") == [LARGE]


@pytest.mark.usefixtures("unsure")
@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_server_may_accept_or_refuse_it_and_must_not_fail(status: int) -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        if b'"price":100001' not in call.body or status == 200:
            return kiosk(call)
        return refused(status, "beyond us")

    report, calls = campaign(serve)
    assert sum(b'"price":100001' in call.body for call in calls) >= 1
    found = {finding.clause for finding in report.findings}
    assert found == ({"kiosk.CreateOrder.status"} if status == 500 else set())
    assert report.verdict is (Verdict.VIOLATIONS if status == 500 else Verdict.CONFORMS)
