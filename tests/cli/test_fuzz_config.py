"""orderspec.toml: what it says to a campaign, and how it is told what is wrong in it."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderspec.cli import main
from orderspec.cli.config import read_config
from orderspec.cli.toml_places import line_of
from orderspec.fuzz.settings import Settings
from tests.cli.conftest import Run
from tests.fuzz.kiosk import SPEC, TOKEN, changing
from tests.fuzz.servers import serving

WHOLE = """
[fuzz]
max_time = 5
seed = 3
values = { shop = "S0" }

[fuzz.kiosk]
url = "http://a"
max_examples = 7
timeout = 2.5
workers = 2
rate = "90/m"
stop_after = 4
seed = 9
credentials = { bearer = { env = "KIOSK_TOKEN" } }

[fuzz.kiosk.values]
shop = ["S1", "S2"]
"""


@pytest.fixture(autouse=True)
def _kiosk(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Give the command line the kiosk's contract, in an empty folder."""
    del run
    monkeypatch.setenv("ORDERSPEC_SPEC", os.fspath(SPEC))
    monkeypatch.setenv("KIOSK_TOKEN", "of-the-variable")
    monkeypatch.setattr("orderspec.fuzz.generation.SHARE", 0.0)


def fuzzed(text: str, *arguments: str, file: str = "orderspec.toml") -> Result:
    """Run the command with a settings file in the working directory."""
    Path(file).write_text(text, "utf-8")
    return CliRunner().invoke(main, ["fuzz", "kiosk", *arguments])


def test_a_file_in_the_folder_sets_what_the_options_set(settings: list[Settings]) -> None:
    result = fuzzed(WHOLE)
    assert (result.exit_code, result.stderr) == (0, "Settings from orderspec.toml\n")
    assert settings == [
        Settings(
            "http://a",
            seed=9,
            credentials={"bearer": "of-the-variable"},
            values={"shop": ("S1", "S2")},
            max_time=5,
            max_examples=7,
            timeout=2.5,
            workers=2,
            rate=1.5,
            most_server_errors=4,
        )
    ]


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(
    settings: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    fuzzed(WHOLE, "--url", "http://b", "--seed", "1", "--value", "shop=S9", "--rate", "2")
    monkeypatch.setenv("ORDERSPEC_CREDENTIAL_BEARER", "of-the-environment")
    fuzzed(WHOLE)
    fuzzed(WHOLE, "--credential", "bearer=of-the-option")
    assert [one.url for one in settings] == ["http://b", "http://a", "http://a"]
    assert [one.seed for one in settings] == [1, 9, 9]
    assert [one.rate for one in settings] == [2, 1.5, 1.5]
    assert [one.values["shop"] for one in settings][:2] == [("S9",), ("S1", "S2")]
    assert [one.credentials["bearer"] for one in settings] == [
        "of-the-variable",
        "of-the-environment",
        "of-the-option",
    ]


def test_an_option_that_says_what_is_usual_still_goes_before_the_file(
    settings: list[Settings],
) -> None:
    fuzzed(WHOLE, "--workers", "1", "--max-time", "90")
    assert (settings[0].workers, settings[0].max_time) == (1, 90)


def test_another_file_can_be_named(settings: list[Settings]) -> None:
    result = fuzzed('[fuzz]\nurl = "http://c"\n', "--config", "ci.toml", file="ci.toml")
    assert (result.exit_code, settings[0].url) == (0, "http://c")


def test_without_a_file_nothing_is_said_of_one(settings: list[Settings]) -> None:
    result = CliRunner().invoke(main, ["fuzz", "kiosk", "--url", "http://a"])
    assert (result.exit_code, result.stderr, settings[0].seed > 9) == (0, "", True)


def test_paths_are_those_beside_the_file(settings: list[Settings], tmp_path: Path) -> None:
    folder = tmp_path / "ci"
    folder.mkdir()
    text = '[fuzz]\nurl = "http://c"\nreport = "out"\n'
    result = fuzzed(
        text, "--config", os.fspath(folder / "o.toml"), file=os.fspath(folder / "o.toml")
    )
    assert (result.exit_code, settings[0].keep) == (0, True)
    assert (folder / "out" / "kiosk.json").is_file()


def test_a_section_of_another_provider_is_passed_by(settings: list[Settings]) -> None:
    result = fuzzed('[fuzz.stall]\nurl = "http://s"\n[fuzz]\nurl = "http://a"\n')
    assert (result.exit_code, settings[0].url) == (0, "http://a")


@pytest.mark.parametrize(
    "text,place,words",
    [
        ("[fuzz\n", "1:6", "this is no TOML"),
        ("[fuz]\n", "1", "Did you mean fuzz?"),
        ("fuzz = 1\n", "1", "expected a section [fuzz]"),
        ("[fuzz]\nurl = 'http://a'\nmax_tme = 1\n", "3", "Did you mean max_time?"),
        ("[fuzz.kiosc]\nseed = 1\n", "1", "Did you mean kiosk?"),
        ("[fuzz.stall]\nsed = 1\n", "2", "fuzz.stall.sed: there is no such key"),
        ("[fuzz.stall]\n\nseed = -1\n", "3", "fuzz.stall.seed: expected a whole number"),
        ("[fuzz]\nmax_time = '5'\n", "2", "fuzz.max_time: expected a number of seconds"),
        ("[fuzz]\nmax_time = nan\n", "2", "expected a number of seconds"),
        ("[fuzz]\nworkers = 2.5\n", "2", "expected a whole number from 1 to 64"),
        ("[fuzz]\nseed = true\n", "2", "expected a whole number"),
        ("[fuzz]\nrate = 'fast'\n", "2", "expected a rate such as"),
        ("[fuzz]\nvalues = { shop = 1 }\n", "2", "expected a text, or a list of texts"),
        ("[fuzz]\n[fuzz.values]\n\nshop = []\n", "4", "fuzz.values.shop: expected a text"),
        ("[fuzz]\nvalues = { shp = 'a' }\n", "2", "Did you mean shop?"),
        ("[fuzz]\ncredentials = 'x'\n", "2", "expected a table such as"),
        ("[fuzz]\nleave_out = {}\n", "2", "expected tables, each headed by"),
        ("[[fuzz.leave_out]]\nclause = 'kiosk.x'\n", "1", "expected the key reason"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_what_belongs_there(
    text: str, place: str, words: str
) -> None:
    result = fuzzed(text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: orderspec.toml:{place}: ")
    assert words in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("value", ['"hush-hush"', '{ value = "hush-hush" }', '["hush-hush"]'])
def test_a_secret_in_the_file_is_refused_and_not_repeated(value: str) -> None:
    result = fuzzed(f"[fuzz]\nurl = 'http://a'\n\ncredentials.bearer = {value}\n")
    assert result.exit_code == 2
    assert "orderspec.toml:4: fuzz.credentials.bearer: expected { env = " in result.stderr
    assert "keep it in an environment variable" in result.stderr
    assert "hush" not in result.stderr


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIOSK_TOKEN")
    result = fuzzed(WHOLE)
    assert result.exit_code == 2
    assert "the environment variable KIOSK_TOKEN is not set" in result.stderr
    assert "orderspec.toml:15: fuzz.kiosk.credentials.bearer" in result.stderr


def test_a_variable_that_something_stands_in_for_need_not_be_set(
    settings: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIOSK_TOKEN")
    assert fuzzed(WHOLE, "--credential", "bearer=mine").exit_code == 0
    assert settings[0].credentials == {"bearer": "mine"}


def test_a_scheme_that_the_contract_does_not_have_is_told() -> None:
    result = fuzzed("[fuzz]\nurl = 'http://a'\ncredentials = { basic = { env = 'HOME' } }\n")
    assert result.exit_code == 2
    assert "orderspec.toml:3: fuzz.credentials.basic" in result.stderr
    assert "It has: bearer." in result.stderr


def test_a_file_that_is_not_there_or_no_text_is_told() -> None:
    result = CliRunner().invoke(main, ["fuzz", "kiosk", "--config", "no.toml"])
    assert (result.exit_code, "there is no file no.toml" in result.stderr) == (2, True)
    Path("bad.toml").write_bytes(b"[fuzz]\nurl = '\xff'\n")
    result = CliRunner().invoke(main, ["fuzz", "kiosk", "--config", "bad.toml"])
    assert (result.exit_code, "not UTF-8" in result.stderr) == (2, True)


LEFT_OUT = """
[[fuzz.leave_out]]
clause = "kiosk.nothing.of-this-name"
reason = "known"
until = 2999-01-01
"""


@pytest.mark.parametrize(
    "old,new,words",
    [
        ("", "", "orderspec.toml:3: fuzz.leave_out.clause: the contract has no clause"),
        ("2999-01-01", "'2999-01-01'", "orderspec.toml:5: fuzz.leave_out.until: expected"),
        ("2999-01-01", "2999-01-01T00:00:00Z", "fuzz.leave_out.until: expected the last day"),
        ('"known"', '""', "orderspec.toml:4: fuzz.leave_out.reason: expected why"),
        ("reason", "reson", "Did you mean reason?"),
        ("kiosk.nothing.of-this-name", "kiosk.order.totl", "Did you mean kiosk.order.total?"),
        ("kiosk.nothing.of-this-name", "kiosk.ordr.*", "has no clause kiosk.ordr.*"),
    ],
)
def test_what_is_wrong_with_a_clause_left_out_is_told(old: str, new: str, words: str) -> None:
    result = fuzzed(LEFT_OUT.replace(old, new), "--url", "http://a")
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr


def wrong_totals(text: str) -> Result:
    """Fuzz a kiosk whose totals are wrong, for a moment."""
    with serving(changing(lambda order: order.update(total=-1))) as (url, _):
        return fuzzed(
            text, "--url", url, "--value", "shop=S1", "--credential", f"bearer={TOKEN}",
            "--seed", "1", "--max-examples", "3", "--format", "json",
        )  # fmt: skip


@pytest.mark.parametrize("clause", ["kiosk.order.total", "kiosk.order.*"])
def test_a_clause_left_out_does_not_fail_and_is_told_with_reason_and_day(clause: str) -> None:
    result = wrong_totals(LEFT_OUT.replace("kiosk.nothing.of-this-name", clause))
    form = json.loads(result.stdout)
    assert (result.exit_code, form["verdict"], form["findings"]) == (0, "conforms", [])
    assert f"Left out until 2999-01-01, with 1 finding: {clause} (known)" in form["notes"]
    [row] = [one for one in form["clauses"] if one["id"] == "kiosk.order.total"]
    assert (row["status"], row["reason"]) == ("fail", "left out: known")
    [left_out] = form["left_out"]
    assert (left_out["clause"], left_out["reason"]) == (clause, "known")
    assert left_out["until"] == "2999-01-01"


def test_a_clause_counts_again_once_its_last_day_is_over() -> None:
    text = LEFT_OUT.replace("kiosk.nothing.of-this-name", "kiosk.order.total")
    result = wrong_totals(text.replace("2999", "2020"))
    assert result.exit_code == 1
    assert "Counts again, since 2020-01-01 is over: kiosk.order.total (known)" in result.stdout


def test_what_is_left_out_of_another_provider_is_passed_by(settings: list[Settings]) -> None:
    text = LEFT_OUT.replace("kiosk.nothing.of-this-name", "stall.of.another")
    assert fuzzed(text, "--url", "http://a").exit_code == 0
    assert len(settings) == 1


def test_the_line_of_a_key_is_found_however_it_is_written() -> None:
    text = '[a."b.c"]\n\nd.e = 1 # [x]\n[[l]]\nk = 1\n[[l]]\n  k = 2\n'
    assert line_of(text, ("a", "b.c", "d", "e")) == 3
    assert line_of(text, ("a", "b.c", "gone")) == 1
    assert (line_of(text, ("l", 0, "k")), line_of(text, ("l", 1, "k"))) == (5, 7)
    assert line_of(text, ("nowhere",)) == 1


def test_the_example_of_the_readme_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORDERSPEC_SPEC")
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    example = readme.partition("```toml\n")[2].partition("```")[0]
    Path("orderspec.toml").write_text(example, "utf-8")
    config = read_config(None, "square")
    assert config.options["url"] == "https://orders.example"
    assert [one.value for one in config.values] == ["L1", "L2"]
    assert [one.clause for one, _ in config.left_out] == ["square.line-item.total"]
