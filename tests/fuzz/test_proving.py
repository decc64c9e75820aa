"""Findings are sent again alone: what shows each time, now and then, and never again."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.exchange import Exchange, Response
from orderspec.findings import Evidence, Finding, Level, Severity, Verdict
from orderspec.fuzz.cases import Case, Intent, request_to
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.ledger import NO_ANSWER, Group, Key, Ledger, key_of
from orderspec.fuzz.proving import TRIES, in_order
from tests.fuzz.kiosk import Kiosk, answer, campaign, changing, contract
from tests.fuzz.servers import Answer, Call, Hang, Serve

TOTAL = "kiosk.order.total"


def wrong_on(turns: Any) -> Serve:
    """Make a kiosk whose total is wrong for those of the orders that it creates."""
    kiosk, made = Kiosk(), list[str]()

    def serve(call: Call) -> Answer:
        before = len(kiosk.orders)
        given = kiosk(call)
        if len(kiosk.orders) == before:
            return given
        made.append("")
        order = exact_json.from_text(given.body)
        return answer({**order, "total": order["total"] + 1}) if turns(len(made)) else given

    return serve


def total_of(serve: Serve, **settings: Any) -> tuple[Finding, int, int]:
    """Give the finding about the total, and how often it showed of how many times."""
    report, _ = campaign(serve, **settings)
    assert report.verdict is Verdict.VIOLATIONS
    [(finding, proof)] = [
        (finding, proof)
        for finding, proof in zip(report.findings, report.proofs, strict=True)
        if finding.clause == TOTAL
    ]
    return finding, proof.shown, proof.tried


def test_what_shows_each_time_says_no_more() -> None:
    finding, *proof = total_of(wrong_on(lambda _: True))
    assert proof == [TRIES, TRIES]
    assert not finding.message.endswith(")")


def test_what_shows_now_and_then_is_flaky_and_tells_its_rate() -> None:
    finding, shown, tried = total_of(wrong_on(lambda number: number % 2))
    assert (tried, 0 < shown < tried) == (TRIES, True)
    assert f"(flaky: sent again alone, it shows {shown} of {TRIES} times)" in finding.message


def test_what_never_shows_again_is_told_with_how_often_it_was_seen() -> None:
    """It stays an error: a fault that is rare must not be lost."""
    finding, *proof = total_of(wrong_on(lambda number: number in {3, 5}))
    assert proof == [0, TRIES]
    assert "(seen twice" in finding.message or "(seen 2 times" in finding.message
    assert f"but not again in {TRIES} tries alone)" in finding.message
    assert finding.severity is Severity.ERROR


def test_a_try_without_an_answer_is_none() -> None:
    """A hang says nothing of a total."""
    serve, calls = changing(lambda order: order.update(total=-1)), list[Call]()

    def hanging(call: Call) -> Answer:
        calls.append(call)
        if len(calls) % 9 == 0:
            raise Hang
        return serve(call)

    _, shown, tried = total_of(hanging, timeout=0.25, max_examples=1)
    assert shown == tried > 0


def test_each_finding_is_sent_again_before_one_is_made_small() -> None:
    """With little time, every finding is proven, if not small."""
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        if given.status != 200:
            return given
        order = exact_json.from_text(given.body)
        return answer({**order, "total": -1, "id": 7, "lines": "none"})

    report, _ = campaign(serve, max_examples=1)
    assert len(report.findings) > 3
    assert all(proof.tried for proof in report.proofs)


def group(clause: str, keyword: str = "", severity: Severity = Severity.ERROR) -> tuple[Key, Group]:
    evidence = Evidence("page", Level.STATED if severity is Severity.ERROR else Level.INFERRED)
    finding = Finding(severity, clause, "", keyword=keyword or None, evidence=evidence)
    request = request_to(contract().operations["CreateOrder"], {})
    case = Case("CreateOrder", request, Intent.OPEN)
    exchange = Exchange("CreateOrder", request, Response(200))
    return key_of(finding), Group(finding, case, exchange, None, None, 1)


def test_what_matters_most_is_proven_first() -> None:
    silent = group("a", NO_ANSWER)
    first, second = group("b", "type"), group("b", "required")
    warning, other = group("c", severity=Severity.WARNING), group("d")
    listed = [silent, warning, first, second, other]
    assert in_order(listed) == [first, other, second, warning, silent]


@pytest.mark.parametrize("clauses,is_one", [
    ((".CreateOrder.refuses", ".ChangeOrder.refuses"), True),
    ((".CreateOrder.security", ".ListOrders.security"), True),
    ((".CreateOrder.status", ".ListOrders.status"), False),
])  # fmt: skip
def test_what_is_overlooked_everywhere_is_one_cause(
    clauses: tuple[str, str],
    is_one: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    keys = {key_of(Finding(Severity.ERROR, f"some{one}", "", keyword="type")) for one in clauses}
    assert (len(keys) == 1) is is_one


def shape(clause: str, at: str, keyword: str = "type", **more: Any) -> Key:
    where = f"/components/schemas/Money/{keyword}"
    return key_of(Finding(Severity.ERROR, clause, "", at=at, keyword=keyword, where=where, **more))


def test_a_schema_that_several_answers_share_is_one_cause_for_each_member() -> None:
    assert shape("x.A.response.200", "/order/lines/0/amount") == shape(
        "x.B.response.200", "/amount"
    )
    assert shape("x.A.response.200", "/tax/amount") != shape("x.A.response.200", "/tax/rate")
    missing = [
        shape("x.A.response.200", at, "required", expected=f"a member {name!r}")
        for at, name in [("/tax", "amount"), ("/tip", "amount"), ("/tax", "currency")]
    ]
    assert missing[0] == missing[1] != missing[2]


def test_one_cause_names_the_other_operations_that_show_it() -> None:
    report, _ = campaign(changing(lambda order: order.update(lines=[{"price": "none"}])))
    [found] = [one for one in report.findings if one.at.endswith("/price")]
    assert found.also == ("kiosk.RetrieveOrder.response.200",)
    assert "(the same in RetrieveOrder)" in found.message
    failed = {one.clause.id for one in report.clauses if one.status == "fail"}
    assert {found.clause, *found.also} <= failed


def test_what_follows_from_a_value_of_a_wrong_type_is_no_finding_of_its_own() -> None:
    """A total that is a text is no sum either."""
    key, shown = group("x.CreateOrder.response.200")
    where = "/components/schemas/Order/properties/total/type"
    shape = replace(shown.finding, at="/total", keyword="type", where=where)
    total = replace(shown.finding, clause=TOTAL, at="/total", keyword=None)
    other = replace(total, at="/tax")
    ledger = Ledger({})
    for _ in range(2):
        checked = Checked((total, shape, other))
        ledger.enter(checked, shown.case, shown.exchange, requests=1)
    assert key not in ledger.groups
    assert [(one.finding, one.count) for one in ledger.groups.values()] == [(shape, 2), (other, 2)]
    assert ledger.groups[key_of(shape)].clauses.keys() == {TOTAL, shape.clause}
    assert ledger.violations == {TOTAL: 2, shape.clause: 2}


def test_what_one_request_shows_is_proven_by_one_request() -> None:
    """The second fault comes later than the first, on an order with another line."""
    kiosk, orders = Kiosk(), itertools.count()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        if call.method != "POST" or given.status != 200:
            return given
        order = exact_json.from_text(given.body)
        if order["lines"]:
            order["total"] = -1
            if next(orders) > 50:
                order["note"] = "x" * 30
        return answer(order)

    report, _ = campaign(serve)
    pairs = zip(report.findings, report.proofs, strict=True)
    asked = {finding.clause: proof.asked for finding, proof in pairs}
    assert asked["kiosk.order.total"] == asked["kiosk.CreateOrder.response.200"] != ""
