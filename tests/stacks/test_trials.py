"""What the benchmark of faults stands on: servers whose fault is changed, runs that go on."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.fault_tables import print_tables
from benchmarks.outcomes import OutcomeFile
from benchmarks.switchboard import Board, switchboard
from benchmarks.trials import KIT, STOCK, Outcome, Trial
from orderspec.server.faults import behaviour

TOKEN = {"Authorization": f"Bearer {behaviour('threekit').credentials['privateToken']}"}
ORDER = {"cart": [{"configurationId": "6c7f3a52-8d0e-4b7b-9a35-0d5d6a1f2b11", "count": 1}]}
LENGTH_OF_UUID = 36
TRIAL = Trial(KIT, "acme", "total-is-text", 1)
OUTCOME = Outcome(TRIAL, 20, 1.5, 3, 0.2, ("error acme.total: it is text",), "violations")


def created(board: Board) -> Any:
    answer = httpx.post(f"{board.url}/api/orders", json=ORDER, headers=TOKEN)
    return answer.raise_for_status().json()["id"]


def test_a_switch_seeds_a_fault_and_the_next_takes_it_away() -> None:
    with switchboard("threekit") as board:
        assert len(created(board)) == LENGTH_OF_UUID
        board.switch("id-is-no-uuid")
        assert len(created(board)) < LENGTH_OF_UUID
        board.switch(None)
        assert len(created(board)) == LENGTH_OF_UUID


def test_after_a_switch_nothing_is_stored_and_requests_count_from_zero() -> None:
    with switchboard("threekit") as board:
        order = created(board)
        assert board.requests() == 1
        board.switch(None)
        assert board.requests() == 0
        answer = httpx.get(f"{board.url}/api/orders/{order}", headers=TOKEN)
        assert (answer.status_code, board.requests()) == (404, 1)


def test_what_was_run_is_not_run_again(tmp_path: Path) -> None:
    other = Trial(KIT, "acme", "total-is-text", 2)
    OutcomeFile(tmp_path / "new" / "outcomes.jsonl").add(OUTCOME)
    file = OutcomeFile(tmp_path / "new" / "outcomes.jsonl")
    assert file.missing([TRIAL, other]) == [other]
    assert file.outcomes([TRIAL, other]) == [OUTCOME]


def test_what_was_run_with_other_sources_is_run_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "outcomes.jsonl"
    path.write_text(json.dumps({"tree": "another", **OUTCOME.as_json()}) + "\n", "utf-8")
    assert OutcomeFile(path).missing([TRIAL]) == [TRIAL]
    assert "1 outcomes of other sources are left aside" in capsys.readouterr().err


def test_a_table_tells_what_every_seed_finds_from_what_some_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault = next(one for one in behaviour("threekit").faults if one.stratum == "structural")
    outcomes = [
        Outcome(Trial(tool, "threekit", fault.name, seed), 9, 1.0, found, seconds)
        for tool, seed, found, seconds in (
            (KIT, 1, 3, 0.5),
            (KIT, 2, 5, 1.5),
            (STOCK, 1, None, None),
            (STOCK, 2, 80, 4.0),
        )
    ]
    print_tables("threekit", [fault], outcomes)
    assert "| structural | 1 | 1 | 0 / 1 | 4 | 80 | 1 | 4 |" in capsys.readouterr().out
