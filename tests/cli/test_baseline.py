"""Known findings: only new ones fail, and what is gone is told."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orderspec.cli import main
from tests.cli.conftest import Run
from tests.fuzz.kiosk import SPEC, TOKEN, Kiosk, changing
from tests.fuzz.servers import Serve, serving


@pytest.fixture(autouse=True)
def _kiosk(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Give the command line the kiosk's contract, in an empty folder."""
    del run
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)


def fuzzed(serve: Serve, *arguments: str, seed: int = 1) -> tuple[Result, dict[str, Any]]:
    """Fuzz a server for a moment; give the result and its JSON."""
    with serving(serve) as (url, _):
        result = CliRunner().invoke(
            main,
            [
                "fuzz", "kiosk", "--url", url, "--value", "shop=S1", "--format", "json",
                "--credential", f"bearer={TOKEN}", "--seed", str(seed), "--max-examples", "3",
                "--baseline", "known.json", *arguments,
            ],
        )  # fmt: skip
    return result, json.loads(result.stdout) if result.stdout else {}


def wrong(**members: Any) -> Serve:
    """Make a kiosk whose orders have wrong members."""
    return changing(lambda order: order.update(members))


def changed(change: Callable[[dict[str, Any]], object]) -> None:
    """Change the baseline as a person would."""
    form = json.loads(Path("known.json").read_text("utf-8"))
    change(form)
    Path("known.json").write_text(json.dumps(form, indent=1), "utf-8")


def test_what_is_found_once_is_known_with_another_seed() -> None:
    first, written = fuzzed(wrong(total=-1), "--update-baseline")
    assert (first.exit_code, written["findings"]) == (0, [])
    form = json.loads(Path("known.json").read_text("utf-8"))
    assert (form["format"], form["provider"]) == (1, "kiosk")
    assert "kiosk.order.total" in {one["clause"] for one in form["findings"]}
    again, report = fuzzed(wrong(total=-1), seed=2)
    assert (again.exit_code, report["verdict"], report["findings"]) == (0, "conforms", [])
    assert {one["clause"] for one in report["known"]} == {one["clause"] for one in form["findings"]}
    assert any("Known by the baseline: kiosk.order.total" in note for note in report["notes"])


def test_a_baseline_of_a_campaign_that_ended_early_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, _ = fuzzed(wrong(total=-1), "--update-baseline")
    assert "ended early" not in whole.stderr
    monkeypatch.setattr("orderspec.fuzz.sending.PROVING_SHARE", 0.999)
    cut, _ = fuzzed(wrong(total=-1), "--update-baseline")
    assert "ended early (the time is over), so known.json may lack findings" in cut.stderr


def test_only_what_is_new_fails() -> None:
    fuzzed(wrong(total=-1), "--update-baseline")
    result, report = fuzzed(wrong(total=-1, state=7), seed=2)
    assert (result.exit_code, report["verdict"]) == (1, "violations")
    assert "/state" in {one["at"] for one in report["findings"]}
    assert "/total" not in {one["at"] for one in report["findings"]}


def test_what_is_fixed_is_told_and_goes_at_the_next_update() -> None:
    fuzzed(wrong(total=-1), "--update-baseline")
    result, report = fuzzed(Kiosk())
    gone = [note for note in report["notes"] if "seen no more: kiosk.order.total" in note]
    assert (result.exit_code, len(gone)) == (0, 1)
    assert "Fixed? Then take it out." in gone[0]
    fuzzed(Kiosk(), "--update-baseline")
    assert json.loads(Path("known.json").read_text("utf-8"))["findings"] == []


def test_what_could_not_be_seen_stays_in_the_baseline_and_is_not_called_fixed() -> None:
    fuzzed(Kiosk(), "--update-baseline")
    entry = {"clause": "kiosk.of-another-day", "place": "total", "note": "ticket 7"}
    changed(lambda form: form["findings"].append(entry))
    _, report = fuzzed(Kiosk(), "--update-baseline")
    assert not any("seen no more" in note for note in report["notes"])
    assert json.loads(Path("known.json").read_text("utf-8"))["findings"] == [entry]


def test_an_update_keeps_words_and_notes_so_that_the_file_changes_little() -> None:
    fuzzed(wrong(total=-1), "--update-baseline")
    changed(lambda form: [one.update(message="Ours", note="ticket 7") for one in form["findings"]])
    _, report = fuzzed(wrong(total=-2), "--update-baseline", seed=2)
    form = json.loads(Path("known.json").read_text("utf-8"))
    assert {one["message"] for one in form["findings"]} == {"Ours"}
    assert any(note.endswith("(ticket 7)") for note in report["notes"])


@pytest.mark.parametrize(
    "text,words",
    [
        ("{", "known.json:1:2: "),
        ("[]", "known.json:1:1: a baseline is an object with the members"),
        ('{"format": 2,\n "provider": "kiosk", "findings": []}', "known.json:1:12: expected a"),
        ('{"format": 1, "provider": "shop", "findings": []}', "got one of 'shop'"),
        ('{"format": 1, "provider": "kiosk", "findings": {}}', "expected a list of known"),
        ('{"format": 1, "provider": "kiosk", "findings": [\n {}]}', "known.json:2:2: expected an"),
        (
            '{"format": 1, "provider": "kiosk", "findings": [{"clause": "x", "plce": ""}]}',
            "did you mean 'place'?",
        ),
        (
            '{"format": 1, "provider": "kiosk", "findings": [{"clause": 7}]}',
            "expected a text as clause",
        ),
        ("\xff", "known.json:1:1: "),
    ],
)
def test_a_broken_baseline_is_told_with_its_place_before_anything_is_sent(
    text: str, words: str
) -> None:
    Path("known.json").write_bytes(text.encode("latin-1"))
    with serving(Kiosk()) as (url, calls):
        result = CliRunner().invoke(
            main, ["fuzz", "kiosk", "--url", url, "--baseline", "known.json"]
        )
    assert (result.exit_code, result.stdout, calls) == (2, "", [])
    assert result.stderr.startswith("Error: ")
    assert words in result.stderr


def test_a_baseline_that_is_not_there_says_how_to_get_one() -> None:
    result, _ = fuzzed(Kiosk())
    assert result.exit_code == 2
    assert "there is no baseline known.json" in result.stderr
    assert "--update-baseline" in result.stderr


@pytest.mark.parametrize(
    "arguments,words",
    [
        (["--update-baseline"], "goes with --baseline FILE"),
        (["--update-baseline", "--baseline", "no/known.json"], "there is no folder no"),
    ],
)
def test_a_baseline_that_cannot_be_written_is_told_before_anything_is_sent(
    arguments: list[str], words: str
) -> None:
    with serving(Kiosk()) as (url, calls):
        result = CliRunner().invoke(main, ["fuzz", "kiosk", "--url", url, *arguments])
    assert (result.exit_code, calls) == (2, [])
    assert words in result.stderr
