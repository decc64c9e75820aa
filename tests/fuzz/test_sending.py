"""Campaigns that keep their time, keep a pace, and leave a server alone that is in trouble."""

import time
from contextlib import suppress
from threading import Timer
from typing import Any

import pytest

from orderspec.campaigns import CampaignReport
from orderspec.errors import ReadError
from orderspec.exchange import Exchange, Response
from orderspec.findings import Verdict
from orderspec.fuzz.cases import Case, Intent, request_to
from orderspec.fuzz.generation import generate
from orderspec.fuzz.sending import LONGEST_START, TIME_OVER, Ended, Sender
from orderspec.fuzz.session import Session
from orderspec.fuzz.settings import Settings
from orderspec.fuzz.transport import NoAnswerError, Transport
from orderspec.validation.json_text import parse
from tests.fuzz.kiosk import TOKEN, Kiosk, answer, campaign, contract
from tests.fuzz.servers import Answer, Call, Drop, Hang, Serve, serving

SLACK = 1.0
"""Seconds beside the tenth of its time that a campaign may take on a busy machine."""


def statuses(report: CampaignReport) -> list[str]:
    return [one.clause for one in report.findings if one.clause.endswith(".status")]


def slow(serve: Serve, seconds: float) -> Serve:
    """Make a server take its time for each answer."""

    def serve_slowly(call: Call) -> Answer:
        time.sleep(seconds)
        return serve(call)

    return serve_slowly


def hanging(every: int) -> Serve:
    """Make a kiosk that is wrong, and gives no answer to one call of so many."""
    kiosk, calls = Kiosk(), list[Call]()

    def serve(call: Call) -> Answer:
        calls.append(call)
        if len(calls) % every == 0:
            raise Hang
        given = kiosk(call)
        return answer({"id": call.target}) if given.status == 200 else given

    return serve


@pytest.mark.usefixtures("_generating")
@pytest.mark.parametrize("timeout", [0.4, 30.0])
@pytest.mark.parametrize("make", [lambda: slow(Kiosk(), 0.3), lambda: hanging(9)])
def test_a_campaign_keeps_its_time_on_slow_and_hanging_servers(make: Any, timeout: float) -> None:
    """With what schemathesis generates, and with findings to prove."""
    max_time, started = 4.5, time.monotonic()
    report, _ = campaign(make(), max_time=max_time, timeout=timeout, max_examples=100_000)
    assert time.monotonic() - started < max_time * 1.1 + SLACK
    assert report.stopped == TIME_OVER


def timed() -> tuple[Serve, list[float]]:
    """Make a kiosk that notes when each call comes."""
    kiosk, times = Kiosk(), list[float]()

    def serve(call: Call) -> Answer:
        times.append(time.monotonic())
        return kiosk(call)

    return serve, times


def is_kept(rate: int, times: list[float]) -> bool:
    """Hold the calls of more than a second to a rate; one may be late, all together may not.

    Schemathesis finds out by two requests of its own, ahead, what the server can.
    """
    enough = len(times) > rate * 1.5
    return enough and times[-1] - times[0] > (len(times) - 1 - 2) / rate - 0.3


def test_an_interrupt_ends_a_long_pause() -> None:
    """In whatever thread: schemathesis sends in one of its own."""
    sender = Sender(contract(), Settings("http://127.0.0.1:9", max_time=60.0))

    def interrupt() -> None:
        sender.interrupt.is_wanted = True

    Timer(0.2, interrupt).start()
    started = time.monotonic()
    with pytest.raises(Ended, match="interrupted"):
        sender.heed(Response(429, {"retry-after": "20"}), 0)
    assert time.monotonic() - started < 5


def test_a_rate_is_kept() -> None:
    serve, times = timed()
    campaign(serve, rate=30, max_time=4.0, max_examples=100_000)
    assert is_kept(30, times)


@pytest.mark.usefixtures("_generating")
def test_a_rate_is_kept_by_what_schemathesis_sends() -> None:
    serve, times = timed()
    sessions: list[Session] = []

    def ending(call: Call) -> Answer:
        sessions[0].sender.interrupt.is_wanted = len(times) > 45
        return serve(call)

    with serving(ending) as (url, _):
        settings = Settings(url, credentials={"bearer": TOKEN}, rate=15, max_time=240.0)
        sessions.append(Session(contract(), settings, lambda _: None))
        with suppress(Ended):
            generate(sessions[0])
    assert is_kept(15, times)


def test_a_rate_that_leaves_no_time_for_a_second_request_ends_a_campaign() -> None:
    report, calls = campaign(Kiosk(), rate=0.1, max_time=1.0)
    assert (len(calls), report.stopped) == (1, TIME_OVER)


def test_pauses_grow_while_a_server_says_nothing_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(Sender, "_sleep", lambda _, seconds: slept.append(seconds))
    kiosk, calls = Kiosk(), list[Call]()

    def serve(call: Call) -> Answer:
        calls.append(call)
        return Answer(429, b"{}") if 20 < len(calls) <= 24 else kiosk(call)

    report, _ = campaign(serve)
    assert slept == [1.0, 2.0, 4.0, 8.0]
    assert (report.verdict, report.findings) == (Verdict.CONFORMS, ())


def test_a_server_that_puts_off_one_request_after_the_other_is_left_alone() -> None:
    kiosk, calls = Kiosk(), list[Call]()

    def serve(call: Call) -> Answer:
        calls.append(call)
        return kiosk(call) if len(calls) <= 10 else Answer(429, b"no", {"Retry-After": "0"})

    report, _ = campaign(serve)
    assert len(calls) < 40
    assert "put off 3 requests in a row (429); --rate" in report.stopped
    assert report.findings == ()


@pytest.mark.usefixtures("_generating")
def test_generated_requests_heed_a_server_that_asks_for_patience() -> None:
    """It asks for a pause at each sixtieth call, and gets it."""
    kiosk, since, count, early = Kiosk(), [0.0], [0], list[Call]()

    def serve(call: Call) -> Answer:
        now = time.monotonic()
        if since[0] - 0.8 < now < since[0]:  # what was sent at the same time may come later
            early.append(call)
        count[0] += 1
        if count[0] % 60 == 0:
            since[0] = now + 0.9
            return Answer(429, b"{}", {"Retry-After": "1"})
        return kiosk(call)

    report, calls = campaign(serve, max_time=40.0, max_examples=20)
    assert len(calls) > 120
    assert early == []
    assert report.findings == ()


def failing_after(number: int, status: int = 503) -> tuple[Serve, list[Call]]:
    """Make a kiosk that fails at everything after so many calls."""
    kiosk, calls = Kiosk(), list[Call]()

    def serve(call: Call) -> Answer:
        calls.append(call)
        return kiosk(call) if len(calls) <= number else Answer(status, b"{}")

    return serve, calls


def test_a_server_that_fails_again_and_again_is_left_alone() -> None:
    serve, calls = failing_after(20)
    report, _ = campaign(serve, most_server_errors=7)
    reason = "the server failed 7 times in a row, last with 503"
    assert report.stopped == reason
    assert any(reason in note for note in report.notes)
    assert report.verdict is Verdict.VIOLATIONS
    # One asks whether what was accepted before still is, in the campaign and before proving.
    assert len(calls) <= 20 + 7 + 2


def test_a_server_that_always_failed_is_left_alone() -> None:
    serve, calls = failing_after(0, 500)
    report, _ = campaign(serve, most_server_errors=5)
    assert len(calls) <= 6
    assert (report.verdict, len(statuses(report))) == (Verdict.VIOLATIONS, 1)


def test_zero_never_leaves_it_alone() -> None:
    serve, calls = failing_after(20)
    report, _ = campaign(serve, most_server_errors=0)
    assert (report.stopped, len(calls) > 60) == ("", True)


def crashing(way: Answer | type[Exception]) -> Serve:
    """Make a kiosk that crashes on each body that is not JSON."""
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        try:
            parse(call.body or b"{}")
        except ReadError:
            if isinstance(way, Answer):
                return way
            raise way from None
        return kiosk(call)

    return serve


@pytest.mark.parametrize("way", [Answer(500), Drop], ids=["500", "dropped"])
def test_crashes_on_what_is_malformed_do_not_end_a_campaign(way: Any) -> None:
    """They come in a row: what was accepted before still is."""
    report, calls = campaign(crashing(way), most_server_errors=2)
    whole, all_calls = campaign(Kiosk())
    assert report.stopped == whole.stopped == ""
    assert statuses(report)
    assert {clause.clause.id for clause in report.clauses if clause.exercised} == {
        clause.clause.id for clause in whole.clauses if clause.exercised
    }
    assert len(calls) >= len(all_calls)


class Restarting:
    """Stands in for a connection: it refuses a few times, as a server does that starts anew."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        self.answer = Transport.send
        send = lambda *given: self.send(*given)  # noqa: E731, PLW0108 (it gets the connection)
        monkeypatch.setattr(Transport, "send", send)
        monkeypatch.setattr("time.sleep", lambda _: None)

    def send(self, *given: Any) -> Exchange:
        if self.left:
            self.left -= 1
            reason = "the connection failed: refused"
            raise NoAnswerError(reason, timed_out=False, refused=True)
        return self.answer(*given)


def sender_and_case(url: str) -> tuple[Sender, Case]:
    settings = Settings(url, credentials={"bearer": TOKEN}, max_time=60.0)
    operation = contract().operations["CreateOrder"]
    request = request_to(operation, {"order": {"lines": []}})
    return Sender(contract(), settings), Case(operation.id, request, Intent.ACCEPTED)


def test_a_server_that_starts_anew_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Restarting(monkeypatch)
    with serving(Kiosk()) as (url, calls):
        sender, case = sender_and_case(url)
        sender.send(case)
        connection.left = 9
        assert sender.send(case).response.ok
    assert (len(calls), sender.requests) == (2, 2)


def test_a_server_that_was_never_there_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Restarting(monkeypatch)
    connection.left = 1
    sender, case = sender_and_case("http://127.0.0.1:9")
    with pytest.raises(NoAnswerError, match="refused"):
        sender.send(case)


def test_a_server_that_stays_away_ends_the_campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    connection, clock = Restarting(monkeypatch), [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setattr("time.sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    with serving(Kiosk()) as (url, _):
        sender, case = sender_and_case(url)
        sender.send(case)
        connection.left = 10_000
        for _ in range(3):
            with pytest.raises(NoAnswerError):
                sender.send(case)
        with pytest.raises(Ended, match="stopped answering"):
            sender.send(case)
    assert clock[0] == pytest.approx(4 * LONGEST_START, abs=1)


def test_an_answer_that_is_heeded_counts_as_one_that_was_sent() -> None:
    with serving(lambda _: Answer(200)) as (url, _):
        sender, case = sender_and_case(url)
        for _ in range(25):
            sender.heed(Response(500), 0)
        with pytest.raises(Ended, match="25 times in a row"):
            sender.send(case)
