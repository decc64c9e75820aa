"""Campaigns by several processes: one report, whatever becomes of one of them."""

import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from typing import Any

import pytest

from orderspec.campaigns import CampaignReport
from orderspec.errors import TargetError
from orderspec.findings import Verdict
from orderspec.fuzz import workers
from orderspec.fuzz.settings import Progress, Settings
from orderspec.fuzz.values import Values
from tests.fuzz.kiosk import TOKEN, Kiosk, changing, contract, refused
from tests.fuzz.servers import Call, Serve, serving


def campaign(
    serve: Serve, progress: Any = lambda _: None, **settings: Any
) -> tuple[CampaignReport, list[Call]]:
    """Run a short campaign by two processes."""
    defaults = {
        "credentials": {"bearer": TOKEN},
        "examples_exist": True,
        "max_time": 60.0,
        "max_examples": 1,
        "workers": 2,
    }
    with serving(serve) as (url, calls):
        report = workers.run(contract(), Settings(url, **{**defaults, **settings}), progress)
    return report, list(calls)


def test_two_processes_report_as_one() -> None:
    shown: list[Progress] = []
    report, calls = campaign(Kiosk(), shown.append)
    assert (report.verdict, report.findings, report.stopped) == (Verdict.CONFORMS, (), "")
    assert "2 processes sent requests, with the seeds 1, 2." in report.notes
    # Schemathesis finds out by a request of its own or two what the server can.
    assert report.requests <= len(calls) <= report.requests + 4
    assert report.requests == sum(report.responses.values())
    assert [one.clause.id for one in report.clauses if not one.exercised] == [
        "kiosk.CreateOrder.keeps-apart"  # nothing in its orders is free text
    ]
    assert shown[-1].requests > shown[0].requests


def test_no_key_is_sent_by_two_processes() -> None:
    """Not even where the server's first answers are the same."""
    keys = []
    for seed in (1, 2):
        values = Values(contract(), seed, {})
        values.nonce = "order-1"
        keys.append({values.fresh(form=form) for form in (None, "uuid") for _ in range(500)})
    assert len(keys[0] | keys[1]) == 2000


def test_the_same_finding_of_both_is_one_with_both_counts() -> None:
    report, _ = campaign(changing(lambda order: order.update(total=-1)))
    alone, _ = campaign(changing(lambda order: order.update(total=-1)), workers=1)
    causes = Counter((one.clause, one.keyword, one.at) for one in report.findings)
    assert max(causes.values()) == 1
    assert {one.clause for one in report.findings} == {one.clause for one in alone.findings}
    [total] = [one for one in report.findings if one.clause == "kiosk.order.total"]
    [by_one] = [one for one in alone.findings if one.clause == "kiosk.order.total"]
    assert (total.count or 0) > (by_one.count or 0)
    assert total.seed in (1, 2)
    assert all(proof.shown for proof in report.proofs)
    assert len(report.proofs) == len(report.findings)


def test_the_rate_is_that_of_all_processes_together() -> None:
    rate, times, kiosk = 30, list[float](), Kiosk()

    def serve(call: Call) -> Any:
        times.append(time.monotonic())
        return kiosk(call)

    campaign(serve, rate=rate, max_time=9.0)
    assert len(times) > rate
    assert times[-1] - times[0] > (len(times) - 2) / rate - 0.3


def _dying(settings: Settings, code: str) -> Any:
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=errors)
    return workers._Worker(settings.seed, process, errors)  # noqa: SLF001 (one that dies)


@pytest.mark.parametrize("code,told", [
    ("raise SystemExit('no memory')", "it ended with 1: no memory"),
    ("import sys; sys.stdout.write('nonsense')", "it ended with 0"),
])  # fmt: skip
def test_a_process_that_dies_is_named_and_loses_nothing_of_the_others(
    code: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = workers._started  # noqa: SLF001 (replaced for one of them)
    monkeypatch.setattr(
        workers,
        "_started",
        lambda settings: _dying(settings, code) if settings.part else start(settings),
    )
    report, _ = campaign(changing(lambda order: order.update(total=-1)))
    assert report.verdict is Verdict.VIOLATIONS
    assert "kiosk.order.total" in {one.clause for one in report.findings}
    assert f"The process with seed 2 was lost, with what it saw: {told}" in report.notes


def test_an_interrupt_ends_all_and_tells_what_was_found() -> None:
    interrupts: list[Progress] = []

    def interrupting(progress: Progress) -> None:
        if progress.findings and progress.requests > 40 and not interrupts:
            interrupts.append(progress)
            signal.raise_signal(signal.SIGINT)

    serve = changing(lambda order: order.update(total=-1))
    started = time.monotonic()
    report, calls = campaign(serve, interrupting, max_examples=10_000)
    assert time.monotonic() - started < 30
    assert report.stopped == "interrupted"
    assert report.findings
    assert not any("was lost" in note for note in report.notes)
    assert len(calls) < 2000


def test_an_interrupt_loses_no_process_that_has_only_begun() -> None:
    def interrupting(_: Progress) -> None:
        if not interrupts:
            interrupts.append(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    interrupts: list[int] = []
    report, _ = campaign(Kiosk(), interrupting, max_examples=10_000)
    assert report.stopped == "interrupted"
    assert not any("was lost" in note for note in report.notes)


def test_a_second_interrupt_waits_for_no_process() -> None:
    def interrupting(progress: Progress) -> None:
        if progress.requests > 40:
            signal.raise_signal(signal.SIGINT)

    started = time.monotonic()
    report, _ = campaign(Kiosk(), interrupting, max_examples=10_000)
    assert time.monotonic() - started < 30
    assert report.stopped == "interrupted"


def test_a_server_that_lets_nobody_in_is_told_once() -> None:
    with pytest.raises(TargetError, match="the credentials are refused"):
        campaign(lambda _: refused(401, "who are you?"))
