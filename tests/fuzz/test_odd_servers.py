"""Servers that are down, odd, slow, strict, or end in the middle."""

import time
from pathlib import Path

import pytest

from orderspec.campaigns import CampaignReport
from orderspec.contract import catalog
from orderspec.errors import TargetError, UsageError
from orderspec.findings import Verdict
from orderspec.fuzz.campaign import run
from orderspec.fuzz.sending import Sender
from orderspec.fuzz.settings import Settings
from tests.fuzz.kiosk import Kiosk, answer, campaign, contract, refusing, wanting_shops
from tests.fuzz.servers import Answer, Call, Drip, Drop, Hang, Serve, serving

PAGE = Answer(200, b"<!doctype html><h1>Welcome</h1>", {"Content-Type": "text/html"})


def clauses(report: CampaignReport) -> set[str]:
    return {one.clause.removeprefix("kiosk.") for one in report.findings}


def silent(kind: type[Exception]) -> Serve:
    """Make a server that never answers."""

    def serve(_: Call) -> Answer:
        raise kind

    return serve


def test_a_server_that_is_down_ends_the_campaign() -> None:
    with serving(Kiosk()) as (url, _):
        pass
    with pytest.raises(TargetError, match=f"no API answers at {url}: .*refused") as caught:
        run(contract(), Settings(url), lambda _: None)
    assert "Check the address" in caught.value.hint


@pytest.mark.parametrize("kind", [Hang, Drip, Drop])
def test_a_server_that_never_answers_ends_it_in_time(kind: type[Exception]) -> None:
    started = time.monotonic()
    with pytest.raises(TargetError, match="no API answers"):
        campaign(silent(kind), timeout=0.3, max_time=30.0)
    assert time.monotonic() - started < 6


def test_a_timeout_beyond_the_campaigns_end_ends_with_the_campaign() -> None:
    started = time.monotonic()
    with pytest.raises(TargetError, match="did not answer within --max-time"):
        campaign(silent(Hang), timeout=60.0, max_time=0.5)
    assert time.monotonic() - started < 6


@pytest.mark.parametrize("status", [200, 404])
def test_a_server_of_pages_is_not_an_api(status: int) -> None:
    with pytest.raises(TargetError, match="HTML page"):
        campaign(lambda _: Answer(status, PAGE.body, PAGE.headers))


def test_a_page_without_a_type_is_known_by_its_look() -> None:
    with pytest.raises(TargetError, match="HTML page"):
        campaign(lambda _: Answer(200, PAGE.body, {"Content-Type": "text/plain"}))


def test_refusals_as_pages_are_findings_of_an_api() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        return given if given.status == 200 else Answer(given.status, PAGE.body, PAGE.headers)

    report, _ = campaign(serve)
    assert "CreateOrder.response.4XX" in clauses(report)


def test_a_redirect_is_told_with_where_it_leads() -> None:
    headers = {"Location": "https://elsewhere/orders"}
    with pytest.raises(TargetError, match="https://elsewhere/orders"):
        campaign(lambda _: Answer(308, b"", headers))


def test_a_server_that_wants_credentials_says_which() -> None:
    with pytest.raises(TargetError, match="wants credentials") as caught:
        campaign(Kiosk(), credentials={})
    assert "--credential bearer=…" in caught.value.hint


def test_refused_credentials_are_told_and_not_shown() -> None:
    with pytest.raises(TargetError, match="the credentials are refused") as caught:
        campaign(Kiosk(), credentials={"bearer": "wrong-Secret"})
    assert "wrong-Secret" not in str(caught.value)


def test_a_login_page_is_about_credentials() -> None:
    with pytest.raises(TargetError, match="credentials"):
        campaign(lambda _: Answer(401, PAGE.body, PAGE.headers))


def test_a_secret_that_no_header_carries_is_refused_before_anything_is_sent() -> None:
    with serving(Kiosk()) as (url, calls), pytest.raises(UsageError, match="bearer"):
        run(contract(), Settings(url, credentials={"bearer": "a\nb"}), lambda _: None)
    assert calls == []


@pytest.mark.parametrize("status", [500, 503])
@pytest.mark.parametrize("body", [b"", b"{}", PAGE.body])
def test_a_server_that_always_fails_breaks_its_status_once(status: int, body: bytes) -> None:
    report, _ = campaign(lambda _: Answer(status, body), most_server_errors=0)
    assert report.verdict is Verdict.VIOLATIONS
    assert clauses(report) == {"CreateOrder.status", "RetrieveOrder.status"}
    assert (report.accepted, len(report.findings)) == (0, 2)
    assert all(one.got == status for one in report.findings)


@pytest.fixture
def _wanting_shops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(wanting_shops(tmp_path / "tree")))


@pytest.mark.usefixtures("_wanting_shops")
def test_nothing_accepted_is_inconclusive_and_tells_what_to_give() -> None:
    """Whether the shop exists there is not known, so no refusal is a finding."""
    report, _ = campaign(refusing, examples_exist=False)
    notes = "\n".join(report.notes)
    assert (report.verdict, report.findings) == (Verdict.INCONCLUSIVE, ())
    assert report.valid > 3
    assert f"None of {report.valid} valid requests was accepted" in notes
    assert "--value shop=…" in notes
    assert "--value order" not in notes


@pytest.mark.usefixtures("_wanting_shops")
def test_a_value_that_was_given_makes_refusals_findings() -> None:
    report, _ = campaign(refusing, examples_exist=False, values={"shop": ("S1",)})
    assert (report.verdict, clauses(report)) == (Verdict.VIOLATIONS, {"CreateOrder.accepts"})


def limited(every: int, pause: str) -> Serve:
    """Make a kiosk that asks for patience at every so many calls."""
    kiosk, calls = Kiosk(), list[Call]()

    def serve(call: Call) -> Answer:
        calls.append(call)
        if len(calls) % every == 0:
            return Answer(429, b'{"trouble": "slow down"}', {"Retry-After": pause})
        return kiosk(call)

    return serve


@pytest.mark.parametrize("pause", ["0", "soon", "²", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_server_that_asks_for_patience_gets_it(
    pause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(Sender, "_sleep", lambda _, seconds: slept.append(seconds))
    report, _ = campaign(limited(10, pause))
    assert (report.verdict, report.findings) == (Verdict.CONFORMS, ())
    assert set(slept) == {0.0 if pause == "0" else 1.0}


def test_a_pause_beyond_the_campaigns_end_ends_it() -> None:
    started = time.monotonic()
    report, _ = campaign(limited(50, "3600"), max_time=60.0)
    assert time.monotonic() - started < 30
    assert report.stopped.startswith("the server asks for a pause of 3600 s (429)")


def test_a_server_that_only_asks_for_patience_is_told_at_once() -> None:
    with pytest.raises(TargetError, match="429"):
        campaign(lambda _: Answer(429, b"{}", {"Retry-After": "0"}))


def test_what_was_limited_says_nothing() -> None:
    """A kiosk that answers ten calls and then nobody any more."""
    kiosk, calls = Kiosk(), list[Call]()

    def serve(call: Call) -> Answer:
        calls.append(call)
        return kiosk(call) if len(calls) <= 10 else Answer(429, b"no", {"Retry-After": "0"})

    report, _ = campaign(serve)
    assert (report.findings, report.verdict) == ((), Verdict.INCONCLUSIVE)
    assert any("(429)" in note for note in report.notes)


@pytest.mark.parametrize("kind", [Drop, Hang])
def test_a_server_that_dies_keeps_what_was_found(kind: type[Exception]) -> None:
    kiosk, calls = Kiosk(), list[Call]()

    def serve(call: Call) -> Answer:
        calls.append(call)
        if len(calls) > 30:
            raise kind
        given = kiosk(call)
        return answer({"id": "same", "total": -1}) if given.status == 200 else given

    started = time.monotonic()
    report, _ = campaign(serve, timeout=0.3)
    assert report.stopped.startswith("the server stopped answering")
    assert {"CreateOrder.response.200", "CreateOrder.status"} <= clauses(report)
    assert any("no answer" in one.message for one in report.findings)
    assert time.monotonic() - started < 6


def test_a_request_that_brings_a_connection_down_is_a_finding_and_the_campaign_goes_on() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        if b"\\ud800" in call.body:
            raise Drop
        return kiosk(call)

    report, calls = campaign(serve)
    [found] = report.findings
    assert (found.clause, found.keyword) == ("kiosk.CreateOrder.status", "no-answer")
    assert "half a surrogate" in found.message
    assert "not again" not in found.message
    assert len(calls) > 80


def test_a_request_that_hangs_once_is_not_called_proven() -> None:
    kiosk, calls = Kiosk(), list[Call]()

    def serve(call: Call) -> Answer:
        calls.append(call)
        if len(calls) == 12:
            raise Hang
        return kiosk(call)

    report, _ = campaign(serve, timeout=0.3)
    [found] = report.findings
    assert "no answer within 0.3 s" in found.message
    assert "seen once, but not again" in found.message


def test_a_campaign_keeps_its_time() -> None:
    kiosk, max_time = Kiosk(), 0.6

    def serve(call: Call) -> Answer:
        time.sleep(0.02)
        given = kiosk(call)
        return answer({"id": call.target}) if given.status == 200 else given

    started = time.monotonic()
    report, _ = campaign(serve, max_time=max_time, max_examples=100_000)
    assert time.monotonic() - started < max_time + 1
    assert report.stopped == "the time is over"
    assert report.findings


def test_hangs_in_the_middle_do_not_lengthen_a_campaign() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        if call.method == "GET":
            raise Hang
        return kiosk(call)

    started = time.monotonic()
    report, _ = campaign(serve, timeout=30.0, max_time=0.6)
    assert time.monotonic() - started < 4
    assert report.stopped


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"text"', b"7", b"{", b"\xff"])
def test_any_body_of_a_success_is_judged(body: bytes) -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        return Answer(200, body) if given.status == 200 else given

    report, _ = campaign(serve)
    assert report.verdict is Verdict.VIOLATIONS
    assert "CreateOrder.response.200" in clauses(report)
    assert not [note for note in report.notes if "could not be done" in note]
