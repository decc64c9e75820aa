"""What a campaign that can say little tells, and what a server that refuses everything proves."""

from pathlib import Path

import pytest

from orderspec.campaigns import CampaignReport
from orderspec.contract import catalog
from orderspec.findings import Verdict
from tests.fuzz.kiosk import TOKEN, Kiosk, answer, campaign, refused, refusing, wanting_shops
from tests.fuzz.servers import Answer, Call, Serve


def notes(report: CampaignReport) -> str:
    return "\n".join(report.notes)


def exercised(report: CampaignReport) -> set[str]:
    return {one.clause.id for one in report.clauses if one.exercised}


def saying(words: str, status: int = 422) -> Serve:
    """Make a server that knows the caller and refuses everything."""
    return lambda call: (
        refused(status, words)
        if call.headers.get("authorization") == f"Bearer {TOKEN}"
        else refused(401, "who are you?")
    )


@pytest.fixture
def _wanting_shops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(catalog.SPEC_VARIABLE, str(wanting_shops(tmp_path / "tree")))


@pytest.mark.usefixtures("_wanting_shops")
def test_a_server_that_refuses_everything_proves_no_refusal() -> None:
    report, _ = campaign(refusing, examples_exist=False)
    assert "kiosk.CreateOrder.refuses" not in exercised(report)
    assert "kiosk.CreateOrder.security" in exercised(report)
    assert report.verdict is Verdict.INCONCLUSIVE


def test_a_server_that_accepts_what_is_right_proves_its_refusals() -> None:
    report, _ = campaign(Kiosk())
    assert {"kiosk.CreateOrder.refuses", "kiosk.CreateOrder.security"} <= exercised(report)


@pytest.mark.usefixtures("_wanting_shops")
def test_the_servers_own_words_are_shown_once_cut_and_without_secrets() -> None:
    numbers = iter(range(10**6))

    def serve(call: Call) -> Answer:
        words = f"no shop for {TOKEN}, request {next(numbers)}, " + "and so on " * 50
        return saying(words)(call)

    report, _ = campaign(serve, examples_exist=False)
    [said] = [note for note in report.notes if note.startswith("The server's own words")]
    assert '422 {"trouble":"no shop for {bearer}, request ' in said
    assert said.endswith("…")
    assert len(said) < 260
    assert int(said.split(", ")[1].split()[0]) == report.valid


@pytest.mark.usefixtures("_wanting_shops")
def test_only_what_a_refused_request_refers_to_is_asked_for() -> None:
    report, _ = campaign(refusing, examples_exist=False)
    assert "What must exist on the server can be given: --value shop=…" in notes(report)
    assert notes(report).count("--value") == 1


def test_refusals_of_what_may_not_exist_are_told_where_others_were_accepted() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        return refused(422, "no such shop") if b'"shop":' in call.body else kiosk(call)

    report, _ = campaign(serve, examples_exist=False)
    assert report.accepted
    assert "nothing, since the requests refer to what may not exist on the server" in notes(report)
    assert "What does exist can be given: --value shop=…" in notes(report)


def test_nothing_but_404_asks_for_the_address() -> None:
    """Each refusal is worded after its path, so that the first one alone does not give it away."""
    numbers = iter(range(10**6))

    def serve(call: Call) -> Answer:
        return saying(f"{call.target} is unknown to worker {next(numbers)}", 404)(call)

    report, calls = campaign(serve)
    assert "Nothing but 404 came back: check the address." in notes(report)
    assert "/orders is asked for." in notes(report)
    assert len(calls) > 2


def test_an_operation_that_always_forbids_is_noted_and_draws_no_finding() -> None:
    kiosk = Kiosk()

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        return (
            refused(403, "may not read") if call.method == "GET" and given.status == 200 else given
        )

    report, _ = campaign(serve)
    assert "kiosk.RetrieveOrder.accepts" not in {one.clause for one in report.findings}
    assert "Every right request to RetrieveOrder was answered 401 or 403" in notes(report)
    assert report.verdict is Verdict.INCONCLUSIVE


def test_an_operation_that_forbids_what_it_allowed_before_draws_a_finding() -> None:
    kiosk, read = Kiosk(), [0]

    def serve(call: Call) -> Answer:
        given = kiosk(call)
        if call.method == "GET" and given.status == 200:
            read[0] += 1
            return given if read[0] < 3 else refused(403, "may not read")
        return given

    report, _ = campaign(serve)
    assert "kiosk.RetrieveOrder.accepts" in {one.clause for one in report.findings}


def test_a_secret_that_is_too_short_to_be_hidden_is_told() -> None:
    def serve(call: Call) -> Answer:
        return answer({"trouble": "no"}, 422) if call.headers.get("authorization") else Answer(401)

    report, _ = campaign(serve, credentials={"bearer": "abc"})
    assert "The credential bearer is so short" in notes(report)
