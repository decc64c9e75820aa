"""Every kind of clause: kept, broken, and not judged at all."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.contract.clauses import clauses
from orderspec.exchange import MISSING, Exchange, Request, Response
from orderspec.findings import Evidence, Level, Severity
from orderspec.fuzz.cases import METHOD, Case, Intent
from orderspec.fuzz.checked import Checked
from orderspec.fuzz.checks import check, check_link
from tests.fuzz.kiosk import contract
from tests.fuzz.test_cases import BODY, LINE, operation

ORDER = {"id": "o-1", "total": 1, "lines": [LINE]}
REFUSAL = {"trouble": "no"}


def response(status: int, body: Any = MISSING) -> Response:
    raw = b"" if body is MISSING else exact_json.to_bytes(body)
    return Response(status, {}, body, raw=raw)


def checked(
    answer: Response, intent: Intent = Intent.ACCEPTED, *, known: bool = True, **case: Any
) -> Checked:
    request = Request("POST", "/orders", body=BODY)
    some = Case("CreateOrder", request, intent, **case)
    return check(contract(), some, Exchange("CreateOrder", request, answer), known=known)


def broken(found: Checked) -> list[str]:
    return [finding.clause.removeprefix("kiosk.") for finding in found.findings]


def exercised(found: Checked) -> set[str]:
    return {clause.removeprefix("kiosk.CreateOrder.") for clause in found.exercised}


def test_the_clauses_of_a_contract_are_listed_once_each() -> None:
    listed = clauses(contract())
    assert {
        "kiosk.CreateOrder.status",
        "kiosk.CreateOrder.accepts",
        "kiosk.CreateOrder.refuses",
        "kiosk.CreateOrder.security",
        "kiosk.CreateOrder.discloses-nothing",
        "kiosk.CreateOrder.response.200",
        "kiosk.CreateOrder.response.4XX",
        "kiosk.order.total",
        "kiosk.retrieve-order.reads-back",
    } <= listed.keys()
    assert "kiosk.RetrieveOrder.refuses" not in listed
    assert all(clause.id == name for name, clause in listed.items())


def test_a_right_answer_keeps_every_clause_that_it_exercises() -> None:
    found = checked(response(200, ORDER))
    assert (broken(found), found.defects) == ([], frozenset())
    assert {"status", "accepts", "response.200", "kiosk.order.total"} <= exercised(found)
    assert "refuses" not in exercised(found)


def test_a_rule_whose_members_are_missing_is_absent_and_not_broken() -> None:
    found = checked(response(200, {"id": "o-1", "total": 0}))
    assert "kiosk.order.total" in found.absent
    assert broken(found) == ["CreateOrder.response.200"]


@pytest.mark.parametrize(
    "answer,clause",
    [
        (response(200, {**ORDER, "total": 2}), "order.total"),
        (response(200, {**ORDER, "id": 7}), "CreateOrder.response.200"),
        (response(200, []), "CreateOrder.response.200"),
        (response(200), "CreateOrder.response.200"),
        (Response(200, problem="not JSON", raw=b"<p>"), "CreateOrder.response.200"),
        (response(201, ORDER), "CreateOrder.status"),
    ],
)
def test_a_wrong_answer_breaks_the_clause_that_it_is_about(answer: Response, clause: str) -> None:
    assert broken(checked(answer))[0] == clause


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_breaks_the_status_and_nothing_else(status: int) -> None:
    found = checked(response(status, "what?"))
    assert broken(found) == ["CreateOrder.status"]
    assert found.findings[0].keyword == "5xx"


def test_a_server_may_not_know_a_method() -> None:
    assert broken(checked(response(501), Intent.OPEN, breaks=METHOD)) == []
    assert broken(checked(response(500), Intent.OPEN, breaks=METHOD)) == ["CreateOrder.status"]
    assert broken(checked(response(501), Intent.OPEN)) == ["CreateOrder.status"]


def test_a_refusal_of_a_valid_request_is_a_finding_where_all_is_known() -> None:
    assert broken(checked(response(400, REFUSAL))) == ["CreateOrder.accepts"]


def test_a_refusal_proves_nothing_where_something_may_not_exist() -> None:
    found = checked(response(400, REFUSAL), known=False)
    assert (broken(found), "accepts" in exercised(found)) == ([], False)


def test_an_open_request_may_be_accepted_and_refused() -> None:
    for answer in (response(200, ORDER), response(400, REFUSAL)):
        assert broken(checked(answer, Intent.OPEN)) == []


def test_a_request_that_breaks_the_contract_must_be_refused() -> None:
    inferred = Evidence("kiosk-guide", Level.INFERRED, "A guess.")
    found = checked(response(200, ORDER), Intent.REFUSED, why="it is", breaks="type", at="/order")
    guessed = checked(response(200, ORDER), Intent.REFUSED, breaks="type", evidence=inferred)
    assert broken(found) == ["CreateOrder.refuses"]
    assert (found.findings[0].at, found.findings[0].keyword) == ("/order", "type")
    assert guessed.findings[0].severity is Severity.WARNING
    assert broken(checked(response(400, REFUSAL), Intent.REFUSED)) == []


def test_a_rule_that_was_broken_on_purpose_is_the_one_that_is_reported() -> None:
    found = checked(response(200, ORDER), Intent.REFUSED, breaks="kiosk.order.deals-resolve")
    assert broken(found) == ["order.deals-resolve"]
    refused = checked(response(400, REFUSAL), Intent.REFUSED, breaks="kiosk.order.deals-resolve")
    assert "kiosk.order.deals-resolve" in exercised(refused)


@pytest.mark.parametrize("status,fails", [(200, True), (302, True), (401, False), (404, False)])
def test_nobody_is_let_in_without_credentials(status: int, *, fails: bool) -> None:
    found = checked(response(status, ORDER), Intent.UNAUTHENTICATED, why="no credentials")
    assert ("CreateOrder.security" in broken(found)) is fails
    assert "security" in exercised(found)


def test_a_server_error_lets_nobody_in_and_keeps_nobody_out() -> None:
    found = checked(response(500), Intent.UNAUTHENTICATED, why="no credentials")
    assert (broken(found), "security" in exercised(found)) == (["CreateOrder.status"], False)


@pytest.mark.parametrize(
    "raw",
    [
        b"Traceback (most recent call last):",
        b'{"trouble": "File \\"/app/main.py\\", line 3"}'.replace(b'\\"', b'"'),
        b"at com.acme.Orders.create(Orders.java:42)",
        b"at handler (/srv/app/index.js:10:5)",
        b"goroutine 1 [running]",
        b"sqlalchemy.exc.IntegrityError: UNIQUE",
        b"SQLSTATE[23505]",
        b"INSERT INTO orders (id) VALUES (1)",
        b"/usr/lib/python3/site-packages/x.py",
    ],
)
def test_an_error_that_shows_the_inside_is_a_finding(raw: bytes) -> None:
    found = checked(Response(400, {}, REFUSAL, raw=raw), Intent.OPEN)
    assert broken(found) == ["CreateOrder.discloses-nothing"]


@pytest.mark.parametrize(
    "raw", [b'{"trouble": "select a deal, where it applies"}', b"at line 3 (column 4)", b""]
)
def test_an_error_that_speaks_of_the_request_is_none(raw: bytes) -> None:
    assert broken(checked(Response(400, {}, REFUSAL, raw=raw), Intent.OPEN)) == []


def test_what_an_order_says_is_no_inside_of_the_server() -> None:
    order = {**ORDER, "note": "SQLSTATE[23505]"}
    assert broken(checked(response(200, order))) == []


def link(name: str) -> Any:
    return next(one for one in operation("CreateOrder").links if one.name == name)


def test_two_exchanges_are_judged_together() -> None:
    request = Request("POST", "/orders", body=BODY)
    first = Exchange("CreateOrder", request, response(200, ORDER))
    reading = Request("GET", "/orders/o-1", {"id": "o-1"})
    right = Exchange("RetrieveOrder", reading, response(200, ORDER))
    wrong = Exchange("RetrieveOrder", reading, response(200, {**ORDER, "total": 9}))
    assert check_link(contract(), link("retrieve"), first, right) == Checked(
        exercised=Counter(["kiosk.retrieve-order.reads-back"])
    )
    finding = check_link(contract(), link("retrieve"), first, wrong).findings[0]
    assert (finding.clause, finding.at) == ("kiosk.retrieve-order.reads-back", "/total")
    assert finding.operation == "RetrieveOrder"


def test_a_check_that_crashes_is_told_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("orderspec.fuzz.checks.judge_response", crash)
    found = checked(response(400, REFUSAL))
    assert broken(found) == ["CreateOrder.accepts"]
    assert [text.partition(":")[0] for text in found.defects] == [
        "a defect of orderspec, please report it"
    ]


def test_a_rule_that_the_request_broke_on_its_way_in_is_not_held_against_the_answer() -> None:
    twins = {**ORDER, "total": 2, "lines": [LINE, LINE]}
    found = checked(response(200, twins), Intent.OPEN)
    assert "order.line-uids" in broken(found)
    lenient = checked(
        response(200, twins), Intent.OPEN, broken=frozenset({"kiosk.order.line-uids"})
    )
    assert "order.line-uids" not in broken(lenient)


def test_findings_of_one_exchange_name_its_operation() -> None:
    found = checked(replace(response(201, ORDER)))
    assert {finding.operation for finding in found.findings} == {"CreateOrder"}
