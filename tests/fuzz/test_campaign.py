"""Campaigns against the kiosk: when it keeps its contract, and when it does not."""

import signal
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from orderspec import exact_json
from orderspec.campaigns import CampaignReport
from orderspec.findings import Finding, Severity, Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.curl import variable
from orderspec.fuzz.sequences import AT_ONCE
from orderspec.fuzz.settings import Progress, Settings
from tests.fuzz.kiosk import (
    TOKEN,
    UNHURRIED,
    Kiosk,
    answer,
    campaign,
    changing,
    contract,
    refused,
)
from tests.fuzz.servers import Answer, Call, serving
from tests.fuzz.test_curl import needs_curl

WHOLE = 400.0


def findings(report: CampaignReport) -> dict[str, Finding]:
    return {one.clause.removeprefix("kiosk."): one for one in report.findings}


def test_a_server_that_keeps_its_contract_conforms() -> None:
    report, calls = campaign(Kiosk())
    assert (report.verdict, report.findings, report.notes) == (Verdict.CONFORMS, (), ())
    assert report.requests == len(calls)
    untested = [one.clause.id for one in report.clauses if one.status != "pass"]
    assert untested == ["kiosk.CreateOrder.keeps-apart"]  # nothing in its orders is free text
    assert report.valid == report.accepted > 3


def test_what_nobody_told_of_is_used_once_the_server_took_it() -> None:
    report, calls = campaign(Kiosk(), examples_exist=False)
    assert report.verdict is Verdict.CONFORMS
    assert sum(b'"shop":"S1"' in call.body for call in calls) > 3


def test_what_the_server_does_not_have_is_left_out_after_a_guess() -> None:
    kiosk = Kiosk()

    def without_shops(call: Call) -> Answer:
        return refused(422, "no such shop") if b'"shop"' in call.body else kiosk(call)

    report, calls = campaign(without_shops, examples_exist=False)
    assert (report.verdict, report.findings) == (Verdict.CONFORMS, ())
    guesses = [call for call in calls if b'"shop":"S1"' in call.body]
    assert len(guesses) == 1


@pytest.mark.usefixtures("_generating")
def test_the_same_seed_sends_the_same_requests_byte_for_byte() -> None:
    """Schemathesis' too; the campaigns are short of no time, so nothing is cut off.

    The first campaign of a process pays for imports and tables in schemathesis' own time, so it is
    not one of the two. What is sent at the same time arrives in any order: it comes last, with the
    read-backs of what it made.
    """
    campaign(Kiosk(), max_examples=1)
    runs = [campaign(Kiosk(), max_time=WHOLE, max_examples=3, seed=7) for _ in range(2)]
    for report, calls in runs:
        assert (report.verdict, report.findings, report.notes) == (Verdict.CONFORMS, (), ())
        assert len(calls) > 200
    one, other = ([call.sent for call in calls] for _, calls in runs)
    last = 2 * AT_ONCE
    assert one[:-last] == other[:-last]
    assert sorted(one[-last:]) == sorted(other[-last:])


def test_another_seed_sends_other_requests() -> None:
    runs = [campaign(Kiosk(), seed=seed)[1] for seed in (7, 8)]
    assert [call.sent for call in runs[0]] != [call.sent for call in runs[1]]


def test_a_second_campaign_on_the_same_server_repeats_no_key() -> None:
    kiosk = Kiosk()
    for _ in range(2):
        report, _ = campaign(kiosk, seed=7)
        assert report.verdict is Verdict.CONFORMS
        orders = len(kiosk.orders)
    assert len({repr(body) for body, _ in kiosk.keys.values()}) == len(kiosk.keys)
    assert orders > 2 * 8


@pytest.mark.parametrize(
    "change,clause,at",
    [
        (lambda order: order.update(total=order["total"] + 1), "order.total", "/total"),
        (lambda order: order.update(total="9"), "CreateOrder.response.200", "/total"),
        (lambda order: order.pop("id"), "CreateOrder.response.200", ""),
        (
            lambda order: order.update(lines=order["lines"][1:]),
            "create-order.keeps-lines",
            "",
        ),
    ],
)
def test_a_fault_is_found_once_and_proven_on_a_small_request(
    change: Callable[[dict[str, Any]], object], clause: str, at: str
) -> None:
    report, _ = campaign(changing(change), max_examples=5)
    found = findings(report)[clause]
    assert report.verdict is Verdict.VIOLATIONS
    assert found.at == at
    assert found.count is not None
    assert "not again" not in found.message
    assert len([one for one in report.findings if one.clause == found.clause]) == 1
    assert found.curl is not None
    assert "note" not in found.curl
    assert "deals" not in found.curl


def test_an_id_that_is_given_twice_is_found_without_following_a_link() -> None:
    found = findings(campaign(changing(lambda order: order.update(id="same")))[0])
    assert found["create-order.new-id"].at == "/id"
    assert "not again" not in found["create-order.new-id"].message
    assert str(found["create-order.new-id"].curl).count("curl ") == 2


def test_a_fault_that_needs_a_part_keeps_this_part() -> None:
    def forget(order: dict[str, Any]) -> None:
        if "note" in order:
            order["total"] += 1

    found = findings(campaign(changing(forget), max_examples=5)[0])["order.total"]
    assert found.curl is not None
    assert '"note"' in found.curl
    assert '"deals"' not in found.curl


def test_stored_orders_that_change_are_found_by_the_link() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        if call.method == "GET" and given.status == 200:
            order = exact_json.from_text(given.body)
            return answer({**order, "total": order["total"] + 1, "lines": order["lines"]})
        return given

    report, _ = campaign(serve)
    found = findings(report)["retrieve-order.reads-back"]
    assert found.curl is not None
    assert found.curl.count("curl ") == 2
    assert found.operation == "RetrieveOrder"


def test_an_open_door_is_found() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        headers = {**call.headers, "authorization": f"Bearer {TOKEN}"}
        return kiosk(Call(call.method, call.target, headers, call.body))

    report, _ = campaign(serve)
    security = [one for one in report.findings if one.clause == "kiosk.CreateOrder.security"]
    assert {one.keyword for one in security} >= {"no credentials", "a wrong secret as bearer"}
    assert all(TOKEN not in str(one) and "Secret" not in str(one) for one in report.findings)


def test_a_prefix_of_the_secret_that_is_enough_is_found() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = call.headers.get("authorization", "")
        enough = given.startswith(f"Bearer {TOKEN}")
        headers = {"authorization": f"Bearer {TOKEN}" if enough else ""}
        return kiosk(Call(call.method, call.target, headers, call.body))

    found = findings(campaign(serve)[0])["CreateOrder.security"]
    assert found.keyword == "the secret and more as bearer"


def test_a_server_that_checks_nothing_is_found_on_stated_promises_only() -> None:
    order = {"id": "o", "total": 0, "lines": []}
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        return answer(order) if call.method == "POST" and given.status == 400 else given

    report, _ = campaign(serve)
    found = findings(report)
    assert {"CreateOrder.refuses", "order.deals-resolve"} <= found.keys()
    assert "order.small" not in found
    assert "/order/kind" not in {one.at for one in report.findings}


def test_a_finding_that_does_not_show_again_says_so() -> None:
    seen: list[Call] = []

    def once(order: dict[str, Any]) -> None:
        seen.append(Call("", ""))
        if len(seen) == 5:
            order["total"] += 1

    report, _ = campaign(changing(once))
    assert report.findings
    for found in report.findings:
        assert "but not again in 3 tries alone)" in found.message


def test_the_first_finding_ends_a_campaign_that_asks_for_one() -> None:
    serve = changing(lambda order: order.update(total=-1))
    long, short = campaign(serve)[0], campaign(serve, first_only=True)[0]
    assert (short.stopped, long.stopped) == ("a finding was made", "")
    assert short.first_finding == long.first_finding == 2
    assert short.requests < long.requests
    assert 0 < (short.seconds_to_first or 0) < short.seconds


@needs_curl
def test_the_line_of_a_finding_shows_it_again() -> None:
    serve = changing(lambda order: order.update(total=-1))
    with serving(serve) as (url, calls):
        settings = Settings(url, credentials={"bearer": TOKEN}, max_time=UNHURRIED, max_examples=1)
        report = run(contract(), settings, lambda _: None)
        line = findings(report)["order.total"].curl
        assert line is not None
        assert any(note.endswith(f"export {variable('bearer')}=…") for note in report.notes)
        assert TOKEN not in line
        environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", variable("bearer"): TOKEN}
        done = subprocess.run(
            ["sh", "-c", line], env=environment, capture_output=True, timeout=20, check=True
        )
    assert exact_json.from_text(done.stdout)["total"] == -1
    assert calls[-1].headers["authorization"] == f"Bearer {TOKEN}"


def interrupt_at_once() -> None:
    raise KeyboardInterrupt


def interrupt_as_the_terminal_does() -> None:
    signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("press", [interrupt_at_once, interrupt_as_the_terminal_does])
def test_an_interruption_keeps_what_was_found(press: Callable[[], None]) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.findings:
            press()

    report, _ = campaign(changing(lambda order: order.update(total=-1)), interrupt)
    assert (report.stopped, report.verdict) == ("interrupted", Verdict.VIOLATIONS)
    assert "not sent again" in report.findings[0].message
    assert report.notes[0] == "Ended early: interrupted."


@pytest.mark.usefixtures("_generating")
def test_an_interruption_of_the_generation_ends_the_campaign() -> None:
    def interrupt(progress: Progress) -> None:
        if progress.requests > 150:
            raise KeyboardInterrupt

    report, calls = campaign(Kiosk(), interrupt)
    assert report.stopped == "interrupted"
    assert len(calls) < 400


def test_a_step_that_crashes_is_told_and_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("orderspec.fuzz.steps.refusals", crash)
    broken, _ = campaign(changing(lambda order: order.update(total=-1)))
    right, _ = campaign(Kiosk())
    assert broken.verdict is Verdict.VIOLATIONS
    assert right.verdict is Verdict.INCONCLUSIVE
    assert any("ZeroDivisionError" in note for note in right.notes)


def test_a_check_that_crashes_is_told_and_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("orderspec.fuzz.checks.judge_response", crash)
    report, _ = campaign(lambda _: refused(500, "oh"))
    assert "CreateOrder.status" in findings(report)
    report, _ = campaign(Kiosk())
    assert report.verdict is Verdict.INCONCLUSIVE
    assert any("ZeroDivisionError" in note for note in report.notes)


def test_a_warning_alone_leaves_a_server_conforming() -> None:
    """Nothing of the kiosk's contract is inferred but what a kind is."""
    report, _ = campaign(changing(lambda order: order.update(kind="")))
    assert {found.at for found in report.findings} == {"/kind"}
    assert {found.severity for found in report.findings} == {Severity.WARNING}
    assert report.verdict is Verdict.CONFORMS


def test_progress_counts_up() -> None:
    shown: list[Progress] = []
    report, _ = campaign(Kiosk(), shown.append)
    assert [one.requests for one in shown] == list(range(1, report.requests + 1))
    assert shown[-1].exercised + 1 == shown[-1].clauses == len(report.clauses)
    assert shown[-1].seconds_left >= 0
