"""What cannot be read is told with its place, the rest is judged, and the exit code is 2."""

import json
from pathlib import Path

import pytest

from orderspec.validation.flaws import MAX_DEPTH
from tests.cli.conftest import Run

REQUEST = "shop/CreateBasketRequest"
DEEP = b"[" * 3_000_000
BAD = {
    "trailing-comma": (b'{"buyer": "Ada",}', "trailing comma", (1, 16)),
    "missing-comma": (b'{"buyer": "Ada"\n "pieces": 2}', "missing comma", (2, 2)),
    "comment": (b'{"buyer": "Ada"} // hers', "comments are not JSON", (1, 18)),
    "duplicate-member": (b'{"buyer": "Ada",\n "buyer": "Eve"}', "stands twice", (2, 2)),
    "not-a-number": (b'{"price": NaN}', "NaN is not JSON", (1, 11)),
    "empty": (b"", "empty", (1, 1)),
    "byte-order-mark": (b'\xef\xbb\xbf{"buyer": "Ada"}', "byte order mark", (1, 1)),
    "latin-1": (b'{"buyer": "Ad\xe4"}', "not UTF-8", (1, 14)),
    "utf-16": ('{"buyer": "Ada"}'.encode("utf-16"), "UTF-16", (1, 1)),
    "deep": (DEEP, "levels deep", (1, MAX_DEPTH + 1)),
    "cut-off": (b'{"buyer": "Ada"', "unexpected end", (1, 16)),
    "control-character": (b'{"buyer": "A\x00a"}', "control character", (1, 13)),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_json_is_told_with_line_and_column(run: Run, tmp_path: Path, name: str) -> None:
    data, words, (line, column) = BAD[name]
    file = tmp_path / f"{name}.json"
    file.write_bytes(data)
    result = run("validate", file.name, "-s", REQUEST)
    assert result.exit_code == 2
    told = result.stderr.splitlines()[0]
    assert told.startswith(f"{name}.json:{line}:{column}: ")
    assert words in told
    assert len(result.stderr) < 1000
    assert result.stdout == "0 documents: 0 valid, 0 errors, 0 warnings, 1 not judged\n"


@pytest.mark.parametrize("name", BAD)
def test_bad_json_on_standard_input_is_told_alike(run: Run, name: str) -> None:
    data, words, _ = BAD[name]
    result = run("validate", "-s", REQUEST, input=data)
    assert result.exit_code == 2
    assert result.stderr.startswith("-:")
    assert words in result.stderr


def test_the_other_files_are_still_judged_and_unreadable_outweighs_wrong(
    run: Run, tmp_path: Path
) -> None:
    for name, (data, _, _) in BAD.items():
        (tmp_path / f"{name}.json").write_bytes(data)
    (tmp_path / "valid.json").write_text('{"buyer": "Ada"}')
    (tmp_path / "wrong.json").write_text('{"buyer": 7}')
    result = run("validate", ".", "-s", REQUEST, "--format", "json")
    assert result.exit_code == 2
    report = json.loads(result.stdout)
    assert report["summary"] == {"documents": 2, "valid": 1, "errors": 1, "warnings": 0}
    assert {Path(one["file"]).stem for one in report["unreadable"]} == set(BAD)
    assert all(one["message"] for one in report["unreadable"])


@pytest.mark.parametrize("detected", [True, False])
def test_a_bad_line_leaves_the_other_lines_to_be_judged(
    run: Run, tmp_path: Path, *, detected: bool
) -> None:
    (tmp_path / "all.jsonl").write_text(
        '{"buyer": "Ada"}\n{"buyer": }\n{"buyer": 7, "pieces": 1}\n'
    )
    schema = [] if detected else ["-s", REQUEST]
    result = run("validate", "all.jsonl", "--format", "json", *schema)
    report = json.loads(result.stdout)
    assert report["summary"]["documents"] == 2
    assert [one["line"] for one in report["findings"]] == [3]
    assert [one["line"] for one in report["unreadable"]] == [2]


def test_a_missing_file_is_told(run: Run) -> None:
    result = run("validate", "gone.json", "-s", REQUEST)
    assert result.exit_code == 2
    assert result.stderr.startswith("gone.json: no such file or folder\n")


def test_a_folder_without_json_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("nothing here")
    result = run("validate", "notes", "-s", REQUEST)
    assert result.exit_code == 2
    assert result.stderr.startswith("notes: the folder holds no JSON\n")


@pytest.mark.parametrize("form", ["json", "junit", "sarif", "github"])
def test_every_form_names_what_could_not_be_read(run: Run, form: str) -> None:
    result = run("validate", "gone.json", "-s", REQUEST, "--format", form)
    assert result.exit_code == 2
    assert "gone.json" in result.stdout
    assert "no such file" in result.stdout


def test_a_spec_tree_without_contracts_cannot_tell_schemas(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    result = run("--spec", "bare", "validate", input="{}")
    assert result.exit_code == 2
    assert "there is no contract in bare" in result.stderr
