"""The scores that are kept beside the contracts: measured, with a reason for what survives."""

from pathlib import Path

import pytest

from orderspec.errors import ReadError
from orderspec.report.json_form import dumps
from orderspec.report.score import saved_form
from orderspec.score.recording import Recording
from orderspec.score.scoring import Effort, score
from orderspec.scores import SAVED, Summary, read
from tests.fuzz.kiosk import SPEC as SMALL
from tests.fuzz.kiosk import contract

SPEC = Path(__file__).resolve().parents[2] / "spec"
PROVIDERS = sorted(path.parent.name for path in SPEC.glob("*/openapi.yaml"))
FEWEST = 5000
UNEXPLAINED = 0.01
"""Share of mutants that may survive without a reason: what a change of the kit lets through."""

each_provider = pytest.mark.parametrize("provider", PROVIDERS)


def kept(provider: str) -> Summary:
    summary = read(SPEC / provider / SAVED)
    assert summary, f"run: orderspec score {provider} --save"
    return summary


@each_provider
def test_every_contract_is_measured_by_enough_wrong_answers(provider: str) -> None:
    assert kept(provider).total.mutants >= FEWEST


@each_provider
def test_what_survives_has_a_reason(provider: str) -> None:
    summary = kept(provider)
    without = sum(why.mutants for why in summary.reasons if not why.reason)
    assert without <= UNEXPLAINED * summary.total.mutants


@each_provider
def test_no_reason_outlives_its_survivors(provider: str) -> None:
    assert kept(provider).unused == ()


def test_a_score_in_short_reads_back_as_it_was_written(
    recording: Recording, tmp_path: Path
) -> None:
    scored = score(contract(), SMALL / "kiosk", recording, Effort(1, 100, 1), lambda *_: None)
    (tmp_path / SAVED).write_text(dumps(saved_form(scored)), "utf-8")
    summary = read(tmp_path / SAVED)
    assert summary
    assert (summary.total, summary.operators) == (scored.total, scored.operators)
    assert summary.members == scored.members
    survived = scored.total.mutants - scored.total.caught
    assert sum(why.mutants for why in summary.reasons) == survived


def test_a_score_of_another_form_is_an_error(tmp_path: Path) -> None:
    assert read(tmp_path / SAVED) is None
    (tmp_path / SAVED).write_text('{"provider": "kiosk"}', "utf-8")
    with pytest.raises(ReadError, match="no score"):
        read(tmp_path / SAVED)
