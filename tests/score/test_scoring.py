"""A score: what the contract catches, what survives and why, in one process or several."""

from dataclasses import replace
from pathlib import Path

import pytest

from orderspec.errors import ContractError, TargetError
from orderspec.exchange import MISSING
from orderspec.fuzz.settings import Settings
from orderspec.report.score import score_form, score_text
from orderspec.score.judging import Fate, Judge, judge_all
from orderspec.score.mutants import Kind, Mutant, sample
from orderspec.score.recording import Recording, record
from orderspec.score.scoring import Effort, score
from orderspec.scores import Score, Survivor
from tests.fuzz.kiosk import SPEC, TOKEN, UNHURRIED, changing, contract, refusing
from tests.fuzz.servers import Serve, serving

REASONS = """
survivors:
  - operator: '*'
    at: /trouble
    because: equivalent
    reason: The wording of a refusal is the server's own.
  - operator: [drop, 'null']
    at: [/note, /state]
    operation: CreateOrder
    because: silent
    reason: Nothing says that it is shown.
"""


def scored(recording: Recording, folder: Path = SPEC / "kiosk", workers: int = 1) -> Score:
    return score(contract(), folder, recording, Effort(1, 1200, workers), lambda *_: None)


def survivor(score: Score, operator: str, at: str, operation: str) -> Survivor | None:
    found = (one for one in score.survivors if one.operation == operation)
    return next((one for one in found if (one.operator, one.at) == (operator, at)), None)


def with_reasons(folder: Path, text: str) -> Path:
    (folder / "survivors.yaml").write_text(text, "utf-8")
    return folder


def test_a_wrong_total_is_caught_and_a_reworded_refusal_survives(recording: Recording) -> None:
    found = scored(recording)
    assert survivor(found, "off-by-one", "/total", "CreateOrder") is None
    assert found.members["OrderAsSent/total"].caught > 0
    worded = survivor(found, "truncate", "/trouble", "CreateOrder")
    assert worded
    assert (worded.status, worded.reason, worded.because) == ("4XX", "", "")
    assert worded.count == worded.of > 0


def test_an_answer_to_a_create_is_caught_by_what_is_read_back(recording: Recording) -> None:
    """Nothing says that a note is echoed; that it reads back as it was created is a link's rule."""
    mutants = sample(contract(), recording, 1, 5000)
    judge = Judge(contract(), recording)
    changed = [m for m in mutants if (m.kind.operator, m.kind.at) == ("lengthen", "/note")]
    caught = {
        judge.fate(mutant).caught for mutant in changed if mutant.kind.operation == "CreateOrder"
    }
    assert caught == {"kiosk.retrieve-order.reads-back"}


def test_a_clause_of_inferred_evidence_warns_and_catches_nothing(recording: Recording) -> None:
    created = next(
        number
        for number, one in enumerate(recording.exchanges)
        if one.exchange.operation == "CreateOrder" and recording.is_measure(number)
        if one.exchange.response.ok and "kind" not in one.exchange.response.body
    )
    right = recording.exchanges[created].exchange.response
    wrong = replace(right, body={**right.body, "kind": ""})
    mutant = Mutant(Kind("CreateOrder", "200", "empty", "/kind", "Order/kind"), created, wrong)
    assert Judge(contract(), recording).fate(mutant) == Fate(
        warned="kiosk.CreateOrder.response.200"
    )


def test_the_shares_add_up_to_the_total(recording: Recording) -> None:
    found = scored(recording)
    for shares in (found.operators, found.members):
        assert sum(share.mutants for share in shares.values()) == found.total.mutants
        assert sum(share.caught for share in shares.values()) == found.total.caught
    assert sum(one.count for one in found.survivors) == found.total.mutants - found.total.caught


def test_equivalent_mutants_leave_the_denominator_and_silent_ones_stay(
    recording: Recording, tmp_path: Path
) -> None:
    plain = scored(recording)
    reasoned = scored(recording, with_reasons(tmp_path, REASONS))
    worded = sum(one.count for one in plain.survivors if one.at == "/trouble")
    assert reasoned.total.equivalent == worded > 0
    assert reasoned.total.wrong == plain.total.wrong - worded
    assert reasoned.total.percent > plain.total.percent
    worded_one = survivor(reasoned, "truncate", "/trouble", "CreateOrder")
    assert worded_one
    assert worded_one.because == "equivalent"


def test_a_reason_that_no_survivor_needs_is_told(recording: Recording, tmp_path: Path) -> None:
    text = REASONS.replace("[/note, /state]", "[/note, /total]").replace("[drop, 'null']", "drop")
    unused = scored(recording, with_reasons(tmp_path, text)).unused
    assert "/total: Nothing says that it is shown." in unused
    assert not any(one.startswith("/trouble") for one in unused)


@pytest.mark.parametrize(
    "text",
    [
        "survivors: {}",
        "survivors: [{operator: drop, at: /note, because: rare, reason: x}]",
        "survivors: [{operator: drop, at: /note, because: silent}]",
        "survivors: [{operator: drops, at: /note, because: silent, reason: x}]",
        "survivors: [{operator: drop, at: /note, operation: X, because: silent, reason: x}]",
        "survivors: [{operator: drop, at: /note, because: silent, reason: x, why: y}]",
        "[]",
    ],
)
def test_reasons_of_another_form_are_an_error(
    recording: Recording, tmp_path: Path, text: str
) -> None:
    with pytest.raises(ContractError, match=r"survivors\.yaml"):
        scored(recording, with_reasons(tmp_path, text))


def test_several_processes_judge_as_one_does(recording: Recording) -> None:
    mutants = sample(contract(), recording, 1, 250)
    seen: list[int] = []
    alone = judge_all(contract(), recording, mutants, 1, seen.append)
    assert seen == [100, 200, 250]
    assert judge_all(contract(), recording, mutants, 2, seen.append) == alone


def test_a_body_that_is_missing_is_missing_in_every_process() -> None:
    import pickle  # noqa: PLC0415 (for this one test)

    assert pickle.loads(pickle.dumps(MISSING)) is MISSING  # noqa: S301 (our own bytes)


def test_the_json_form_names_what_was_agreed(recording: Recording) -> None:
    form = score_form(scored(recording))
    assert {"format": 1, "command": "score", "provider": "kiosk"}.items() <= form.items()
    assert form["mutants"] >= form["caught"] + form["equivalent"]
    assert {"operators", "members"} == form["shares"].keys()
    assert form["survivors"]
    for one in form["survivors"]:
        assert {"operator", "at", "operation", "reason"} <= one.keys()


def test_the_text_tells_shares_and_groups_survivors_by_reason(
    recording: Recording, tmp_path: Path
) -> None:
    text = score_text(scored(recording, with_reasons(tmp_path, REASONS)), every=True)
    assert text.startswith("kiosk: ")
    assert "By fault" in text
    assert "equivalent: The wording of a refusal is the server's own." in text
    assert "CreateOrder 4XX /trouble:" in text


def attempted(serve: Serve) -> None:
    with serving(serve) as (url, _):
        settings = Settings(url, credentials={"bearer": TOKEN}, max_time=UNHURRIED, max_examples=1)
        record(contract(), settings, lambda _: None)


def test_a_campaign_that_finds_something_is_no_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)
    with pytest.raises(TargetError, match=r"kiosk\.order\.total"):
        attempted(changing(lambda order: order.update(total=order["total"] + 1)))


def test_a_campaign_without_a_success_is_no_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)
    with pytest.raises(TargetError):
        attempted(refusing)
