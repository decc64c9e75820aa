"""The command `lint`: problems on standard output, exit code 0, 1 or 2."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

CLEAN = "openapi: 3.1.0\ninfo: {title: Orders, version: '1'}\npaths: {}\n"
BROKEN = CLEAN.replace("title: Orders, ", "")
WARNED = CLEAN + "components: {schemas: {A: {minimun: 1}}}\n"

pytestmark = pytest.mark.usefixtures("tree")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a spec tree with one clean and one broken contract."""
    for name, text in (("clean", CLEAN), ("broken", BROKEN)):
        (tmp_path / "spec" / name).mkdir(parents=True)
        (tmp_path / "spec" / name / "openapi.yaml").write_text(text, "utf-8")
    return tmp_path


def test_a_clean_contract_exits_with_0(run: Run) -> None:
    done = run("--spec", "spec", "lint", "clean")
    assert (done.exit_code, done.stdout) == (0, "1 file: 0 errors, 0 warnings\n")


def test_a_problem_exits_with_1_and_names_its_place(run: Run) -> None:
    done = run("--spec", "spec", "lint", "broken")
    assert done.exit_code == 1
    assert done.stdout.startswith("spec/broken/openapi.yaml:2:1: error: ")
    assert "at        /info" in done.stdout


def test_without_a_path_every_contract_of_the_tree_is_linted(run: Run) -> None:
    done = run("--spec", "spec", "lint", "--format", "json")
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert report["summary"] == {"files": 2, "errors": 1, "warnings": 0}
    assert (report["format"], report["command"]) == (1, "lint")
    (finding,) = report["findings"]
    assert (finding["file"], finding["line"], finding["column"], finding["clause"]) == (
        "spec/broken/openapi.yaml",
        2,
        1,
        "lint/openapi",
    )


@pytest.mark.parametrize("path", ["spec/clean", "spec/clean/openapi.yaml"])
def test_a_folder_or_a_file_is_linted_too(run: Run, path: str) -> None:
    assert run("lint", path).exit_code == 0


def test_warnings_alone_exit_with_0(run: Run, tree: Path) -> None:
    (tree / "other.yaml").write_text(WARNED, "utf-8")
    done = run("lint", "other.yaml")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "1 file: 0 errors, 1 warning")


@pytest.mark.parametrize("path", ["none.yaml", "spec", "text.yaml"])
def test_what_cannot_be_read_exits_with_2(run: Run, tree: Path, path: str) -> None:
    (tree / "text.yaml").write_text("a text", "utf-8")
    done = run("lint", path)
    assert (done.exit_code, done.stdout.replace("0 files: 0 errors, 0 warnings\n", "")) == (2, "")
    assert path in done.stderr
    assert "Traceback" not in done.stderr


def test_a_contract_that_cannot_be_read_does_not_hide_the_others(run: Run, tree: Path) -> None:
    (tree / "spec" / "empty").mkdir()
    done = run("--spec", "spec", "lint")
    assert done.exit_code == 2
    assert "spec/empty/openapi.yaml" in done.stderr
    assert "spec/broken/openapi.yaml:2:1: error" in done.stdout
