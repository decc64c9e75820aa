"""The command `coverage`: a row for each member, what is missing, exit code 0, 1 or 2."""

import json
from functools import partial
from pathlib import Path

import pytest

from orderspec.contract import catalog
from tests.cli.conftest import Run
from tests.coverage.conftest import Inn, made

WHOLE = {
    "Body": {"schema": "Stay", "members": [{"the guest": "guest"}, "nights", "remarks"]},
    "Rooms | beds": {"schema": "Room", "members": ["floor"]},
    "Payments": {
        "schema": "Stay#/properties/payment",
        "members": ["number", "amount", "coins"],
    },
    "Parts": {"schema": "Stay", "members": ["room", "payment"]},
}


@pytest.fixture
def call(run: Run, tmp_path: Path) -> Run:
    """Run a command on the spec tree of the test, by a path that no other test has."""
    return partial(run, "--spec", str(tmp_path / "spec"))


@pytest.fixture
def inn(tmp_path: Path) -> Inn:
    """Give a contract whose rows are whole, below the working folder."""
    inn = made(tmp_path)
    inn.tables(**WHOLE)
    inn.fixture("Stay/valid/in-cash", {"guest": "Bo", "payment": {"coins": [5], "amount": 5}})
    inn.invalid(
        "of-other-types",
        {
            "guest": 1,
            "nights": "2",
            "room": {"floor": "1"},
            "payment": {"number": 4, "amount": "9"},
        },
        ("/guest", "type"),
        ("/nights", "type"),
        ("/room/floor", "type"),
        ("/payment/number", "type"),
        ("/payment/amount", "type"),
    )
    inn.invalid("without-coins", {"guest": "Bo", "payment": {}}, ("/payment", "required"))
    return inn


@pytest.mark.usefixtures("inn")
def test_a_whole_table_exits_with_0_and_counts_its_rows(call: Run) -> None:
    done = call("coverage", "inn")
    assert done.exit_code == 0, done.stdout
    *_, last = done.stdout.splitlines()
    assert last == "inn: 9 members in 4 tables, 9 shown, 8 broken, 1 open to any value: 0 gaps"


@pytest.mark.usefixtures("inn")
def test_the_text_shows_each_member_in_aligned_lines(call: Run) -> None:
    lines = call("coverage").stdout.splitlines()
    assert lines[:4] == [
        "inn: The guide",
        "",
        "  Body",
        "    the guest = guest  stated by inn-guide",
    ]
    assert lines[4:7] == [
        "      defined  schemas/stay.yaml#/properties/guest",
        "      shown    Stay/valid/alone.json#/guest",
        "      broken   Stay/invalid/of-other-types.json#/guest  type",
    ]
    columns = {line.index("stated by") for line in (lines[3], lines[7], lines[11])}
    assert columns == {len("    the guest = guest  ")}
    assert "      broken   open: any value is right" in lines


def test_a_gap_exits_with_1_and_says_what_to_write(call: Run, inn: Inn) -> None:
    (inn.folder / "fixtures/inn/Stay/invalid/of-other-types.json").unlink()
    done = call("coverage")
    assert done.exit_code == 1
    told = "inn: Body: the guest = guest: no invalid fixture breaks it: write one like Stay/valid/"
    assert told in done.stdout
    assert "      broken   nothing" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("gaps")


def test_a_contract_without_tables_exits_with_1(call: Run, inn: Inn) -> None:
    inn.tables()
    done = call("coverage")
    assert done.exit_code == 1
    assert "has no tables: list them in sources.yaml" in done.stdout


@pytest.mark.usefixtures("inn")
def test_the_json_form_holds_every_row(call: Run) -> None:
    report = json.loads(call("coverage", "--format", "json").stdout)
    assert (report["format"], report["command"]) == (1, "coverage")
    (provider,) = report["providers"]
    assert provider["name"] == "inn"
    assert provider["summary"] == {
        "tables": 4,
        "members": 9,
        "shown": 9,
        "broken": 8,
        "open": 1,
        "gaps": 0,
    }
    assert provider["rows"][0] == {
        "source": "inn-guide",
        "table": "Body",
        "printed": "the guest",
        "member": "guest",
        "file": "schemas/stay.yaml",
        "pointer": "/properties/guest",
        "evidence": {"level": "stated", "source": "inn-guide"},
        "shown": {"file": "Stay/valid/alone.json", "at": "/guest"},
        "broken": {"file": "Stay/invalid/of-other-types.json", "at": "/guest", "clause": "type"},
    }
    (free,) = (row for row in provider["rows"] if row.get("open"))
    assert free["member"] == "remarks"


@pytest.mark.usefixtures("inn")
def test_markdown_has_a_table_for_each_table(call: Run, tmp_path: Path) -> None:
    done = call("coverage", "--format", "markdown", "-o", "coverage.md")
    assert (done.exit_code, done.stdout) == (0, "")
    text = (tmp_path / "coverage.md").read_text("utf-8")
    assert text.startswith("# Coverage\n\n- inn: 9 members in 4 tables")
    assert text.count("| --- | --- | --- | --- | --- |") == len(WHOLE)
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == 9
    assert {line.replace("\\|", "").count("|") for line in rows} == {6}


@pytest.mark.usefixtures("inn")
@pytest.mark.parametrize("arguments", [("in",), ("inn", "--format", "yaml")])
def test_wrong_usage_exits_with_2(call: Run, arguments: tuple[str, ...]) -> None:
    done = call("coverage", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")


def test_a_file_that_is_no_fixture_exits_with_2(call: Run, inn: Inn) -> None:
    inn.fixture("Stay/invalid/broken", {"payload": 1})
    (inn.folder / "fixtures/inn/Stay/valid/half.json").write_text('{"guest":', "utf-8")
    done = call("coverage")
    assert done.exit_code == 2
    assert "half.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_spec_tree_without_contracts_exits_with_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = run("--spec", "none", "coverage")
    assert done.exit_code == 2
    assert "there is no contract" in done.stderr


def test_every_provider_has_its_counts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(catalog.SPEC_VARIABLE)
    lines = run("coverage").stdout.splitlines()
    told = [line.partition(":")[0] for line in lines[-len(catalog.providers()) :]]
    assert told == catalog.providers()
