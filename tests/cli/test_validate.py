"""`orderspec validate`: what a finding says, which schema is taken, and the exit codes."""

import gzip
import json
import os
import pty
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderspec.contract import catalog
from tests.cli.conftest import SPEC, Run

REQUEST = "shop/CreateBasketRequest"
WRONG = '{\n  "buyer": 7,\n  "pieces": 3\n}'
VALID_FIXTURES = sorted(catalog.fixtures_folder().glob("*/*/valid/*.json"))


def findings(stdout: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(stdout)["findings"]
    return found


def test_a_finding_says_where_what_and_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "basket.json").write_text(WRONG)
    result = run("validate", "basket.json", "-s", REQUEST)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "basket.json:2:12: error: expected a string, got 7",
        '    | "buyer": 7,',
        "    |          ^",
        "    at        /buyer",
        "    expected  a string",
        "    got       7",
        f"    clause    {REQUEST} (type)",
        "    source    The Shop's Reference (stated)",
        "1 document: 0 valid, 1 error, 0 warnings",
    ]


def test_the_json_form_is_the_one_that_scripts_rely_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "basket.json").write_text(WRONG)
    result = run("validate", "basket.json", "-s", REQUEST, "--format", "json")
    assert json.loads(result.stdout) == {
        "format": 1,
        "command": "validate",
        "summary": {"documents": 1, "valid": 0, "errors": 1, "warnings": 0},
        "findings": [
            {
                "severity": "error",
                "clause": REQUEST,
                "keyword": "type",
                "at": "/buyer",
                "message": "expected a string, got 7",
                "expected": "a string",
                "got": "7",
                "evidence": {"level": "stated", "source": "shop-reference"},
                "file": "basket.json",
                "line": 2,
                "column": 12,
            }
        ],
        "unreadable": [],
    }


def test_what_no_document_speaks_of_is_no_finding(run: Run, tmp_path: Path) -> None:
    shutil.copytree(SPEC, tmp_path / "spec")
    schema = tmp_path / "spec" / "shop" / "schemas" / "create-basket-request.yaml"
    promise = "    message: A basket holds something\n"
    schema.write_text(schema.read_text().replace(promise, f"{promise}    refusal: unsure\n"))
    command = [sys.executable, "-m", "orderspec", "--spec", "spec", "validate", "-s", REQUEST]
    empty = '{"buyer": "b", "pieces": 0}'
    assert "warning: A basket holds" in run("validate", "-s", REQUEST, input=empty).stdout
    for form, told in (("text", "1 document: 1 valid, 0 errors, 0 warnings"), ("json", "[]")):
        done = subprocess.run(
            [*command, "--format", form], input=empty, text=True, capture_output=True, check=False
        )
        shown = done.stdout.strip() if form == "text" else str(findings(done.stdout))
        assert (done.returncode, shown) == (0, told)


def test_a_missing_member_points_at_the_object_that_lacks_it(run: Run) -> None:
    (found,) = findings(run("validate", "-s", REQUEST, "--format", "json", input="\n {}").stdout)
    assert (found["keyword"], found["at"]) == ("required", "")
    assert (found["file"], found["line"], found["column"]) == ("-", 2, 2)


def test_a_clause_on_inferred_evidence_only_warns(run: Run) -> None:
    result = run("validate", "-s", REQUEST, input='{"buyer": "Ada", "pieces": 0}')
    assert result.exit_code == 0
    assert "warning: A basket holds something" in result.stdout
    assert "    source    The Shop's Guide (inferred)" in result.stdout
    assert "    note      The guide never shows an empty basket." in result.stdout
    assert "1 document: 1 valid, 0 errors, 1 warning" in result.stdout


def test_rules_are_left_out_on_request(run: Run) -> None:
    payload = '{"buyer": "Ada", "price": 1000}'
    assert run("validate", "-s", REQUEST, input=payload).exit_code == 1
    assert run("validate", "-s", REQUEST, "--no-rules", input=payload).exit_code == 0


def test_an_unknown_member_is_a_finding_only_under_strict(run: Run) -> None:
    payload = '{"buyer": "Ada", "colour": "red", "price": 1}'
    assert run("validate", "-s", REQUEST, input=payload).exit_code == 0
    result = run("validate", "-s", REQUEST, "--strict", "--format", "json", input=payload)
    assert result.exit_code == 1
    assert [found["at"] for found in findings(result.stdout)] == ["/colour"]


def test_a_member_that_the_server_sets_is_a_warning_in_a_request(run: Run) -> None:
    payload = '{"buyer": "Ada", "id": "b1"}'
    result = run("validate", "-s", REQUEST, "--format", "json", input=payload)
    (found,) = findings(result.stdout)
    assert (found["severity"], found["keyword"]) == ("warning", "readOnly")


@pytest.mark.parametrize(
    "price, code", [("19.99", 0), ("0.1", 0), ("19.999", 1), ("999.9900000000000000001", 1)]
)
def test_decimals_are_judged_by_their_exact_value(run: Run, price: str, code: int) -> None:
    payload = f'{{"buyer": "Ada", "price": {price}}}'
    assert run("validate", "-s", REQUEST, input=payload).exit_code == code


@pytest.mark.parametrize("number", ["18446744073709551616", "0.10000000000000000555", "1e3000"])
def test_a_number_in_a_report_is_exact(run: Run, number: str) -> None:
    result = run("validate", "-s", REQUEST, "--format", "json", input=f'{{"buyer": {number}}}')
    (found,) = findings(result.stdout)
    assert Decimal(found["got"]) == Decimal(number)


def test_findings_come_in_the_order_of_files_and_of_places(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"pieces": 0,\n "buyer": 7}')
    (tmp_path / "a.jsonl").write_text('{"buyer": 1}\n{"buyer": "Ada"}\n{"buyer": 2}\n')
    result = run("validate", "b.json", "a.jsonl", "-s", REQUEST, "--format", "json")
    places = [
        (found["file"], found.get("document"), found["line"]) for found in findings(result.stdout)
    ]
    assert places == [
        ("b.json", None, 1),
        ("b.json", None, 2),
        ("a.jsonl", 1, 1),
        ("a.jsonl", 3, 3),
    ]


def test_folders_compressed_files_and_standard_input_go_together(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "one.json").write_text('{"buyer": "Ada"}')
    (tmp_path / "orders" / "two.jsonl.gz").write_bytes(gzip.compress(b'{"buyer":"B"}\n' * 2))
    result = run("validate", "orders", "-", "-s", REQUEST, input='{"buyer": "Eve"}')
    assert (result.exit_code, result.stdout) == (0, "4 documents: 4 valid, 0 errors, 0 warnings\n")


@pytest.mark.usefixtures("run")
def test_the_terminal_is_not_waited_for() -> None:
    _, terminal = pty.openpty()
    with os.fdopen(terminal) as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "orderspec", "validate", "-s", REQUEST],
            stdin=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert "name a FILE" in done.stderr


def test_an_escape_sequence_in_a_payload_is_shown_and_not_obeyed(run: Run) -> None:
    payload = '{"buyer": "Ada", "\\u001b[2J\\u202e": 1, "pieces": "\\u001b]0;title\\u0007"}'
    for form in ("text", "github", "junit"):
        result = run("validate", "-s", REQUEST, "--strict", "--format", form, input=payload)
        assert result.exit_code == 1
        assert not {"\x1b", "\x07", "\u202e"} & set(result.stdout + result.stderr)


def test_a_report_goes_to_a_file_on_request(run: Run, tmp_path: Path) -> None:
    (tmp_path / "basket.json").write_text(WRONG)
    printed = run("validate", "basket.json", "-s", REQUEST).stdout
    result = run("validate", "basket.json", "-s", REQUEST, "-o", "report.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (tmp_path / "report.txt").read_text("utf-8") == printed


def test_several_workers_report_the_same_as_one(run: Run, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.json").write_text(WRONG if number % 7 else "{")
    arguments = ("validate", ".", "-", "gone.json", "-s", REQUEST, "--format", "json")
    alone = run(*arguments, input=WRONG)
    together = run(*arguments, "--workers", "2", input=WRONG)
    assert alone.exit_code == together.exit_code == 2
    assert json.loads(alone.stdout)["summary"]["errors"] == 52
    assert together.stdout == alone.stdout
    assert together.stderr == alone.stderr


def test_the_schema_that_knows_the_payload_is_taken_and_told(run: Run) -> None:
    result = run("validate", input='{"buyer": "Ada", "pieces": 2}')
    assert result.exit_code == 0
    assert result.stderr == (
        "-: taken for shop/CreateBasketRequest (2 of 2 members known, no finding by shape; "
        "next is shop/Basket: 1 of 2 members known, 2 findings by shape)\n"
    )


def test_a_payload_with_an_error_is_still_known_by_its_members(run: Run) -> None:
    result = run("validate", "--format", "json", input='{"buyer": 7, "pieces": 2, "price": 1}')
    assert result.exit_code == 1
    (detected,) = json.loads(result.stdout)["detected"]
    assert detected["schema"] == REQUEST
    assert detected["reason"].startswith("3 of 3 members known, 1 finding by shape; next is ")


def test_a_member_that_only_one_schema_knows_weighs_as_much_as_an_error(run: Run) -> None:
    payload = '{"label": "x", "sender": "Ada", "depth": "deep"}'
    result = run("validate", input=payload)
    assert "taken for shop/LightParcel (3 of 3 members known, 1 finding" in result.stderr


def test_schemas_that_judge_alike_are_no_choice_to_make(run: Run) -> None:
    result = run("validate", input='{"id": "b1", "buyer": "Ada", "total": 3}')
    assert result.exit_code == 0
    assert "taken for shop/Basket" in result.stderr
    assert "shop/RetrievedBasket would judge it alike" in result.stderr


def test_schemas_that_judge_differently_must_be_chosen_from(run: Run) -> None:
    result = run("validate", input='{"label": "fragile", "sender": "Adele"}')
    assert result.exit_code == 2
    assert (
        "-: the payload may be of shop/HeavyParcel or shop/LightParcel, which judge it differently"
        in result.stderr
    )
    assert "Choose one by -s, such as -s shop/HeavyParcel." in result.stderr


def test_a_payload_that_nothing_fits_names_the_nearest_schemas(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text('{"buyer": "Ada"}')
    (tmp_path / "odd.json").write_text('{"buyer": "Ada", "a": 1, "b": 2, "c": {"d": 3}}')
    result = run("validate", "odd.json", "good.json", "--format", "json")
    assert result.exit_code == 2
    report = json.loads(result.stdout)
    assert report["summary"]["valid"] == 1
    (unread,) = report["unreadable"]
    assert unread["file"] == "odd.json"
    assert "the nearest are: shop/CreateBasketRequest (1 of 4 members known" in unread["message"]
    assert "-s PROVIDER/Schema" in unread["hint"]


@pytest.mark.parametrize("payload", ["{}", "[]", "3", '"text"', "null", '{"zzz": 1}'])
def test_a_payload_without_known_members_is_of_no_schema(run: Run, payload: str) -> None:
    result = run("validate", input=payload)
    assert result.exit_code == 2
    assert "no request or response schema fits" in result.stderr


@pytest.mark.parametrize(
    "name, near",
    [
        ("shop/CreateBasketReqest", "shop/CreateBasketRequest"),
        ("shop/createbasketrequest", "shop/CreateBasketRequest"),
        ("CreateBasketRequest", "shop/CreateBasketRequest"),
        ("shp/Basket", "shop/Basket"),
        ("zzz/Zyzzyva", "orderspec list"),
    ],
)
def test_an_unknown_schema_names_the_nearest(run: Run, name: str, near: str) -> None:
    result = run("validate", "-s", name, input="{}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"no schema {name!r}" in result.stderr
    assert near in result.stderr


def test_a_schema_file_is_a_schema_too(run: Run, tmp_path: Path) -> None:
    schema = {"$defs": {"small": {"maximum": 5}}, "items": {"$ref": "#/$defs/small"}}
    (tmp_path / "list.json").write_text(json.dumps(schema))
    result = run("validate", "-s", "list.json", "--format", "json", input="[1, 9]")
    (found,) = findings(result.stdout)
    assert (found["at"], found["keyword"]) == ("/1", "maximum")
    assert run("validate", "-s", "list.json#/$defs/small", input="4").exit_code == 0


def test_a_component_of_a_description_is_a_schema_too(run: Run) -> None:
    name = f"{SPEC / 'shop' / 'openapi.yaml'}#/components/schemas/CreateBasketRequest"
    result = run("validate", "-s", name, input=WRONG)
    assert result.exit_code == 1
    assert "The Shop's Reference" in result.stdout


@pytest.mark.parametrize(
    "name, words",
    [
        ("#", "describes a whole API, not one schema"),
        ("#/components/schemas/Gone", "nothing stands at #/components/schemas/Gone"),
    ],
)
def test_a_description_needs_the_place_of_a_schema(run: Run, name: str, words: str) -> None:
    result = run("validate", "-s", f"{SPEC / 'shop' / 'openapi.yaml'}{name}", input="{}")
    assert result.exit_code == 2
    assert words in result.stderr
    assert "#/components/schemas/Basket" in result.stderr


@pytest.mark.parametrize(
    "text, words",
    [
        ('{"type": "integr"}', "not a JSON Schema"),
        ('{"$ref": "#/gone"}', "leads nowhere"),
        ('{"$schema": "http://json-schema.org/draft-07/schema#"}', "only 2020-12 is read"),
        ("[1]", "one schema"),
        ("{", "not YAML"),
    ],
)
def test_a_broken_schema_file_is_told_before_any_payload_is_read(
    run: Run, tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "schema.json").write_text(text)
    result = run("validate", "-s", "schema.json", input="nonsense")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert "nonsense" not in result.stderr


def test_there_are_fixtures_to_validate() -> None:
    assert VALID_FIXTURES


@pytest.mark.parametrize("provider", catalog.providers())
def test_valid_fixtures_are_valid_by_their_schema(
    run: Run, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORDERSPEC_SPEC")
    for folder in sorted((catalog.fixtures_folder() / provider).glob("*/valid")):
        result = run("validate", str(folder), "-s", f"{provider}/{folder.parent.name}")
        assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    "content,hint",
    [("name: x\nservices: {}\n", "Give a JSON Schema"), ('swagger: "2.0"\n', "Swagger 2.0")],
)
def test_a_file_that_is_no_schema_makes_nothing_valid(
    run: Run, tmp_path: Path, content: str, hint: str
) -> None:
    (tmp_path / "other.yaml").write_text(content)
    (tmp_path / "basket.json").write_text("{}")
    result = run("validate", "basket.json", "-s", "other.yaml")
    assert result.exit_code == 2
    assert "no JSON Schema" in result.stderr
    assert hint in result.stderr
